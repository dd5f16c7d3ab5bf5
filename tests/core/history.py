"""Nights in short: small AWS bills as rows of text, landed, rolled up, kept and published."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from costsieve.core.known_costs import KnownNight, record_known_costs
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from costsieve.warehouse import Connection
from tests.core.conftest import Lake


@dataclass(frozen=True)
class Line:
    """One line item of 30 September of account 444455556666, on demand unless said otherwise."""

    cost: str
    kind: str = "Usage"
    effective: str = "0"
    product: str = "AmazonEC2"
    account: str = "444455556666"
    invoice: str = ""
    currency: str = "USD"
    day: str = "2026-09-30"

    def select(self) -> str:
        return f"""
            SELECT '111122223333' AS bill_payer_account_id, TIMESTAMP '2026-09-01' AS bill_billing_period_start_date,
                '{self.invoice}' AS bill_invoice_id, '{self.account}' AS line_item_usage_account_id,
                '{self.kind}' AS line_item_line_item_type, TIMESTAMP '{self.day} 03:00:00' AS line_item_usage_start_date,
                '{self.product}' AS line_item_product_code, 'BoxUsage:m5.large' AS line_item_usage_type,
                '{self.currency}' AS line_item_currency_code, {self.cost}::DECIMAL(38, 12) AS line_item_unblended_cost,
                {self.effective}::DECIMAL(38, 12) AS savings_plan_savings_plan_effective_cost"""


def bill(lines: Iterable[Line]) -> str:
    return " UNION ALL ".join(line.select() for line in lines)


def keep(lake: Lake, as_of: date) -> KnownNight | None:
    """The night of ``as_of``: rolls up what is in the lake, and keeps and publishes it."""
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    night = record_known_costs(lake.connection, as_of)
    mark_published(lake.connection, as_of)
    return night


def mark_published(connection: Connection, as_of: date) -> None:
    connection.execute("DELETE FROM meta.nights WHERE as_of = ?", [as_of])
    connection.execute("INSERT INTO meta.nights VALUES (?, ?, '1', 0, 0, 0)", [as_of, datetime(as_of.year, as_of.month, as_of.day, 3)])  # noqa: DTZ001 - TIMESTAMP is naive
