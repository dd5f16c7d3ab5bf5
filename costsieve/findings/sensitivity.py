"""How much hangs on the thresholds: every rule on the published night at each preset. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from costsieve.errors import CostsieveError
from costsieve.findings.candidates import Judged
from costsieve.findings.evaluation import Verdict, verdicts_of
from costsieve.findings.parameters import applied_parameters
from costsieve.findings.rule import Rule, load_rules
from costsieve.findings.savings import resource_costs
from costsieve.findings.waterfall import Proposal, sequence, usage_spend
from costsieve.rule_settings import PRESETS, Preset
from costsieve.settings import Settings
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

GROSS, NET = "all rules, gross", "all rules, net of overlap"
_CENTS = pl.Decimal(18, 2)


@dataclass(frozen=True)
class _Found:
    """A finding at one preset, with its price in cents; None where nobody knows what it saves."""

    rule: Rule
    preset: Preset
    judged: Judged
    currency: str
    savings: Decimal | None


def sensitivity(connection: Connection, settings: Settings) -> pl.DataFrame:
    """Run every rule on the latest night's tables at each preset, and count findings and monthly savings.

    What costsieve.yaml sets for a rule holds at every preset, as it does in a night; excepted findings are left out. Each rule's savings
    are gross, so they overlap; the last rows have both sums. Columns: rule, currency, and for each preset `<preset>_findings` and
    `<preset>_savings` (currency per month; null where findings do not say what they save). Raises CostsieveError before the first night.
    """
    as_of = query(connection, statement("findings/last_night.sql")).item()
    if as_of is None:
        message = "The published file has no night with findings yet. Run `costsieve night` first."
        raise CostsieveError(message)
    found = [each for rule in load_rules() for each in _found(connection, rule, as_of, settings)]
    spend = usage_spend(connection, as_of)
    rows = [
        _row(rule.id, currency, [each for each in found if each.rule == rule])
        for rule in load_rules()
        for currency in _of(rule, found, settings)
    ]
    for currency in sorted({each.currency for each in found}):
        rows += [_row(GROSS, currency, found), _net_row(currency, found, spend)]
    schema = {"rule": pl.String(), "currency": pl.String()} | {
        f"{preset}_{name}": kind for preset in PRESETS for name, kind in (("findings", pl.Int64()), ("savings", _CENTS))
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _found(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> list[_Found]:
    """A rule runs again only where a preset changes its parameters."""
    found: list[_Found] = []
    runs: list[tuple[object, list[Verdict]]] = []
    for preset in PRESETS:
        at_preset = settings.model_copy(update={"preset": preset})
        parameters = applied_parameters(rule, at_preset)
        verdicts = next((verdicts for known, verdicts in runs if known == parameters), None)
        if verdicts is None:
            verdicts = verdicts_of(connection, rule, as_of, at_preset)
            runs.append((parameters, verdicts))
        found += [
            _Found(
                rule, preset, each.judged, each.judged.currency or settings.currency, each.savings.monthly_savings if each.savings else None
            )
            for each in verdicts
            if each.outcome == "finding"
        ]
    return found


def _of(rule: Rule, found: Sequence[_Found], settings: Settings) -> list[str]:
    return sorted({each.currency for each in found if each.rule == rule}) or [settings.currency]


def _row(name: str, currency: str, found: Sequence[_Found]) -> tuple[object, ...]:
    cells: list[object] = [name, currency]
    for preset in PRESETS:
        at_preset = [each for each in found if each.preset == preset and each.currency == currency]
        known = [each.savings for each in at_preset if each.savings is not None]
        cells += [len(at_preset), sum(known, Decimal("0.00")) if known or not at_preset else None]
    return tuple(cells)


def _net_row(currency: str, found: Sequence[_Found], spend: dict[str, Decimal]) -> tuple[object, ...]:
    cells: list[object] = [NET, currency]
    for preset in PRESETS:
        proposals = [_proposal(each) for each in found if each.preset == preset and each.currency == currency and each.savings]
        cells += [len(proposals), sum((step.net_savings for step in sequence(proposals, spend)), Decimal("0.00"))]
    return tuple(cells)


def _proposal(found: _Found) -> Proposal:
    row = found.judged
    copied = ("provider", "account_id", "region", "service", "resource_id", "resource_name", "target")
    tags = ("owner", "team", "project", "environment")
    return Proposal(
        **{name: getattr(row, name) for name in (*copied, *tags, "finding_id", "confidence")},
        action=found.rule.action,
        recommendation_id=None,
        kind=found.rule.id,
        title=None,
        currency=found.currency,
        gross_savings=found.savings or Decimal(0),
        savings_after_cleanup=None,
        resource_cost=row.monthly_cost.quantize(Decimal("0.01")),
        action_cost=resource_costs(found.rule.action, row.exact_costs).action_cost,
    )
