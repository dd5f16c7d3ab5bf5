from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from costsieve.contracts import raw
from costsieve.contracts.table import Table
from tests.core.bills import CUR_ROW, GCP_ROW
from tests.core.conftest import Lake


@pytest.mark.parametrize("table", [raw.AWS_CUR, raw.GCP_BILLING], ids=lambda table: table.full_name)
def test_view_of_no_bill_is_empty_and_has_the_contract_columns(lake: Lake, table: Table) -> None:
    lake.create_views()
    assert described(lake, table.full_name) == [(column.name, column.type) for column in table.columns]
    assert lake.connection.sql(f"FROM {table.full_name}").fetchall() == []


@pytest.mark.parametrize(("table", "row"), [(raw.AWS_CUR, CUR_ROW), (raw.GCP_BILLING, GCP_ROW)], ids=["AWS", "GCP"])
def test_delivered_columns_are_cast_and_missing_ones_are_typed_nulls(lake: Lake, table: Table, row: str) -> None:
    lake.land(row, "2026-09", source_type="aws_cur" if table is raw.AWS_CUR else "gcp_billing")
    lake.create_views()
    assert described(lake, table.full_name) == [(column.name, column.type) for column in table.columns]


def test_source_and_period_come_from_the_folders(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-09")
    lake.create_views()
    assert one(lake, "SELECT x_source, x_period FROM raw.aws_cur") == ("org-bill", "2026-09")


def test_columns_that_only_some_months_have_are_null_in_the_others(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-08")
    lake.land(f"SELECT *, 0.09::DOUBLE AS line_item_net_unblended_cost FROM ({CUR_ROW})", "2026-09")
    lake.create_views()
    rows = lake.connection.sql("SELECT x_period, line_item_net_unblended_cost FROM raw.aws_cur ORDER BY x_period").fetchall()
    assert rows == [("2026-08", None), ("2026-09", Decimal("0.09"))]


def test_amounts_are_decimal_row_by_row_so_that_sums_do_not_drift(lake: Lake) -> None:
    lake.land(f"SELECT bill.* FROM ({CUR_ROW}) AS bill, range(1000)", "2026-09")
    lake.create_views()
    assert one(lake, "SELECT sum(line_item_unblended_cost) FROM raw.aws_cur") == (Decimal(100),)


@pytest.mark.parametrize("amount", ["12345.6789012345", "-98765.0123456789", "1048576.123456789", "4095.123456789012", "1E-12"])
def test_a_double_becomes_the_decimal_that_it_was_written_as(lake: Lake, amount: str) -> None:
    lake.land(f"SELECT * REPLACE ({amount}::DOUBLE AS line_item_unblended_cost) FROM ({CUR_ROW})", "2026-09")
    lake.create_views()
    assert one(lake, "SELECT line_item_unblended_cost FROM raw.aws_cur") == (Decimal(amount),)


@pytest.mark.parametrize("amount", ["12345.6789012345", "-98765.0123456789"])
def test_costs_and_credits_of_gcp_become_the_decimals_that_they_were_written_as(lake: Lake, amount: str) -> None:
    given = f"[{{'name': 'Trial', 'amount': {amount}::DOUBLE, 'type': 'PROMOTION'}}]"
    lake.land(f"SELECT * REPLACE ({amount}::DOUBLE AS cost, {given} AS credits) FROM ({GCP_ROW})", "2026-09", source_type="gcp_billing")
    lake.create_views()
    assert one(lake, "SELECT cost, promotion_credits FROM raw.gcp_billing") == (Decimal(amount), Decimal(amount))


def test_a_blank_amount_is_no_amount(lake: Lake) -> None:
    lake.land(f"SELECT * REPLACE (NULL::DOUBLE AS line_item_unblended_cost) FROM ({CUR_ROW})", "2026-09")
    lake.create_views()
    assert one(lake, "SELECT line_item_unblended_cost FROM raw.aws_cur") == (Decimal(0),)


def test_only_current_versions_are_read(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-09", "v1")
    lake.land(f"SELECT * REPLACE (7::DOUBLE AS line_item_unblended_cost) FROM ({CUR_ROW})", "2026-09", "v2")
    lake.create_views()
    assert one(lake, "SELECT line_item_unblended_cost FROM raw.aws_cur") == (Decimal(7),)


def test_time_stamps_are_utc_whatever_the_time_zone_of_the_reader(lake: Lake) -> None:
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    lake.connection.execute("SET TimeZone = 'America/Los_Angeles'")
    assert one(lake, "SELECT usage_start_time FROM raw.gcp_billing") == (datetime(2026, 9, 30, 3),)  # noqa: DTZ001 - TIMESTAMP is naive


def test_records_of_the_export_are_flattened(lake: Lake) -> None:
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    columns = (
        "invoice_month, service_description, sku_id, project_id, location_region, resource_name, usage_pricing_unit, machine_spec, labels"
    )
    assert one(lake, f"SELECT {columns} FROM raw.gcp_billing") == (
        "202609",
        "Compute Engine",
        "0001",
        "ml-prod",
        "us-central1",
        "vm",
        "hour",
        "n2-standard-8",
        {"team": "vision"},
    )


def test_credits_are_summed_by_kind_without_repeating_the_row(lake: Lake) -> None:
    lake.land(GCP_ROW, "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    kinds = "promotion_credits, commitment_credits, fee_offset_credits, discount_credits"
    assert one(lake, "SELECT count(*), sum(cost) FROM raw.gcp_billing") == (1, Decimal("1.5"))
    assert one(lake, f"SELECT {kinds} FROM raw.gcp_billing") == (Decimal("-0.5"), Decimal("-0.3"), Decimal("-0.05"), Decimal("-0.04"))


def test_credits_before_september_2020_have_only_a_name(lake: Lake) -> None:
    named = "[{'name': 'Committed Usage Discount: RAM', 'amount': -2.0}, {'name': 'Sustained Usage Discount', 'amount': -1.0}]"
    lake.land(f"SELECT * REPLACE ({named} AS credits) FROM ({GCP_ROW})", "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    assert one(lake, "SELECT commitment_credits, discount_credits FROM raw.gcp_billing") == (Decimal(-2), Decimal(-1))


def test_a_row_without_credits_has_credits_of_zero(lake: Lake) -> None:
    lake.land(f"SELECT * REPLACE ([] AS credits) FROM ({GCP_ROW})", "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    assert one(lake, "SELECT promotion_credits + commitment_credits FROM raw.gcp_billing") == (Decimal(0),)


def test_a_repeated_label_key_keeps_its_first_value(lake: Lake) -> None:
    labels = "[{'key': 'team', 'value': 'vision'}, {'key': 'team', 'value': 'speech'}]"
    lake.land(f"SELECT * REPLACE ({labels} AS labels) FROM ({GCP_ROW})", "2026-09-30", source_type="gcp_billing")
    lake.create_views()
    assert one(lake, "SELECT labels FROM raw.gcp_billing") == ({"team": "vision"},)


def described(lake: Lake, view: str) -> list[tuple[str, str]]:
    columns = lake.connection.execute(f"DESCRIBE {view}").fetchall()
    return [(name, type_.replace("MAP(VARCHAR,VARCHAR)", "MAP(VARCHAR, VARCHAR)")) for name, type_, *_ in columns]


def one(lake: Lake, sql: str) -> tuple[Any, ...]:
    (row,) = lake.connection.sql(sql).fetchall()
    return tuple(row)
