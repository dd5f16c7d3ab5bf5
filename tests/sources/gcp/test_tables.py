"""The billing export in BigQuery: changed partitions only, with their records. Limits and refusals: test_bigquery."""

import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from costsieve.core.gcp_prices import compute_sku_prices
from costsieve.errors import MissingColumn, MissingExport
from costsieve.source_settings import GcpBillingSource, GcpPricingSource
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.gcp.pricing import gcp_pricing
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.emulators.bigquery import BigQueryEmulator
from tests.sources.billing_table import FOCUS, NEW_MODEL, OLD_MODEL, PRICING, STANDARD, BillingTable, Shape, row
from tests.sources.exports import usd


@contextmanager
def exported(emulator: BigQueryEmulator, shape: Shape) -> Iterator[BillingTable]:
    with closing(BillingTable(emulator.rest, f"billing_{uuid.uuid4().hex}", shape)) as table:
        yield table


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
    with pytest.raises(MissingExport, match=r"BigQuery found no such table: .*_wrong.* Check `table` of the source"):
        land(warehouse, f"{table.name}_wrong")


@pytest.mark.usefixtures("table")
def test_the_standard_export_is_the_same_without_resources(warehouse: Warehouse, bigquery_emulator: BigQueryEmulator) -> None:
    with exported(bigquery_emulator, STANDARD) as standard:
        standard.append("2026-09-29", OLD_MODEL)

        assert land(warehouse, standard.name).totals == usd("0.240064")

    (file,) = warehouse.home.lake.rglob("gcp_billing/**/*.parquet")
    assert {"resource", "subscription"}.isdisjoint(pl.read_parquet_schema(file))


def test_a_view_in_front_of_the_export_is_read_by_the_day_of_export(warehouse: Warehouse, table: BillingTable) -> None:
    table.append("2026-09-30", [*OLD_MODEL, row("Storage PD Capacity", 1.0, export_time="2026-09-30T18:00:00Z")])
    view = f"{table.dataset}.billing"
    table.run(f"CREATE VIEW `{view}` AS SELECT * FROM `{table.name}`")

    assert land(warehouse, view).periods == ("2026-09-29", "2026-09-30")
    table.append("2026-09-30", [row("Storage PD Capacity", 1.0, export_time="2026-09-30T19:00:00Z")])
    summary = land(warehouse, view)

    assert (summary.changed_periods, summary.row_count) == (("2026-09-30",), 6)


def test_a_view_that_hides_the_time_of_export_is_told_to_show_it(warehouse: Warehouse, table: BillingTable) -> None:
    view = f"{table.dataset}.billing"
    table.run(f"CREATE VIEW `{view}` AS SELECT cost, currency FROM `{table.name}`")

    with pytest.raises(MissingColumn, match=r"billing lacks the column export_time, which tells its new rows .* Add it to the view"):
        land(warehouse, view)


@pytest.mark.usefixtures("table")
def test_the_focus_export_lands_as_focus_by_the_day_of_export(bigquery_emulator: BigQueryEmulator, tmp_path: Path) -> None:
    charge = {"BillingAccountId": "A", "BilledCost": "1.25", "BillingCurrency": "USD", "x_Labels": [{"key": "team", "value": "vision"}]}
    with exported(bigquery_emulator, FOCUS) as focus:
        focus.append("", [charge | {"x_ExportTime": f"2026-09-{day}T22:00:00Z"} for day in (29, 29, 30)])
        focus.run(f"CREATE VIEW `{focus.dataset}.focus` AS SELECT * FROM `{focus.name}`")
        for name in (focus.name, f"{focus.dataset}.focus"):
            source = gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", table=name))
            first, second = source.deliveries(date(2026, 10, 1))
            folder = tmp_path / name.rsplit(".", 1)[-1]
            folder.mkdir()
            source.write(first, folder)

            (file,) = folder.iterdir()
            frame = pl.read_parquet(file)
            assert (source.source_type, first.period, second.period) == ("focus", "2026-09-29", "2026-09-30")
            assert (first.version, frame.height, frame["BilledCost"].sum()) == ("20260929T220000.000000Z-2", 2, Decimal("2.5"))
            assert "NotAColumnOfFocus" not in frame.columns
            assert frame["x_Labels"].to_list()[0] == [{"key": "team", "value": "vision"}]


def price(sku: str, exported_at: str, list_price: str, contract: str | None) -> dict[str, Any]:
    def tiers(amount: str) -> list[dict[str, str]]:
        return [{"pricing_unit_quantity": "1", "start_usage_amount": "0", "usd_amount": amount, "account_currency_amount": amount}]

    return {
        "export_time": exported_at,
        "pricing_as_of_time": exported_at,
        "billing_account_id": "01D3M0-C0575E-15E7E5",
        "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
        "sku": {"id": sku, "description": sku},
        "pricing_unit": "h",
        "account_currency_code": "USD",
        "geo_taxonomy": {"type": "REGIONAL", "regions": ["us-central1"]},
        "list_price": {"tiered_rates": tiers(list_price)},
        "billing_account_price": {"tiered_rates": tiers(contract)} if contract else None,
    }


@pytest.mark.usefixtures("table")
def test_only_the_newest_day_of_the_pricing_export_is_read(warehouse: Warehouse, bigquery_emulator: BigQueryEmulator) -> None:
    with exported(bigquery_emulator, PRICING) as pricing:
        pricing.append("2026-09-29", [price("GONE", "2026-09-29T08:00:00Z", "9", None)])
        pricing.append("2026-09-30", [price("CORE", "2026-09-30T08:00:00Z", "0.031611", "0.0284499")])
        pricing.append("2026-09-30", [price("RAM", "2026-09-30T08:00:00Z", "0.004237", None)])
        pricing.append("2026-10-01", [price("CORE", "2026-10-01T08:00:00Z", "7", None)])
        source = gcp_pricing(GcpPricingSource(name="prices", type="gcp_pricing", table=pricing.name))

        summary = load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))

    assert (summary.periods, summary.row_count, summary.totals) == (("2026-09-30",), 2, {})
    with warehouse.transaction() as connection:
        assert compute_sku_prices(connection, warehouse.home) == 2
    prices = warehouse.query("SELECT sku_id, service, regions, list_price, contract_price FROM core.sku_prices ORDER BY sku_id").rows()
    assert prices == [
        ("CORE", "Compute Engine", ["us-central1"], Decimal("0.031611"), Decimal("0.0284499")),
        ("RAM", "Compute Engine", ["us-central1"], Decimal("0.004237"), None),
    ]
