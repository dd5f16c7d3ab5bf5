"""A finding as a row of results.findings, with the exact amounts and the remedy that belong to it. Nothing is priced here: see savings."""

import json
from decimal import Decimal
from typing import Any

from costsieve.findings.candidates import Judged
from costsieve.findings.remedies import fill_remedy, remedy_for
from costsieve.findings.rule import Rule
from costsieve.findings.savings import Savings
from costsieve.money import to_cents

_COPIED = (
    *("finding_id", "first_seen", "provider", "account_id", "region", "service", "resource_id", "resource_name", "resource_type"),
    *("owner", "team", "project", "environment", "target", "confidence", "confidence_reason"),
)


def finding_row(rule: Rule, row: Judged, savings: Savings | None, leading_currency: str) -> dict[str, Any]:
    """Return the row without its night; no savings where they are not known. A resource without charges counts in `leading_currency`."""
    parameters = {name: str(value) for name, value in row.parameters.items()}
    evidence = json.loads(row.evidence) | {"parameters": parameters, "savings": _exact_amounts(row, savings)}
    return {name: getattr(row, name) for name in _COPIED} | {
        "action": rule.action,
        "monthly_cost": to_cents(row.monthly_cost),
        "monthly_list_savings": savings.monthly_list_savings if savings else None,
        "monthly_savings": savings.monthly_savings if savings else None,
        "monthly_cash_savings": savings.monthly_cash_savings if savings else None,
        "accrued_cost": None if row.accrued_cost is None else to_cents(row.accrued_cost),
        "currency": row.currency or leading_currency,
        "evidence": json.dumps(evidence),
        "remedy": _remedy(rule, row),
    }


def _exact_amounts(row: Judged, savings: Savings | None) -> dict[str, str | bool]:
    """The exact amounts behind the figures, as text, so that they can be recomputed to the cent."""
    amounts = row.exact_costs
    if savings is not None and row.remaining_cost_share is not None:
        amounts |= {
            "remaining_cost_share": row.remaining_cost_share,
            "freed_committed_cost": savings.freed.committed_cost,
            "absorbed_committed_cost": Decimal(0),
        }
    return {"is_charged": row.currency is not None, **{name: format(amount.normalize(), "f") for name, amount in amounts.items()}}


def _remedy(rule: Rule, row: Judged) -> str | None:
    remedy = remedy_for(rule.remedies, row.provider, row.resource_type)
    if remedy is None:
        return None
    values = {
        "account_id": row.account_id,
        "region": row.region,
        "resource_id": row.resource_id,
        "resource_name": row.resource_name,
        "target": row.target,
        "attached_to": row.attached_to,
    }
    return json.dumps(fill_remedy(remedy, rule.id, values))
