"""What Google's bills are known to trip readers over, from landed rows to the cost basis. How rows are delivered: tests/sources."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.contracts.gcp import CONSOLE_DAYS, INVOICE_MONTHS, PRICES
from costsieve.contracts.table import Table
from costsieve.core.derived import compute_resource_costs
from costsieve.core.gcp_commitments import attribute_commitments
from costsieve.core.gcp_pages import create_page_views
from costsieve.core.gcp_prices import compute_sku_prices
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import GCP_ROW
from tests.core.conftest import Lake


def changed(**columns: str) -> str:
    """The common row with other columns, given as SQL."""
    present = {name: value for name, value in columns.items() if f" AS {name}" in GCP_ROW}
    added = "".join(f", {value} AS {name}" for name, value in columns.items() if name not in present)
    replaced = ", ".join(f"{value} AS {name}" for name, value in present.items())
    return f"SELECT *{f' REPLACE ({replaced})' if replaced else ''}{added} FROM ({GCP_ROW})"


def land(lake: Lake, *rows: str, period: str = "2026-09-30") -> None:
    lake.land(" UNION ALL BY NAME ".join(rows), period, source_type="gcp_billing", source="gcp-bill")
    lake.create_views()


def one(lake: Lake, sql: str) -> tuple[Any, ...]:
    (row,) = lake.connection.sql(sql).fetchall()
    return tuple(row)


def test_credits_are_summed_by_type_and_every_type_has_a_sum(lake: Lake) -> None:
    types = [
        *("PROMOTION", "COMMITTED_USAGE_DISCOUNT", "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", "FEE_UTILIZATION_OFFSET"),
        *("SUSTAINED_USAGE_DISCOUNT", "FREE_TIER", "SUBSCRIPTION_BENEFIT", "RESELLER_MARGIN", "DISCOUNT", "SPENDING_BASED_DISCOUNT", "NEW"),
    ]
    credits_ = ", ".join(f"{{'type': '{type_}', 'name': 'c', 'amount': {-(2.0**n)}}}" for n, type_ in enumerate(types))
    land(lake, changed(credits=f"[{credits_}]"))

    assert one(
        lake,
        "SELECT promotion_credits, commitment_credits, spend_commitment_credits, fee_offset_credits, discount_credits,"
        " sustained_use_credits, free_tier_credits, subscription_benefit_credits, reseller_margin_credits, negotiated_credits"
        " FROM raw.gcp_billing",
    ) == (-1, -6, -4, -8, -2032, -16, -32, -64, -128, -1792)
    assert one(lake, "SELECT sum(BilledCost) FROM core.charges") == (Decimal("1.5") - 2047,)


def test_credits_of_before_september_2020_are_told_by_name(lake: Lake) -> None:
    named = "[{'name': 'Committed Usage Discount: CPU', 'amount': -2.0}, {'name': 'Sustained Usage Discount', 'amount': -1.0}]"
    land(lake, changed(credits=named))

    columns = "commitment_credits, spend_commitment_credits, sustained_use_credits, negotiated_credits"
    assert one(lake, f"SELECT {columns} FROM raw.gcp_billing") == (-2, 0, -1, 0)


def test_sums_are_those_of_numeric_and_do_not_drift_as_floats_do(lake: Lake) -> None:
    """Google's own example of a sum in FLOAT64 that shows 1005.004833 where NUMERIC says 1005.00."""
    row = changed(cost="0.1::DOUBLE", credits="[{'type': 'DISCOUNT', 'name': 'c', 'amount': -0.0005::DOUBLE}]")
    land(lake, f"SELECT bill.* FROM ({row}) AS bill, range(1000)")

    assert one(lake, "SELECT sum(BilledCost) FROM core.charges") == (Decimal("99.5"),)


def test_late_usage_is_on_the_day_it_was_used_and_on_the_invoice_it_was_billed(lake: Lake) -> None:
    land(lake, changed(usage_start_time="TIMESTAMPTZ '2026-08-31 23:00:00+00'", invoice="{'month': '202609'}"), period="2026-09-02")

    columns = "ChargePeriodStart::DATE, BillingPeriodStart::DATE, InvoiceId"
    assert one(lake, f"SELECT DISTINCT {columns} FROM core.charges") == (date(2026, 8, 31), date(2026, 9, 1), "202609")


def test_identical_rows_are_all_billed(lake: Lake) -> None:
    land(lake, changed(credits="[]"), changed(credits="[]"))

    assert one(lake, "SELECT count(*), sum(BilledCost) FROM core.charges") == (2, 3)


def test_a_negation_and_its_restatement_of_a_later_load_net_out_day_by_day(lake: Lake) -> None:
    correction = "{'type': 'USAGE_CORRECTION', 'mode': 'COMPLETE_NEGATION_WITH_REMONETIZATION'}"
    land(lake, changed(credits="[]"))
    later = {"credits": "[]", "invoice": "{'month': '202610'}", "adjustment_info": correction}
    land(
        lake,
        changed(cost="-1.5::DOUBLE", usage="{'amount_in_pricing_units': -8.0, 'pricing_unit': 'hour'}", **later),
        changed(cost="1.2::DOUBLE", usage="{'amount_in_pricing_units': 6.4, 'pricing_unit': 'hour'}", **later),
        period="2026-10-04",
    )
    roll_up_changes(lake.connection, Allocation())

    days = "SELECT usage_date, sum(consumed_quantity), sum(BilledCost) FROM core.daily_cost GROUP BY usage_date"
    assert one(lake, days) == (date(2026, 9, 30), Decimal("6.4"), Decimal("1.2"))
    invoices = "SELECT InvoiceId, sum(BilledCost) FROM core.daily_cost GROUP BY InvoiceId ORDER BY InvoiceId"
    assert lake.connection.sql(invoices).fetchall() == [("202609", Decimal("1.5")), ("202610", Decimal("-0.3"))]
    assert one(lake, "SELECT count(*) FROM core.charges WHERE ChargeClass = 'Correction'") == (2,)


def test_taxes_and_support_have_no_project_and_are_not_lost(lake: Lake) -> None:
    nothing = "NULL::STRUCT(name VARCHAR, global_name VARCHAR)"
    nobody = {"project": "NULL::STRUCT(id VARCHAR, name VARCHAR)", "credits": "[]", "resource": nothing}
    support = "{'id': '2062-016F-44A2', 'description': 'Support'}"
    land(lake, changed(cost_type="'tax'", **nobody), changed(service=support, **nobody))
    roll_up_changes(lake.connection, Allocation())

    pools = "SELECT x_pool, SubAccountId, BilledCost FROM core.daily_cost ORDER BY x_pool"
    assert lake.connection.sql(pools).fetchall() == [("support", None, Decimal("1.5")), ("tax", None, Decimal("1.5"))]


def test_one_usage_in_two_rows_of_the_new_model_is_one_resource(lake: Lake) -> None:
    flexible = "{'id': '1500-0ADF-2CC0', 'description': 'Compute Flexible CUDs 1 Year'}"
    default = "{'id': '7754-699E-0EBF', 'description': 'Default'}"
    land(lake, changed(credits="[]", consumption_model=default), changed(credits="[]", consumption_model=flexible, cost="1.0::DOUBLE"))
    roll_up_changes(lake.connection, Allocation())
    attribute_commitments(lake.connection)
    compute_resource_costs(lake.connection, date(2026, 10, 1))

    assert one(lake, "SELECT ResourceId, monthly_cost, monthly_committed_cost FROM core.resource_costs") == ("4711", Decimal("2.5"), 1)


def test_the_standard_export_has_costs_without_resources(lake: Lake) -> None:
    lake.land(f"SELECT * EXCLUDE (resource) FROM ({GCP_ROW})", "2026-09-30", source_type="gcp_billing")
    lake.create_views()

    assert one(lake, "SELECT DISTINCT ResourceId, SubAccountId FROM core.charges") == (None, "ml-prod")


@pytest.mark.parametrize("table", [INVOICE_MONTHS, CONSOLE_DAYS], ids=lambda table: table.full_name)
def test_pages_of_google_add_up_to_the_charges_and_have_the_contract_columns(lake: Lake, table: Table) -> None:
    land(lake, GCP_ROW, changed(cost_type="'tax'", credits="[]"), changed(usage_start_time="TIMESTAMPTZ '2026-10-01 03:00:00+00'"))
    create_page_views(lake.connection)

    by_month = "SELECT InvoiceId, BillingCurrency, sum({}) FROM {} GROUP BY ALL ORDER BY ALL"
    shown = lake.connection.sql(by_month.format("total", table.full_name)).fetchall()
    assert shown == lake.connection.sql(by_month.format("BilledCost", "core.charges")).fetchall()
    described = lake.connection.execute(f"DESCRIBE {table.full_name}").fetchall()
    assert [name for name, *_ in described] == list(table.column_names)


FEE = changed(
    sku="{'id': 'FEE', 'description': 'Commitment v1: N2 Cpu in Americas for 1 Year'}",
    resource="NULL::STRUCT(name VARCHAR, global_name VARCHAR)",
    credits="[]",
    cost="1.2::DOUBLE",
    usage="{'amount_in_pricing_units': 12.0::DOUBLE, 'pricing_unit': 'hour'}",
)
COVERED = changed(credits="[{'type': 'COMMITTED_USAGE_DISCOUNT', 'name': 'CUD', 'amount': -1.5::DOUBLE}]")


def test_a_covered_machine_costs_its_part_of_the_fee_and_the_rest_of_the_fee_is_shown_as_unused(lake: Lake) -> None:
    """8 of 12 committed core hours were used: 0.8 of the fee of 1.2."""
    land(lake, FEE, COVERED)
    roll_up_changes(lake.connection, Allocation())

    assert attribute_commitments(lake.connection) == 2
    compute_resource_costs(lake.connection, date(2026, 10, 1))

    parts = "SELECT CommitmentDiscountStatus, ResourceId, attributed_cost FROM core.commitment_attribution ORDER BY ALL"
    assert lake.connection.sql(parts).fetchall() == [("Unused", None, Decimal("0.4")), ("Used", "4711", Decimal("0.8"))]
    columns = "monthly_list_cost, monthly_cost, monthly_committed_cost, monthly_instance_cost"
    assert one(lake, f"SELECT {columns} FROM core.resource_costs") == (Decimal("1.5"), Decimal("0.8"), Decimal("0.8"), Decimal("0.8"))


PRICE = """
SELECT
    TIMESTAMPTZ '2026-09-30 08:00:00+00' AS export_time,
    TIMESTAMPTZ '2026-09-30 07:00:00+00' AS pricing_as_of_time,
    '01D3M0-C0575E-15E7E5' AS billing_account_id,
    {'id': '6F81-5844-456A', 'description': 'Cloud Storage'} AS service,
    {'id': '4DBF-185F-A415', 'description': 'Class A operations'} AS sku,
    {'type': 'MULTI_REGIONAL', 'regions': ['us-central1', 'us-east1']} AS geo_taxonomy,
    'count' AS pricing_unit,
    'USD' AS account_currency_code,
    {'tiered_rates': [
        {'pricing_unit_quantity': 10000::DECIMAL(38, 9), 'start_usage_amount': 0::DECIMAL(38, 9),
         'usd_amount': 0::DECIMAL(38, 9), 'account_currency_amount': 0::DECIMAL(38, 9)},
        {'pricing_unit_quantity': 10000::DECIMAL(38, 9), 'start_usage_amount': 5000::DECIMAL(38, 9),
         'usd_amount': 0.05::DECIMAL(38, 9), 'account_currency_amount': 0.05::DECIMAL(38, 9)}
    ]} AS list_price
"""


def test_prices_of_many_units_become_prices_of_one_per_tier(lake: Lake) -> None:
    lake.land(PRICE.replace("08:00", "09:00"), "2026-09-29", source_type="gcp_pricing", source="prices")
    lake.land(PRICE, "2026-09-30", source_type="gcp_pricing", source="prices")

    assert compute_sku_prices(lake.connection, lake.home) == 2
    columns = "tier_start, list_price, contract_price, pricing_unit, regions"
    assert lake.connection.sql(f"SELECT {columns} FROM core.sku_prices ORDER BY tier_start").fetchall() == [
        (0, 0, None, "count", ["us-central1", "us-east1"]),
        (5000, Decimal("0.000005"), None, "count", ["us-central1", "us-east1"]),
    ]
    described = lake.connection.execute(f"DESCRIBE {PRICES.full_name}").fetchall()
    assert [(name, type_) for name, type_, *_ in described] == [(column.name, column.type) for column in PRICES.columns]


def test_without_a_pricing_export_there_are_no_prices(lake: Lake) -> None:
    assert compute_sku_prices(lake.connection, lake.home) == 0
