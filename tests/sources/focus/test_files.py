"""FOCUS files in every layout: what is one delivery, which files count, and that nothing is counted twice or lost."""

import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.errors import IncompleteExport, MissingExport, UnreadableExport
from costsieve.sources.stores.object_store import ReplacedMeanwhile
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet, upload, write
from tests.sources.focus_exports import charges, csv_text, deliver, deliver_run, eur, focus_row, land, october, source_at

SEPTEMBER = "20260901-20260930"


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    return tmp_path / "bills"


def run_of(*costs: str) -> dict[str, bytes]:
    """The parts of a run: one, with a charge of September for each cost."""
    return {"part_0_0001.csv": csv_text([focus_row(BilledCost=cost) for cost in costs])}


def test_rows_of_plain_files_tell_their_billing_months(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "september.csv", focus_row(), focus_row())
    deliver(bills / "october.csv.gz", october())

    assert land(warehouse, bills).periods == ("2026-09", "2026-10")
    assert charges(warehouse, "x_period, BilledCost") == [("2026-09", Decimal("1.5"))] * 2 + [("2026-10", Decimal("1.5"))]


def test_a_file_of_two_billing_months_is_split_and_adds_up(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "all.csv", focus_row(BilledCost="1"), october(BilledCost="2"), focus_row(BilledCost="4"))

    summary = land(warehouse, bills)

    assert (summary.periods, summary.row_count, summary.totals) == (("2026-09", "2026-10"), 3, eur("7"))
    assert charges(warehouse, "x_period, BilledCost") == [("2026-09", 1), ("2026-09", 4), ("2026-10", 2)]


def test_a_month_that_is_delivered_again_replaces_the_month(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "all.csv", focus_row(BilledCost="1"), october(BilledCost="2"))
    land(warehouse, bills)
    deliver(bills / "all.csv", october(BilledCost="3"), october(BilledCost="4"))

    summary = land(warehouse, bills)

    assert summary.changed_periods == ("2026-10",)
    assert charges(warehouse, "x_period, BilledCost") == [("2026-09", 1), ("2026-10", 3), ("2026-10", 4)]


def test_nothing_new_is_nothing_to_do(warehouse: Warehouse, bills: Path, tmp_path: Path) -> None:
    deliver(bills / "all.csv", focus_row(), october())
    land(warehouse, bills)
    shutil.copytree(bills, tmp_path / "copied")

    assert land(warehouse, tmp_path / "copied").changed_periods == ()


def test_a_parquet_file_of_one_month_is_kept_byte_for_byte(warehouse: Warehouse, bills: Path) -> None:
    content = parquet([focus_row()])
    write(bills / "september.parquet", content)

    land(warehouse, bills)

    [landed] = warehouse.home.lake.rglob("*.parquet")
    assert landed.read_bytes() == content


@pytest.mark.parametrize(
    ("folder", "period"),
    [
        ("FOCUS Reports/2026/09/18", "2026-09-18"),
        ("date=2026-09-18", "2026-09-18"),
        ("year=2026/month=9/day=3", "2026-09-03"),
        ("20260918", "2026-09-18"),
        ("BILLING_PERIOD=2026-09", "2026-09"),
        ("2026/09", "2026-09"),
        ("2026-09", "2026-09"),
        ("year=2026/month=9", "2026-09"),
        ("202609", "2026-09"),
    ],
)
def test_a_dated_folder_is_one_delivery(warehouse: Warehouse, bills: Path, folder: str, period: str) -> None:
    deliver(bills / folder / "part-0.csv.gz", focus_row(BilledCost="1"))
    deliver(bills / folder / "part-1.csv.gz", focus_row(BilledCost="2"), october(BilledCost="4"))

    summary = land(warehouse, bills)

    assert (summary.periods, summary.row_count, summary.totals) == ((period,), 3, eur("7"))


def test_late_charges_in_a_later_day_add_to_the_month(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "FOCUS Reports/2026/09/18/1.csv.gz", focus_row(BilledCost="1"))
    deliver(bills / "FOCUS Reports/2026/10/02/1.csv.gz", focus_row(BilledCost="2"))

    land(warehouse, bills)

    assert charges(warehouse, "x_period, strftime(BillingPeriodStart, '%Y-%m'), BilledCost") == [
        ("2026-09-18", "2026-09", 1),
        ("2026-10-02", "2026-09", 2),
    ]


def test_days_from_the_night_on_are_left_for_the_next_one(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "FOCUS Reports/2026/09/18/1.csv.gz", focus_row())
    deliver(bills / "FOCUS Reports/2026/09/19/1.csv.gz", focus_row(BilledCost="2"))

    assert land(warehouse, bills, as_of=date(2026, 9, 19)).periods == ("2026-09-18",)


def test_only_the_newest_run_of_an_azure_export_counts(warehouse: Warehouse, bills: Path) -> None:
    # The older run is named so that neither alphabet nor time of copying puts it first.
    deliver_run(bills / "costs" / SEPTEMBER, "a-new", "2026-09-21T00:00:00Z", run_of("2"))
    deliver_run(bills / "costs" / SEPTEMBER, "z-old", "2026-09-20T00:00:00Z", run_of("1"))

    summary = land(warehouse, bills)

    assert (summary.periods, summary.totals) == (("2026-09",), eur("2"))


def test_a_run_that_still_lacks_its_manifest_is_not_read(warehouse: Warehouse, bills: Path) -> None:
    deliver_run(bills / "costs" / SEPTEMBER, "1", "2026-09-20T00:00:00Z", run_of("1"))
    deliver(bills / "costs" / SEPTEMBER / "2/part_0_0001.csv", focus_row(BilledCost="2"))

    assert land(warehouse, bills).totals == eur("1")


def test_a_new_run_replaces_the_month(warehouse: Warehouse, bills: Path) -> None:
    range_folder = bills / "costs" / SEPTEMBER
    deliver_run(range_folder, "1", "2026-09-20T00:00:00Z", run_of("1"))
    land(warehouse, bills)
    deliver_run(range_folder, "2", "2026-09-21T00:00:00Z", run_of("1", "5"))

    assert land(warehouse, bills).totals == eur("6")


def test_a_part_that_the_newest_manifest_does_not_name_is_not_read(warehouse: Warehouse, bills: Path) -> None:
    run = deliver_run(bills / "costs" / SEPTEMBER, "1", "2026-09-20T00:00:00Z", run_of("1.5"))
    deliver(run / "part_0_0002.csv", focus_row(BilledCost="9"))

    assert land(warehouse, bills).totals == eur("1.5")


def test_parts_of_two_azure_exports_have_the_same_name_and_both_count(warehouse: Warehouse, bills: Path) -> None:
    for export, cost in (("subscription-a", "1"), ("subscription-b", "2")):
        parts = run_of(cost)
        deliver_run(bills / export / SEPTEMBER, "1", "2026-09-20T00:00:00Z", parts)

    summary = land(warehouse, bills)

    assert (summary.file_count, summary.totals) == (2, eur("3"))


def test_a_missing_part_of_an_azure_run_is_named(warehouse: Warehouse, bills: Path) -> None:
    run = deliver_run(bills / "costs" / SEPTEMBER, "1", "2026-09-20T00:00:00Z", run_of("1.5"))
    (run / "part_0_0001.csv").unlink()

    with pytest.raises(IncompleteExport, match=r"20260901-20260930/1/part_0_0001.csv is missing although .*1/manifest.json names it"):
        land(warehouse, bills)


def test_a_shortened_part_of_an_azure_run_is_named(warehouse: Warehouse, bills: Path) -> None:
    run = deliver_run(bills / "costs" / SEPTEMBER, "1", "2026-09-20T00:00:00Z", {"part_0_0001.csv": csv_text([focus_row()] * 9)})
    deliver(run / "part_0_0001.csv", focus_row())

    with pytest.raises(IncompleteExport, match=r"part_0_0001.csv has \d+ bytes where .* says \d+: copy it again"):
        land(warehouse, bills)


def test_ranges_of_one_azure_export_that_overlap_are_refused(warehouse: Warehouse, bills: Path) -> None:
    for days in (SEPTEMBER, "20260915-20261014"):
        deliver(bills / "costs" / days / "1/part_0_0001.csv", focus_row())

    with pytest.raises(UnreadableExport, match=r"20260901-20260930 and 20260915-20261014, which overlap: .* count twice"):
        land(warehouse, bills)


def test_several_runs_without_any_manifest_are_refused(warehouse: Warehouse, bills: Path) -> None:
    for run in ("1", "2"):
        deliver(bills / "costs" / SEPTEMBER / run / "part_0_0001.csv", focus_row(BilledCost=run))

    with pytest.raises(UnreadableExport, match=r"several runs and no manifest\.json"):
        land(warehouse, bills)


def test_a_range_of_several_months_is_told_by_its_rows(warehouse: Warehouse, bills: Path) -> None:
    parts = {"part_0_0001.csv": csv_text([focus_row(BilledCost="1"), october(BilledCost="2")])}
    deliver_run(bills / "costs/20260901-20261031", "1", "2026-10-20T00:00:00Z", parts)

    summary = land(warehouse, bills)

    assert (summary.periods, summary.totals) == (("2026-09", "2026-10"), eur("3"))


def test_the_same_file_twice_is_refused(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "2026-09/bill.csv", focus_row())
    shutil.copy(bills / "2026-09/bill.csv", bills / "2026-09/bill (copy).csv")

    with pytest.raises(UnreadableExport, match=r"bill.csv and .*bill \(copy\).csv are the same file, so its charges would count twice"):
        land(warehouse, bills)


def test_empty_parts_are_legal_even_when_they_are_alike(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "2026-09/part-1.csv", focus_row())
    for name in ("part-2.csv", "part-3.csv"):
        deliver(bills / "2026-09" / name)
    write(bills / "2026-09/part-4.csv", b"")

    assert land(warehouse, bills).row_count == 1


def test_a_location_without_data_files_says_where_it_looked(warehouse: Warehouse, bills: Path) -> None:
    write(bills / "readme.txt", b"nothing here")

    with pytest.raises(MissingExport, match=r"No Parquet or CSV file with rows was found below .* Check `location` of source azure"):
        land(warehouse, bills)


def test_a_file_that_arrives_while_its_folder_is_read_is_not_half_a_delivery(bills: Path, tmp_path: Path) -> None:
    deliver(bills / "2026-09/part-1.csv", focus_row())
    source = source_at(bills)
    [listed] = source.deliveries(date(2026, 11, 1))
    deliver(bills / "2026-09/part-2.csv", focus_row(BilledCost="2"))
    (tmp_path / "staging").mkdir()

    with pytest.raises(ReplacedMeanwhile, match="2026-09 was replaced while it was read"):
        source.write(listed, tmp_path / "staging")


def test_an_aws_data_export_is_read_through_its_manifest(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([focus_row()])})
    manifest = tmp_path / "export/metadata/BILLING_PERIOD=2026-09/costs-Manifest.json"
    manifest.write_text(manifest.read_text().replace('"columns": []', '"columns": [{"name": "BilledCost"}]'))
    deliver(tmp_path / "export/data/BILLING_PERIOD=2026-09/stale.csv", focus_row(BilledCost="9"))

    assert land(warehouse, tmp_path / "export").totals == eur("1.5")


def test_a_cost_and_usage_report_is_no_focus_source(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row()])})

    with pytest.raises(UnreadableExport, match=r"holds a Cost and Usage Report, not FOCUS\. Give source azure the type aws_cur"):
        land(warehouse, tmp_path / "export")


def test_refreshes_of_an_aws_export_are_not_added(warehouse: Warehouse, bills: Path) -> None:
    for refresh in ("2026-09-16T15:24:15.653Z-a", "2026-09-17T15:24:15.653Z-b"):
        deliver(bills / "BILLING_PERIOD=2026-09" / refresh / "part.csv.gz", focus_row())

    with pytest.raises(UnreadableExport, match="is one of the refreshes of an AWS data export"):
        land(warehouse, bills)


@pytest.mark.usefixtures("moto_endpoint")
def test_files_in_s3_are_read_like_files_in_a_folder(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path / "oci/FOCUS Reports/2026/09/18/0001.csv.gz", focus_row(BilledCost="1"))
    deliver(tmp_path / "oci/plain.csv", focus_row(BilledCost="2"), october(BilledCost="4"))

    summary = land(warehouse, upload(tmp_path / "oci", "bills", "oci"))

    assert (summary.periods, summary.totals) == (("2026-09", "2026-09-18", "2026-10"), eur("7"))


def test_hidden_files_and_folders_are_no_bills(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "2026-09/part-1.csv", focus_row())
    deliver(bills / "2026-09/_temporary/part-2.csv", focus_row(BilledCost="2"))
    deliver(bills / ".costsieve/part-3.csv", focus_row(BilledCost="4"))

    assert land(warehouse, bills).totals == eur("1.5")


def test_an_unchanged_plain_file_is_not_read_again(bills: Path, tmp_path: Path) -> None:
    deliver(bills / "all.csv", focus_row(), october())
    source_at(bills, tmp_path / "memory.json").deliveries(date(2026, 11, 1))
    [digest] = json.loads((tmp_path / "memory.json").read_text())
    (tmp_path / "memory.json").write_text(json.dumps({digest: ["2026-08"]}))

    assert [listed.period for listed in source_at(bills, tmp_path / "memory.json").deliveries(date(2026, 11, 1))] == ["2026-08"]


def test_a_damaged_memory_is_made_anew(bills: Path, tmp_path: Path) -> None:
    deliver(bills / "all.csv", focus_row(), october())
    (tmp_path / "memory.json").write_text("{")

    assert len(source_at(bills, tmp_path / "memory.json").deliveries(date(2026, 11, 1))) == 2
