"""The traps of AWS's reports, each as a delivery and what becomes of it in raw.aws_cur and core.charges."""

import gzip
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.settings import Allocation
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet
from tests.sources.legacy_reports import SAMPLE, cost, legacy_csv, overwrite

Row = Mapping[str, Any]


def load(warehouse: Warehouse, location: Path, name: str = "org-bill") -> None:
    source = AwsCur(AwsCurSource(name=name, type="aws_cur", location=str(location)))
    load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def found(warehouse: Warehouse, query: str) -> list[Any]:
    with warehouse.connect() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        create_charges_view(connection)
        return connection.execute(query).fetchall()


@pytest.fixture
def legacy(warehouse: Warehouse, tmp_path: Path) -> Any:  # noqa: ANN401 - a function of rows and query
    """Deliver rows as a legacy report, load them and query."""

    def delivered(query: str, *rows: Mapping[str, str]) -> list[Any]:
        overwrite(tmp_path / "costs", {"costs-1.csv.gz": gzip.compress(legacy_csv(*rows))})
        load(warehouse, tmp_path / "costs")
        return found(warehouse, query)

    return delivered


@pytest.fixture
def cur2(warehouse: Warehouse, tmp_path: Path) -> Any:  # noqa: ANN401 - a function of rows and query
    """Deliver rows as CUR 2.0, load them and query."""

    def delivered(query: str, *rows: Row) -> list[Any]:
        deliver_cur_month(tmp_path / "export", "2026-09", {"a.parquet": parquet(list(rows))})
        load(warehouse, tmp_path / "export")
        return found(warehouse, query)

    return delivered


def test_the_real_legacy_report_has_its_published_totals_in_every_layer(warehouse: Warehouse, tmp_path: Path) -> None:
    """1,281 rows; totals to six decimals, as they are stated."""
    overwrite(tmp_path / "costs", {SAMPLE.name: SAMPLE.read_bytes()}, month="20231101-20231201")
    load(warehouse, tmp_path / "costs")

    raw = "SELECT line_item_line_item_type, round(sum(line_item_unblended_cost), 6), round(sum(pricing_public_on_demand_cost), 6), count(*)"
    assert found(warehouse, f"{raw} FROM raw.aws_cur GROUP BY ALL ORDER BY ALL") == [
        ("Tax", Decimal("0.08"), Decimal(0), 12),
        ("Usage", Decimal("1.602309"), Decimal("3.356173"), 1269),
    ]
    charges = "SELECT x_charge_type, round(sum(BilledCost), 6), count(*) FROM core.charges GROUP BY ALL ORDER BY ALL"
    assert found(warehouse, charges) == [("Tax", Decimal("0.08"), 12), ("Usage", Decimal("1.602309"), 1269)]


def test_regions_of_the_real_legacy_report_come_from_its_older_column_too(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {SAMPLE.name: SAMPLE.read_bytes()}, month="20231101-20231201")
    load(warehouse, tmp_path / "costs")

    without_region = "SELECT line_item_line_item_type, count(*) FROM raw.aws_cur WHERE product_region_code IS NULL GROUP BY ALL"
    assert found(warehouse, without_region) == [("Tax", 12)]


def test_line_item_ids_that_repeat_are_rows_of_their_own(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    twice = {"identity/LineItemId": "same"}

    assert legacy("SELECT count(*), sum(BilledCost) FROM core.charges", twice | cost("1"), twice | cost("2")) == [(2, Decimal(3))]


def test_a_daily_row_counts_on_the_day_its_usage_began_however_short_it_was(cur2: Any) -> None:  # noqa: ANN401 - a fixture
    evening = {"line_item_usage_start_date": datetime(2026, 9, 3, 18), "line_item_usage_end_date": datetime(2026, 9, 3, 19)}  # noqa: DTZ001
    row = cur_row("1", identity_time_interval="2026-09-03T00:00:00Z/2026-09-04T00:00:00Z", line_item_usage_amount=24.0, **evening)

    query = "SELECT CAST(ChargePeriodStart AS DATE), ConsumedQuantity FROM core.charges"

    assert cur2(query, row) == [(date(2026, 9, 3), Decimal(24))]


def test_a_tax_row_of_a_day_whose_usage_spans_the_month_keeps_its_cost(cur2: Any) -> None:  # noqa: ANN401 - a fixture
    month = {"line_item_usage_start_date": datetime(2026, 9, 1), "line_item_usage_end_date": datetime(2026, 10, 1)}  # noqa: DTZ001
    row = cur_row("0.08", line_item_line_item_type="Tax", identity_time_interval="2026-09-01T00:00:00Z/2026-09-02T00:00:00Z", **month)

    assert cur2("SELECT BilledCost, x_charge_type FROM core.charges", row) == [(Decimal("0.08"), "Tax")]


@pytest.mark.parametrize("interval", ["2026-09-03T07:00:00Z/2026-09-03T08:00:00Z", "2026-09-01T00:00:00Z/2026-10-01T00:00:00Z"])
def test_hourly_and_monthly_rows_are_read_alike(cur2: Any, interval: str) -> None:  # noqa: ANN401 - a fixture
    query = "SELECT BilledCost, ChargePeriodStart FROM core.charges"

    assert cur2(query, cur_row("1", identity_time_interval=interval)) == [(Decimal(1), datetime(2026, 9, 3, 7))]  # noqa: DTZ001


def test_rows_of_split_cost_allocation_are_kept_apart(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    instance = {"lineItem/Operation": "RunInstances", "lineItem/ResourceId": "i-1", **cost("10")}
    shares = {"splitLineItem/ParentResourceId": "i-1", "splitLineItem/SplitCost": "6", "splitLineItem/UnusedCost": "1.5"}
    pod = {"lineItem/Operation": "EKSPod-EC2", "lineItem/ResourceId": "arn:aws:eks:::pod/p", **cost("0"), **shares}
    split = "SELECT split_line_item_parent_resource_id, split_line_item_split_cost + split_line_item_unused_cost FROM raw.aws_cur"

    rows = legacy(f"{split} WHERE split_line_item_split_cost IS NOT NULL", instance, pod)

    assert rows == [("i-1", Decimal("7.5"))]


def test_rows_of_split_cost_allocation_are_no_charges(cur2: Any) -> None:  # noqa: ANN401 - a fixture
    instance = cur_row("10", line_item_operation="RunInstances")
    task = cur_row("4", line_item_operation="ECSTask-EC2", split_line_item_split_cost=4.0)

    assert cur2("SELECT sum(BilledCost), (SELECT sum(billed_cost) FROM meta.load_totals) FROM core.charges", instance, task) == [
        (Decimal(10), Decimal(10))
    ]


def test_blended_cost_is_in_no_measure_whatever_it_is(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    usage = {"lineItem/BlendedRate": "7", "lineItem/BlendedCost": "7", **cost("1.5")}
    discount = {"lineItem/LineItemType": "EdpDiscount", "lineItem/BlendedCost": "", **cost("-0.25")}
    measures = "BilledCost, EffectiveCost, ContractedCost, ListCost, x_net_effective_cost"

    rows = legacy(f"SELECT {measures}, (SELECT sum(billed_cost) FROM meta.load_totals) FROM core.charges ORDER BY ALL", usage, discount)

    amounts = [tuple(map(Decimal, row)) for row in (("-0.25", "-0.25", "-0.25", "0", "-0.25"), ("1.5",) * 5)]
    assert rows == [(*row, Decimal("1.25")) for row in amounts]


def test_spot_usage_is_known_by_its_usage_type_when_every_product_column_is_blank(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    spot = {"lineItem/UsageType": "USW2-SpotUsage:g5.xlarge", "product/instanceType": "", "product/operatingSystem": "", **cost("0.3")}
    columns = "PricingCategory, x_instance_type, BilledCost, ListCost"

    assert legacy(f"SELECT {columns} FROM core.charges", spot) == [("Dynamic", "g5.xlarge", Decimal("0.3"), Decimal("0.3"))]


def test_currencies_are_never_added(cur2: Any) -> None:  # noqa: ANN401 - a fixture
    query = "SELECT currency, sum(billed_cost) FROM meta.load_totals GROUP BY ALL ORDER BY ALL"

    assert cur2(query, cur_row("1"), cur_row("2", line_item_currency_code="NOK")) == [("NOK", Decimal(2)), ("USD", Decimal(1))]


def test_what_only_newer_exports_have_is_null_in_a_legacy_report(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    assert legacy("SELECT bill_payer_account_name, cost_category FROM raw.aws_cur", {}) == [(None, None)]


def test_regions_of_legacy_rows_without_a_code_come_from_the_region(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    older = {"product/region": "eu-west-1", "product/regionCode": ""}
    newer = {"product/region": "EU (Ireland)", "product/regionCode": "eu-west-2"}

    assert legacy("SELECT product_region_code FROM raw.aws_cur ORDER BY ALL", older, newer) == [("eu-west-1",), ("eu-west-2",)]


def test_products_of_a_legacy_report_can_be_looked_up_as_in_cur_2(legacy: Any) -> None:  # noqa: ANN401 - a fixture
    row = {"product/ProductName": "EC2", "product/operatingSystem": "Linux", "product/tenancy": ""}

    assert legacy("SELECT product FROM raw.aws_cur", row) == [({"product_name": "EC2", "operating_system": "Linux"},)]
