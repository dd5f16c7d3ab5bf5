"""Legacy Cost and Usage Reports: every layout and packing that AWS delivers, and only what the newest manifest names."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.errors import IncompleteExport, MissingExport, SourceError, UnreadableExport
from costsieve.home import Home
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, parquet, upload, usd, write
from tests.sources.legacy_reports import RANGE, SAMPLE, athena, cost, create_new, legacy_csv, overwrite, write_manifest


def source_at(location: Path | str) -> AwsCur:
    return AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(location)))


def land(warehouse: Warehouse, location: Path | str, as_of: date = date(2026, 10, 1)) -> LoadSummary:
    return load_source(warehouse, source_at(location), as_of, datetime(2026, 10, 1, 3, tzinfo=UTC))


def packed(*amounts: str) -> bytes:
    return gzip.compress(legacy_csv(*map(cost, amounts)))


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("costs-1.csv", content)
    return buffer.getvalue()


def two_in_a_zip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("costs-1.csv", content)
        archive.writestr("costs-2.csv", content)
    return buffer.getvalue()


@pytest.mark.parametrize(("ending", "pack"), [("csv.gz", gzip.compress), ("csv.zip", zipped), ("zip", zipped), ("csv", bytes)])
def test_each_packing_of_csv_is_read(warehouse: Warehouse, tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]) -> None:
    overwrite(tmp_path / "costs", {f"costs-1.{ending}": pack(legacy_csv(cost("1.5"), cost("2")))})

    assert land(warehouse, tmp_path / "costs").totals == usd("3.5")


@pytest.mark.parametrize("names", [("costs-1.csv.gz", "costs-2.csv.gz"), ("costs-00001.csv.gz", "costs-00002.csv.gz")])
def test_chunks_are_numbered_in_either_way(warehouse: Warehouse, tmp_path: Path, names: tuple[str, str]) -> None:
    overwrite(tmp_path / "costs", dict(zip(names, (packed("1"), packed("2")), strict=True)))

    assert land(warehouse, tmp_path / "costs").totals == usd("3")


def test_the_source_lands_as_a_cost_and_usage_report(tmp_path: Path) -> None:
    overwrite(tmp_path, {"costs-1.csv.gz": packed("1")})

    assert source_at(tmp_path).source_type == "aws_cur"


def test_the_version_is_the_assembly_id_and_the_period_starts_with_the_folder(tmp_path: Path) -> None:
    overwrite(tmp_path, {"costs-1.csv.gz": packed("1")}, "b1f2", month="20260901-20260930")

    assert [(delivery.period, delivery.version) for delivery in source_at(tmp_path).deliveries(date(2026, 10, 1))] == [("2026-09", "b1f2")]


def test_in_create_new_mode_older_refreshes_are_not_counted(warehouse: Warehouse, tmp_path: Path) -> None:
    create_new(tmp_path / "costs", {"costs-1.csv.gz": packed("1"), "costs-2.csv.gz": packed("10")}, "20260920T010000Z")
    create_new(tmp_path / "costs", {"costs-1.csv.gz": packed("2")}, "20260921T010000Z")

    assert land(warehouse, tmp_path / "costs").totals == usd("2")


def test_the_pointer_decides_even_when_another_refresh_folder_is_younger(warehouse: Warehouse, tmp_path: Path) -> None:
    create_new(tmp_path / "costs", {"costs-1.csv.gz": packed("1")}, "20260920T010000Z")
    keys = [f"cur/costs/{RANGE}/20260922T010000Z/costs-1.csv.gz"]
    write(tmp_path / "costs" / RANGE / "20260922T010000Z/costs-1.csv.gz", packed("100"))
    write_manifest(tmp_path / "costs" / RANGE / "20260922T010000Z/costs-Manifest.json", keys, "20260922T010000Z")

    assert land(warehouse, tmp_path / "costs").totals == usd("1")


def test_in_overwrite_mode_stale_chunks_are_not_counted(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1"), "costs-2.csv.gz": packed("50")})
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("3")}, "assembly-2")

    assert land(warehouse, tmp_path / "costs").totals == usd("3")


def test_an_overwritten_month_replaces_what_was_loaded_of_it(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1")})
    land(warehouse, tmp_path / "costs")
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("4")}, "assembly-2")

    summary = land(warehouse, tmp_path / "costs")

    assert (summary.changed_periods, summary.totals) == (("2026-09",), usd("4"))


@pytest.mark.parametrize("month", ["month=9", "month=09"])
def test_athena_layout_is_read_with_and_without_padding(warehouse: Warehouse, tmp_path: Path, month: str) -> None:
    delivered = parquet([cur_row("1.5")])
    athena(tmp_path / "costs", delivered, month)

    assert land(warehouse, tmp_path / "costs").totals == usd("1.5")
    assert [path.read_bytes() for path in warehouse.home.lake.rglob("*.parquet")] == [delivered]


@pytest.mark.parametrize("month", ["month=9", "month=09"])
def test_athenas_own_folder_alone_is_enough(warehouse: Warehouse, tmp_path: Path, month: str) -> None:
    athena(tmp_path / "costs", parquet([cur_row("1.5")]), month)

    summary = land(warehouse, tmp_path / "costs/costs")

    assert (summary.periods, summary.totals) == (("2026-09",), usd("1.5"))


def test_a_report_that_is_being_written_is_left_for_later(warehouse: Warehouse, tmp_path: Path) -> None:
    athena(tmp_path / "costs", parquet([cur_row("1.5")]), status="UPDATING")

    with pytest.raises(IncompleteExport, match=r"status\.snappy\.parquet says UPDATING: the report is being written; run again"):
        land(warehouse, tmp_path / "costs")

    athena(tmp_path / "costs", parquet([cur_row("1.5")]))
    assert land(warehouse, tmp_path / "costs").totals == usd("1.5")


def test_an_unchanged_month_needs_no_status(warehouse: Warehouse, tmp_path: Path) -> None:
    athena(tmp_path / "costs", parquet([cur_row("1.5")]))
    land(warehouse, tmp_path / "costs")
    athena(tmp_path / "costs", parquet([cur_row("9")]), status="UPDATING")

    assert land(warehouse, tmp_path / "costs").totals == usd("1.5")


def test_the_report_is_found_below_a_prefix_and_beside_the_object_that_aws_tests_access_with(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "aws-programmatic-access-test-object", b"")
    overwrite(tmp_path / "cur/costs", {"costs-1.csv.gz": packed("1.5")})

    assert land(warehouse, tmp_path).totals == usd("1.5")


def test_manifests_for_redshift_and_quicksight_are_not_the_reports(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1.5")})
    write(tmp_path / "costs" / RANGE / "costs-RedshiftManifest.json", b'{"entries": []}')
    write(tmp_path / "costs" / RANGE / "costs-QuickSightManifest.json", b'{"fileLocations": []}')

    assert land(warehouse, tmp_path / "costs").totals == usd("1.5")


def test_a_month_whose_manifest_names_nothing_keeps_what_was_loaded_before(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1")}, month="20260801-20260901")
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("2")})
    land(warehouse, tmp_path / "costs")
    overwrite(tmp_path / "costs", {}, "assembly-2")

    summary = land(warehouse, tmp_path / "costs")

    assert (summary.changed_periods, summary.periods, summary.totals) == ((), ("2026-08", "2026-09"), usd("3"))


def test_a_month_without_a_manifest_is_no_delivery_yet(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1")}, month="20260801-20260901")
    write(tmp_path / "costs" / RANGE / "costs-1.csv.gz", packed("2"))

    assert land(warehouse, tmp_path / "costs").periods == ("2026-08",)


def test_a_report_that_names_no_file_at_all_is_nothing_yet(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {})

    with pytest.raises(MissingExport, match=r"costs-Manifest\.json names no file yet\. A new report is filled within 24 hours"):
        land(warehouse, tmp_path / "costs")


def test_a_chunk_with_nothing_but_its_header_does_no_harm(warehouse: Warehouse, tmp_path: Path) -> None:
    parts = {"costs-1.csv.gz": packed("1.5"), "costs-2.csv.gz": gzip.compress(legacy_csv()), "costs-3.csv.gz": b""}
    overwrite(tmp_path / "costs", parts)

    assert land(warehouse, tmp_path / "costs").totals == usd("1.5")


def test_s3_gives_the_same_result_as_a_folder(tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    create_new(tmp_path / "costs", {"costs-1.csv.gz": packed("1"), "costs-2.csv.gz": packed("2")}, "20260920T010000Z")
    local, remote = Warehouse(Home(tmp_path / "local")), Warehouse(Home(tmp_path / "remote"))
    land(local, tmp_path / "costs")

    land(remote, upload(tmp_path / "costs", "bills", "cur/costs"))

    assert remote.query("SELECT * FROM meta.load_totals").equals(local.query("SELECT * FROM meta.load_totals"))


def test_a_real_report_agrees_with_its_published_totals(warehouse: Warehouse, tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {SAMPLE.name: SAMPLE.read_bytes()}, month="20231101-20231201")

    summary = land(warehouse, tmp_path / "costs")

    totals = warehouse.query("SELECT charge_type, SUM(billed_cost) FROM meta.load_totals GROUP BY ALL ORDER BY ALL").rows()
    assert [(kind, round(billed, 6)) for kind, billed in totals] == [("Tax", Decimal("0.08")), ("Usage", Decimal("1.602309"))]
    assert (summary.periods, summary.row_count) == (("2023-11",), 1281)


def _missing_chunk(report: Path) -> None:
    (report / RANGE / "costs-1.csv.gz").unlink()


def _two_reports(report: Path) -> None:
    overwrite(report / "other", {"costs-1.csv.gz": packed("1")})


def _manifest_of_nothing(report: Path) -> None:
    write(report / RANGE / "costs-Manifest.json", b'{"assemblyId": "a"}')


def _manifest_of_another_place(report: Path) -> None:
    write_manifest(report / RANGE / "costs-Manifest.json", ["elsewhere/costs-1.csv.gz"], "assembly-2")


def _manifest_that_leads_out(report: Path) -> None:
    write_manifest(report / RANGE / "costs-Manifest.json", [f"{RANGE}/../../other.csv.gz"], "assembly-2")


def _two_files_in_a_zip(report: Path) -> None:
    overwrite(report, {"costs-1.zip": two_in_a_zip(legacy_csv(cost("1")))}, "assembly-2")


def _row_too_short(report: Path) -> None:
    overwrite(report, {"costs-1.csv": legacy_csv(cost("1")) + b'"line-2","oops"\n'}, "assembly-2")


def _text_for_a_cost(report: Path) -> None:
    overwrite(report, {"costs-1.csv": legacy_csv(cost("1")), "costs-2.csv": legacy_csv(cost("about twelve"))}, "assembly-2")


def _damaged_status(report: Path) -> None:
    write(report / "cost_and_usage_data_status/status.parquet", b"READY")


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (_missing_chunk, IncompleteExport, r"20260901-20261001/costs-1\.csv\.gz is missing although .*costs-Manifest\.json names it"),
        (_two_reports, UnreadableExport, r"holds several reports \(costs-Manifest\.json, other/costs-Manifest\.json\)\. Set `location`"),
        (_manifest_of_nothing, UnreadableExport, r"is not the manifest of a Cost and Usage Report: reportKeys: Field required"),
        (_manifest_of_another_place, UnreadableExport, r"names elsewhere/costs-1\.csv\.gz, which is not below a month's folder"),
        (
            _manifest_that_leads_out,
            UnreadableExport,
            r"names .*/\.\./\.\./other\.csv\.gz, which is not below a month's",
        ),
        (_two_files_in_a_zip, UnreadableExport, r"costs-1\.zip holds 2 files; a zipped report holds exactly one CSV file"),
        (_row_too_short, UnreadableExport, r"costs-1\.csv is truncated, damaged .*: Line: 3: Expected Number of Columns: 12 Found: 2\."),
        (
            _text_for_a_cost,
            UnreadableExport,
            r"costs-2\.csv is .*: Could not convert string \"about twelve\" .* column lineItem/UnblendedCost",
        ),
        (_damaged_status, UnreadableExport, r"status\.parquet should say READY or UPDATING, but is no Parquet file"),
    ],
)
def test_a_bad_report_is_named_with_file_and_reason(
    warehouse: Warehouse, tmp_path: Path, damage: Callable[[Path], None], error: type[SourceError], message: str
) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv.gz": packed("1")})
    damage(tmp_path / "costs")

    with pytest.raises(error, match=message):
        land(warehouse, tmp_path / "costs")

    assert warehouse.query("SELECT * FROM meta.loads").is_empty()
