"""Utilization, inventory and GCP exports from dated folders: one unit of loading per day, a copy is no change."""

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.contracts import usage
from costsieve.errors import MissingColumn, MissingExport, SourceError, UnreadableExport
from costsieve.home import Home
from costsieve.source_settings import GcpBillingSource, InventoryFilesSource, UtilizationFilesSource
from costsieve.sources.files.inventory_files import inventory_files
from costsieve.sources.files.utilization_files import utilization_files
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.source import Source
from costsieve.warehouse import Warehouse
from tests.sources.exports import gcp_row, parquet, upload, usd, write

MEASURED: dict[str, Any] = {
    "provider": "AWS",
    "account_id": "100000000002",
    "resource_id": "i-0abc",
    "metric": "cpu_percent",
    "observed_at": datetime(2026, 9, 29, 5),  # noqa: DTZ001 the contract's timestamps are UTC without zone
    "average": 3.5,
    "maximum": 9.0,
    "total": None,
    "sample_count": 12,
}


def land(warehouse: Warehouse, source: Source) -> LoadSummary:
    return load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def utilization(location: Path | str) -> Source:
    return utilization_files(UtilizationFilesSource(name="metrics", type="utilization_files", location=str(location)))


def gcp_files(location: Path | str) -> Source:
    return gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(location)))


def deliver(location: Path, day: str, content: bytes, name: str = "part-0.parquet") -> None:
    write(location / f"date={day}/{name}", content)


def test_each_day_before_the_night_is_one_load(warehouse: Warehouse, tmp_path: Path) -> None:
    for day in ("2026-09-29", "2026-09-30", "2026-10-01"):
        deliver(tmp_path / "metrics", day, parquet([MEASURED]))

    summary = land(warehouse, utilization(tmp_path / "metrics"))

    assert (summary.changed_periods, summary.row_count) == (("2026-09-29", "2026-09-30"), 2)
    file = warehouse.home.lake / "utilization/source=metrics/period=2026-09-29"
    assert [path.name for path in file.rglob("*.parquet")] == ["part-0.parquet"]


def test_a_copy_of_the_folder_is_no_change(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path / "metrics", "2026-09-29", parquet([MEASURED]))
    land(warehouse, utilization(tmp_path / "metrics"))
    shutil.copytree(tmp_path / "metrics", tmp_path / "copy", copy_function=shutil.copyfile)

    assert land(warehouse, utilization(tmp_path / "copy")).changed_periods == ()


def test_a_restated_day_is_the_only_one_that_is_loaded_again(warehouse: Warehouse, tmp_path: Path) -> None:
    for day in ("2026-09-29", "2026-09-30"):
        deliver(tmp_path / "metrics", day, parquet([MEASURED]))
    land(warehouse, utilization(tmp_path / "metrics"))
    deliver(tmp_path / "metrics", "2026-09-30", parquet([MEASURED | {"average": 4.5}]))

    assert land(warehouse, utilization(tmp_path / "metrics")).changed_periods == ("2026-09-30",)


def test_s3_gives_the_same_days_and_rows(warehouse: Warehouse, tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    deliver(tmp_path / "metrics", "2026-09-29", parquet([MEASURED]))
    local = land(Warehouse(Home(tmp_path / "local")), utilization(tmp_path / "metrics"))

    assert land(warehouse, utilization(upload(tmp_path / "metrics", "estate", "metrics"))) == local


@pytest.mark.parametrize("absent", ["metric", "total"])
def test_a_missing_column_is_named_even_where_its_values_may_be_null(warehouse: Warehouse, tmp_path: Path, absent: str) -> None:
    deliver(tmp_path / "metrics", "2026-09-29", parquet([{name: value for name, value in MEASURED.items() if name != absent}]))

    with pytest.raises(MissingColumn, match=rf"metrics 2026-09-29: .*part-0\.parquet lacks the required column {absent}\. Write the file"):
        land(warehouse, utilization(tmp_path / "metrics"))


def test_files_of_earlier_versions_may_lack_the_columns_that_were_added_since(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path / "metrics", "2026-09-29", parquet([{name: value for name, value in MEASURED.items() if name != "p95"}]))

    assert land(warehouse, utilization(tmp_path / "metrics")).row_count == 1


def test_inventories_are_checked_against_their_own_contract(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path / "inventory", "2026-09-30", parquet([MEASURED]))
    source = inventory_files(InventoryFilesSource(name="estate", type="inventory_files", location=str(tmp_path / "inventory")))
    missing = [name for name in usage.INVENTORY.column_names if name not in {*MEASURED, "attributes"}]

    with pytest.raises(MissingColumn, match=f"lacks the required columns {', '.join(missing)}"):
        land(warehouse, source)


def test_a_location_without_dated_folders_is_told_what_was_looked_for(warehouse: Warehouse, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(MissingExport, match=r"No file was found at .*/date=YYYY-MM-DD/\*\.parquet\. Check `location` of source metrics"):
        land(warehouse, utilization(tmp_path / "empty"))


def test_a_location_that_is_not_there_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(MissingExport, match=r"The folder .*/nowhere is not there\. Correct `location`"):
        land(warehouse, utilization(tmp_path / "nowhere"))


def test_gcp_totals_are_cost_plus_credits_per_project_and_cost_type(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = [
        gcp_row(cost=1005.004833, credit=-5.004833),
        gcp_row(cost=0.1, credit=-0.3, credits=[]),
        gcp_row(cost=0.2, credits=[{"type": "DISCOUNT", "amount": -0.05}, {"type": "PROMOTION", "amount": -0.1}]),
        gcp_row(cost=0.07, cost_type="tax", project=None, credits=[]),
    ]
    deliver(tmp_path / "gcp", "2026-09-29", parquet(rows))

    summary = land(warehouse, gcp_files(tmp_path / "gcp"))

    columns = "sub_account_id, currency, charge_type, row_count, billed_cost"
    assert warehouse.query(f"SELECT {columns} FROM meta.load_totals ORDER BY ALL").rows() == [
        ("ml-prod", "USD", "regular", 3, Decimal("1000.15")),
        (None, "USD", "tax", 1, Decimal("0.07")),
    ]
    assert summary.totals == usd("1000.22")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"invoice": {"publisher_type": "GOOGLE"}}, r"lacks the required column invoice\.month"),
        ({"credits": [{"name": "Promotion", "amount": -1.0}]}, r"lacks the required column credits\.type"),
        ({"project": {"number": "12"}}, r"lacks the required column project\.id"),
    ],
)
def test_gcp_records_are_checked_inside(warehouse: Warehouse, tmp_path: Path, row: dict[str, Any], message: str) -> None:
    deliver(tmp_path / "gcp", "2026-09-29", parquet([gcp_row(**row)]))

    with pytest.raises(MissingColumn, match=message):
        land(warehouse, gcp_files(tmp_path / "gcp"))


@pytest.mark.parametrize(
    ("content", "message"),
    [(parquet([gcp_row()])[:300], "part-0.parquet is a truncated Parquet file"), (b'{"cost": 1}', "is not a Parquet file: it begins with")],
)
def test_a_damaged_day_is_named_and_changes_nothing(warehouse: Warehouse, tmp_path: Path, content: bytes, message: str) -> None:
    deliver(tmp_path / "gcp", "2026-09-29", parquet([gcp_row()]))
    land(warehouse, gcp_files(tmp_path / "gcp"))
    before = warehouse.query("SELECT * FROM meta.loads")
    deliver(tmp_path / "gcp", "2026-09-30", content)

    with pytest.raises(UnreadableExport, match=message) as raised:
        land(warehouse, gcp_files(tmp_path / "gcp"))

    assert isinstance(raised.value, SourceError)
    assert warehouse.query("SELECT * FROM meta.loads").equals(before)
