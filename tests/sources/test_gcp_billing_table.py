"""The billing export in BigQuery: changed partitions only, with their records. Limits and refusals: test_bigquery."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from costsieve.errors import ConfigurationError, MissingExport
from costsieve.settings import GcpBillingSource
from costsieve.sources.gcp_billing import gcp_billing
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.sources.billing_table import NEW_MODEL, OLD_MODEL, BillingTable, row
from tests.sources.exports import usd


def land(warehouse: Warehouse, table: str, as_of: date = date(2026, 10, 1), **limits: int) -> LoadSummary:
    source = gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", table=table, **limits))
    return load_source(warehouse, source, as_of, datetime(2026, 10, 1, 3, tzinfo=UTC))


def test_both_commitment_models_are_read_with_their_records_and_add_up(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-29", OLD_MODEL)
    table.append("2026-09-30", NEW_MODEL)

    summary = land(warehouse, table.name)

    costs = warehouse.query("SELECT period, SUM(billed_cost) FROM meta.load_totals GROUP BY ALL ORDER BY ALL").rows()
    assert costs == [("2026-09-29", Decimal("0.240064")), ("2026-09-30", Decimal("0.240046"))]
    assert (summary.row_count, summary.totals) == (10, usd("0.480110"))
    (file,) = (warehouse.home.lake / "gcp_billing/source=gcp-bill/period=2026-09-30").rglob("*.parquet")
    covered = pl.read_parquet(file).filter(pl.col("subscription").struct.field("instance_id") == "9001")
    assert covered["consumption_model"].struct.field("description").unique().to_list() == ["Compute Flexible CUDs 1 Year"]
    assert covered["labels"].to_list() == [[{"key": "team", "value": "vision"}]] * 2


def test_columns_that_no_cost_depends_on_are_not_paid_for(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-29", OLD_MODEL)

    land(warehouse, table.name)

    (file,) = warehouse.home.lake.rglob("*.parquet")
    columns = pl.read_parquet_schema(file)
    assert "currency_conversion_rate" not in columns
    assert {"cost", "credits", "resource", "subscription", "consumption_model"} <= columns.keys()


def test_a_second_night_reads_no_partition(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-29", OLD_MODEL)
    land(warehouse, table.name)

    assert land(warehouse, table.name, as_of=date(2026, 10, 2)).changed_periods == ()


def test_only_a_partition_with_later_rows_is_read_again(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-29", OLD_MODEL)
    table.append("2026-09-30", NEW_MODEL)
    land(warehouse, table.name)
    table.append("2026-09-29", [row("Storage PD Capacity", 1.0, export_time="2026-09-29T18:00:00Z")])

    summary = land(warehouse, table.name)

    assert (summary.changed_periods, summary.row_count) == (("2026-09-29",), 11)
    current = warehouse.query("SELECT version FROM meta.loads WHERE is_current ORDER BY period").to_series().to_list()
    assert current == ["20260929T180000.000000Z-5", "20260929T120000.000000Z-6"]


def test_partitions_from_the_night_on_are_left_for_the_next(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-30", NEW_MODEL)
    table.append("2026-10-01", OLD_MODEL)

    assert land(warehouse, table.name).periods == ("2026-09-30",)


def test_rows_that_arrive_after_a_partition_was_listed_wait_for_the_next_night(table: BillingTable, tmp_path: Path) -> None:
    table.append("2026-09-29", OLD_MODEL)
    source = gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", table=table.name))
    (delivery,) = source.deliveries(date(2026, 10, 1))
    table.append("2026-09-29", [row("Storage PD Capacity", 1.0, export_time="2026-09-29T18:00:00Z")])

    source.write(delivery, tmp_path)

    (file,) = tmp_path.glob("*.parquet")
    assert pl.read_parquet(file).height == 4


def test_a_table_without_partitions_is_told_how_long_the_first_rows_take(warehouse: Warehouse, table: BillingTable) -> None:
    with pytest.raises(MissingExport, match=r"has no partition before 2026-10-01\. A new billing export delivers its first rows within 24"):
        land(warehouse, table.name)


def test_a_table_that_does_not_exist_is_named(warehouse: Warehouse, table: BillingTable) -> None:
    with pytest.raises(MissingExport, match=r"BigQuery found no such table: .*_wrong.* Check `table` in costsieve\.yaml"):
        land(warehouse, f"{table.name}_wrong")


@pytest.mark.parametrize("name", ["billing.export", "project.data`set.table", "project.dataset.table; DROP TABLE x"])
def test_a_name_that_is_no_table_is_a_mistake_in_the_configuration(warehouse: Warehouse, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"source gcp-bill: `table` is .* but must be project\.dataset\.table"):
        land(warehouse, name)
