"""A real home folder with small bills in its lake: landed with control totals, charged, rolled up and reconciled as by a night."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from costsieve.contracts.loads import LOAD_TOTALS
from costsieve.core.charges import create_charges_view
from costsieve.core.derived import compute_month_views
from costsieve.core.duplicate_charges import record_duplicate_charges
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import RollUpSummary, roll_up_changes
from costsieve.home import Home
from costsieve.quality.check_files import all_check_files
from costsieve.quality.reconciliation import compare_invoices, reconcile
from costsieve.settings import Allocation
from costsieve.sources.control_totals import control_totals
from costsieve.warehouse import Connection, Warehouse, query, replace_frame

CUR_ROW = """
SELECT
    '100000000001' AS bill_payer_account_id,
    NULL::VARCHAR AS bill_invoice_id,
    TIMESTAMP '2026-09-01' AS bill_billing_period_start_date,
    '100000000002' AS line_item_usage_account_id,
    'Usage' AS line_item_line_item_type,
    TIMESTAMP '2026-09-01 03:00:00' AS line_item_usage_start_date,
    'AmazonEC2' AS line_item_product_code,
    'BoxUsage:m5.large' AS line_item_usage_type,
    'i-1' AS line_item_resource_id,
    'USD' AS line_item_currency_code,
    1.0::DOUBLE AS line_item_unblended_cost,
    1.0::DOUBLE AS line_item_usage_amount,
    NULL::VARCHAR AS savings_plan_savings_plan_a_r_n,
    NULL::DOUBLE AS savings_plan_savings_plan_effective_cost,
    NULL::DOUBLE AS savings_plan_total_commitment_to_date,
    NULL::DOUBLE AS savings_plan_used_commitment,
    NULL::VARCHAR AS reservation_reservation_a_r_n,
    NULL::DOUBLE AS reservation_effective_cost,
    NULL::DOUBLE AS reservation_amortized_upfront_fee_for_billing_period,
    NULL::DOUBLE AS reservation_unused_amortized_upfront_fee_for_billing_period,
    NULL::DOUBLE AS reservation_unused_recurring_fee
"""

GCP_ROW = """
SELECT
    '01D3M0-C0575E-15E7E5' AS billing_account_id,
    {'month': '202609'} AS invoice,
    'regular' AS cost_type,
    {'id': '6F81-5844-456A', 'description': 'Compute Engine'} AS service,
    {'id': '0001', 'description': 'N2 Instance Core running in Americas'} AS sku,
    TIMESTAMPTZ '2026-09-30 03:00:00+00' AS usage_start_time,
    TIMESTAMPTZ '2026-09-30 04:00:00+00' AS usage_end_time,
    TIMESTAMPTZ '2026-09-30 09:00:00+00' AS export_time,
    {'id': 'ml-prod', 'name': 'ML production'} AS project,
    'EUR' AS currency,
    1.5::DOUBLE AS cost,
    {'amount_in_pricing_units': 8.0::DOUBLE, 'pricing_unit': 'hour'} AS usage,
    [{'name': 'Trial', 'amount': -0.5::DOUBLE, 'type': 'PROMOTION'}] AS credits
"""

FOCUS_ROW = """
SELECT
    '100000000001' AS BillingAccountId,
    '100000000002' AS SubAccountId,
    'AWS' AS ProviderName,
    'USD' AS BillingCurrency,
    TIMESTAMP '2026-09-01' AS BillingPeriodStart,
    TIMESTAMP '2026-09-01 03:00:00' AS ChargePeriodStart,
    'Usage' AS ChargeCategory,
    'Amazon Elastic Compute Cloud' AS ServiceName,
    3.0::DOUBLE AS BilledCost,
    3.0::DOUBLE AS EffectiveCost
"""


@dataclass(frozen=True)
class BilledHome:
    home: Home
    connection: Connection

    def land(self, select: str, source: str = "org-bill", period: str = "2026-09", version: str = "v1") -> None:
        """Land the rows of ``select`` as the current version of a period: a month of AWS, a day of GCP, or a month of FOCUS."""
        source_type = "focus" if source.startswith("focus") else "aws_cur" if len(period) == 7 else "gcp_billing"
        file = self.home.lake / source_type / f"source={source}" / f"period={period}" / f"version={version}" / "part-1.parquet"
        file.parent.mkdir(parents=True)
        self.connection.sql(select).write_parquet(str(file))
        key = {"source": source, "period": period, "version": version}
        self.connection.execute("UPDATE meta.loads SET is_current = false WHERE source = ? AND period = ?", [source, period])
        self.connection.execute(
            "INSERT INTO meta.loads SELECT ?, ?, ?, ?, [?], count(*), 0, TIMESTAMP '2026-10-01', true FROM read_parquet(?)",
            [source, source_type, period, version, str(file.relative_to(self.home.root)), str(file)],
        )
        totals = control_totals(self.connection, source_type, [file], source)
        replace_frame(self.connection, LOAD_TOTALS, totals.with_columns(**{name: pl.lit(value) for name, value in key.items()}), key)

    def roll_up(self) -> RollUpSummary:
        record_duplicate_charges(self.connection)
        create_raw_views(self.connection, self.home, Allocation())
        create_charges_view(self.connection)
        summary = roll_up_changes(self.connection, Allocation())
        compute_month_views(self.connection)
        return summary

    def reconcile(self, invoices: Path | None = None) -> None:
        self.roll_up()
        reconcile(self.connection)
        compare_invoices(self.connection, invoices)

    def offending(self, check: str, as_of: str = "2026-10-03") -> list[dict[str, Any]]:
        """Return the rows that a check of sql/quality selects under its own thresholds."""
        file = next(each for each in all_check_files() if each.check_name == check)
        values = {"as_of": as_of, **{name: parameter.value for name, parameter in file.params.items()}}
        return query(self.connection, file.sql, {name: values[name] for name in file.bound}).to_dicts()

    def rows(self, sql: str) -> list[Any]:
        return self.connection.sql(sql).fetchall()


@contextmanager
def billed_home(warehouse: Warehouse) -> Iterator[BilledHome]:
    with warehouse.connect() as connection:
        yield BilledHome(warehouse.home, connection)


def cur_rows(*rows: str) -> str:
    """Return a CUR of rows that replace some columns of a common one, such as ``2 AS line_item_unblended_cost``."""
    return " UNION ALL BY NAME ".join(f"SELECT * REPLACE ({row}) FROM ({CUR_ROW})" for row in rows)


def gcp_rows(*rows: str) -> str:
    """Return a GCP export of rows that replace some columns of a common one."""
    return " UNION ALL BY NAME ".join(f"SELECT * REPLACE ({row}) FROM ({GCP_ROW})" for row in rows)
