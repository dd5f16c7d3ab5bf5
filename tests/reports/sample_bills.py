"""Reconciliation, history, sources and quarantines for the sample night, in real contract tables and worked by hand.

org-bill delivered 260 line items of 1885.25 for September, all of them counted. member-bill delivered 40 of them, 500.00, once more: left
out. September's invoice says 1885.25; August's has no bill.

Of 20 September, 100.00 in 10 line items were known since the night of 24 September. The night of 30 September knew a credit of -5.00, and
this night knows a late line item of 3.10: 95.00 becomes 98.10 since the last night, 100.00 becomes 98.10 in a week.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from costsieve.contracts import quality as quality_contracts
from costsieve.contracts.costs import MONTH_VIEWS
from costsieve.contracts.loads import DUPLICATE_CHARGES
from costsieve.contracts.nights import KNOWN_NIGHTS, KNOWN_PERIODS, NIGHTS, QUARANTINES, SOURCE_READS
from costsieve.contracts.roll_ups import KNOWN_COSTS
from costsieve.warehouse import Connection
from tests.reports.sample_night import ACCOUNT, AS_OF, PREVIOUS, Value, insert

WEEK_AGO = date(2026, 9, 24)
PAYER = "100000000001"


def compared(source: str, charge_type: str, count: int, cost: str, **columns: Value) -> dict[str, Any]:
    """One row of quality.reconciliation that agrees, unless told otherwise."""
    amount = Decimal(cost)
    return {
        "source": source,
        "period": "2026-09",
        "provider": "AWS",
        "billing_account_id": PAYER,
        "sub_account_id": ACCOUNT,
        "billing_month": "2026-09",
        "currency": "USD",
        "charge_type": charge_type,
        "left_out_rows": 0,
        "left_out_cost": Decimal(0),
        "difference": Decimal(0),
        **dict.fromkeys(("delivered_rows", "core_rows", "daily_rows"), count),
        **dict.fromkeys(("delivered_cost", "core_cost", "daily_cost"), amount),
        **columns,
    }


def add_reconciliation(connection: Connection, **difference: Value) -> None:
    """The bills as described above; ``difference`` replaces columns of the tax."""
    nothing: dict[str, Value] = {"core_rows": 0, "daily_rows": 0, "core_cost": Decimal(0), "daily_cost": Decimal(0)}
    insert(
        connection,
        quality_contracts.RECONCILIATION,
        compared("org-bill", "Usage", 240, "1824.05"),
        compared("org-bill", "Tax", 10, "91.20", **difference),
        compared("org-bill", "Credit", 10, "-30.00"),
        compared("member-bill", "Usage", 40, "500.00", **nothing, left_out_rows=40, left_out_cost=Decimal(500)),
    )
    add_duplicates(connection)
    insert(connection, quality_contracts.INVOICES, invoice(2, "2026-09", "1885.25", "0"), invoice(3, "2026-08", "900.00", None))
    month = {"x_source": "org-bill", "ProviderName": "AWS", "BillingAccountId": PAYER, "BillingCurrency": "USD", "charge_count": 260}
    views = {"BilledCost": "1885.25", "EffectiveCost": "1890.00", "x_net_effective_cost": "1885.25", "ListCost": "2400.00"}
    amounts = {name: Decimal(value) for name, value in views.items()}
    rest = dict.fromkeys(("ContractedCost", "upfront_purchases", "amortised_upfront", "shared_commitment_cost"), Decimal(0))
    insert(connection, MONTH_VIEWS, {**month, **amounts, **rest, "billing_month": "2026-09", "usage_month": "2026-09"})


def add_duplicates(connection: Connection) -> None:
    """What member-bill delivered once more."""
    left_out = {"source": "member-bill", "period": "2026-09", "billing_account_id": PAYER, "sub_account_id": ACCOUNT, "currency": "USD"}
    about = {"billing_month": "2026-09", "kept_source": "org-bill", "row_count": 40, "billed_cost": Decimal(500)}
    insert(connection, DUPLICATE_CHARGES, {**left_out, **about})


def invoice(line: int, month: str, cost: str, difference: str | None) -> dict[str, Any]:
    """One row of quality.invoices; no difference means that no bill is loaded."""
    billed = None if difference is None else Decimal(cost) + Decimal(difference)
    amounts = {"invoice_cost": Decimal(cost), "billed_cost": billed, "difference": None if difference is None else Decimal(difference)}
    key = {"file_line": line, "billing_account_id": PAYER, "billing_month": month, "currency": "USD", "smallest_unit": Decimal("0.01")}
    return {**key, **amounts}


def known(cost: str, known_from: date, **columns: Value) -> dict[str, Any]:
    """One row of core.known_costs: usage of 20 September, still known, unless told otherwise."""
    amounts = dict.fromkeys(("BilledCost", "EffectiveCost", "x_net_effective_cost"), Decimal(cost))
    return {
        "x_source": "org-bill",
        "x_period": "2026-09",
        "ProviderName": "AWS",
        "billing_month": "2026-09",
        "usage_date": date(2026, 9, 20),
        "BillingAccountId": PAYER,
        "SubAccountId": ACCOUNT,
        "ServiceName": "AmazonEC2",
        "x_charge_type": "Usage",
        "x_pool": "usage",
        "PricingCategory": "Standard",
        "BillingCurrency": "USD",
        "is_invoiced": False,
        "charge_count": 10,
        **amounts,
        "known_from": known_from,
        **columns,
    }


def add_history(connection: Connection, *nights: date) -> None:
    """What the nights knew, as described above; only ``nights`` (default: all three) are remembered."""
    credit: dict[str, Value] = {"x_charge_type": "Credit", "x_pool": "credit", "charge_count": 1, "PricingCategory": None}
    insert(
        connection,
        KNOWN_COSTS,
        known("100.00", WEEK_AGO, known_until=AS_OF),
        known("103.10", AS_OF, charge_count=11),
        known("-5.00", PREVIOUS, **credit),
    )
    read = {"source": "org-bill", "period": "2026-09", "definition": "same"}
    spans = ((WEEK_AGO, PREVIOUS), (PREVIOUS, AS_OF), (AS_OF, None))
    rows = [{**read, "version": f"v{first}", "known_from": first, "known_until": until} for first, until in spans]
    insert(connection, KNOWN_PERIODS, *rows)
    counts = {"compared_periods": 1, "opened_rows": 1, "closed_rows": 1}
    insert(connection, KNOWN_NIGHTS, *({"as_of": night, **counts} for night in nights or (WEEK_AGO, PREVIOUS, AS_OF)))
    add_night(connection, WEEK_AGO)


def add_night(connection: Connection, night: date) -> None:
    """A night that published."""
    published = {"published_at": datetime(2026, 9, 24, 3), "costsieve_version": "0.1.0"}  # noqa: DTZ001 - UTC by contract
    insert(connection, NIGHTS, {"as_of": night, **published, "loads_changed": 1, "checks_passed": 3, "checks_warned": 0})


def add_failed_source(connection: Connection, message: str = "Access denied to s3://costs.") -> None:
    """gcp-bill was read on 28 September, and not since."""
    read = {"source": "gcp-bill", "source_type": "gcp_billing", "latest_period": "2026-09-28"}
    nights = [(AS_OF - timedelta(days=3), "read", None), (AS_OF - timedelta(days=2), "failed", message), (AS_OF, "failed", message)]
    insert(connection, SOURCE_READS, *({**read, "as_of": night, "outcome": outcome, "message": why} for night, outcome, why in nights))


def add_quarantine(connection: Connection, **columns: Value) -> None:
    """September of org-bill is held at the version that was landed on 28 September."""
    held = {"as_of": AS_OF, "source": "org-bill", "period": "2026-09", "reason": "doubled by the provider", "until": date(2026, 10, 5)}
    insert(connection, QUARANTINES, {**held, "state": "held", **columns})
    connection.execute(
        "INSERT INTO meta.loads VALUES"
        " ('org-bill', 'aws_cur', '2026-09', 'run-7', [], 260, 1, TIMESTAMP '2026-09-28 03:00:00', true),"
        " ('org-bill', 'aws_cur', '2026-09', 'run-8', [], 520, 1, TIMESTAMP '2026-10-01 03:00:00', false)"
    )
