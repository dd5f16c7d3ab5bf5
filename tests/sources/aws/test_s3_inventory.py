"""S3 Inventory through its manifest and checksums: the newest finished report, and its read statistics as a second source."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import IncompleteExport, MissingColumn, MissingExport, UnreadableExport
from costsieve.home import Home
from costsieve.source_settings import S3InventorySource
from costsieve.sources.aws.s3_inventory import S3Inventory
from costsieve.sources.aws.s3_reads import S3Reads
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import parquet, upload, write

OBJECT: dict[str, Any] = {
    "bucket": "ml-datasets",
    "key": "raw/2026/a.tar",
    "size": 1048576,
    "last_modified_date": datetime(2026, 3, 1),  # noqa: DTZ001 inventories write UTC without zone
    "storage_class": "STANDARD",
}
READS: dict[str, Any] = {
    "bucket": "ml-datasets",
    "prefix": "raw/",
    "age_days_from": 0,
    "get_count": 3,
    "byte_count": 10,
    "object_days": 1.0,
    "byte_days": 1.0,
    "observed_from": date(2026, 9, 1),
    "observed_to": date(2026, 9, 30),
}
CONFIGURATION = "inventory/ml-datasets/nightly"


def land(warehouse: Warehouse, location: Path | str) -> LoadSummary:
    source = S3Inventory(S3InventorySource(name="objects", type="s3_inventory", location=str(location)))
    return load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def land_reads(warehouse: Warehouse, location: Path) -> LoadSummary:
    return load_source(warehouse, S3Reads("objects-reads", str(location)), date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def deliver(root: Path, at: str, rows: Sequence[dict[str, Any]], **changes: object) -> Path:
    """Deliver one report as S3 does, below the destination bucket's root, and return the configured location."""
    content = parquet(rows)
    key = f"{CONFIGURATION}/data/{at}.parquet"
    write(root / key, content)
    manifest = {
        "sourceBucket": "ml-datasets",
        "destinationBucket": "arn:aws:s3:::inventory-bucket",
        "version": "2016-11-30",
        "creationTimestamp": "1790000000000",
        "fileFormat": "Parquet",
        "fileSchema": "message s3.inventory { required binary bucket (UTF8); }",
        "files": [{"key": key, "size": len(content), "MD5checksum": md5(content, usedforsecurity=False).hexdigest()}],
    } | changes
    text = json.dumps(manifest).encode()
    write(root / CONFIGURATION / at / "manifest.json", text)
    write(root / CONFIGURATION / at / "manifest.checksum", md5(text, usedforsecurity=False).hexdigest().encode() + b"\n")
    return root / CONFIGURATION


def test_only_the_newest_finished_report_before_the_night_counts(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path, "2026-09-28T01-00Z", [OBJECT])
    deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT, OBJECT])
    location = deliver(tmp_path, "2026-10-01T01-00Z", [OBJECT] * 3)
    deliver(tmp_path, "2026-09-30T01-00Z", [OBJECT] * 4)
    (location / "2026-09-30T01-00Z/manifest.checksum").unlink()

    summary = land(warehouse, location)

    assert (summary.changed_periods, summary.row_count) == (("2026-09-29",), 2)
    assert land(warehouse, location).changed_periods == ()


def test_a_night_before_the_first_report_has_none(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-10-01T01-00Z", [OBJECT])

    assert land(warehouse, location).periods == ()


def test_s3_gives_the_same_result_as_a_folder(warehouse: Warehouse, tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    location = deliver(tmp_path / "bucket", "2026-09-29T01-00Z", [OBJECT])
    local = land(Warehouse(Home(tmp_path / "local")), location)

    assert land(warehouse, upload(location, "inventory-bucket", CONFIGURATION)) == local


def test_a_changed_data_file_is_found_by_its_checksum(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT])
    write(location / "data/2026-09-29T01-00Z.parquet", parquet([OBJECT | {"size": 7}]))

    with pytest.raises(UnreadableExport, match=r"data/2026-09-29T01-00Z\.parquet is damaged: \d+ bytes with MD5 \w+; its manifest says"):
        land(warehouse, location)


def test_a_changed_manifest_is_found_by_its_checksum(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT])
    write(location / "2026-09-29T01-00Z/manifest.json", b"{}")

    with pytest.raises(UnreadableExport, match=r"manifest\.json is damaged: its MD5 is 9\w+, but manifest\.checksum says"):
        land(warehouse, location)


def test_a_missing_data_file_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT])
    (location / "data/2026-09-29T01-00Z.parquet").unlink()

    with pytest.raises(IncompleteExport, match=r"data/2026-09-29T01-00Z\.parquet is missing although .*manifest\.json names it"):
        land(warehouse, location)


def test_another_format_is_refused_with_the_setting_to_change(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT], fileFormat="CSV")

    with pytest.raises(UnreadableExport, match=r"the inventory is in CSV\. Set its output format to Apache Parquet"):
        land(warehouse, location)


def test_an_inventory_without_ages_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [{name: OBJECT[name] for name in ("bucket", "key", "size", "storage_class")}])

    with pytest.raises(MissingColumn, match=r"lacks the required column last_modified_date\. Select it among the inventory"):
        land(warehouse, location)


def test_a_location_without_reports_is_told_what_was_looked_for(warehouse: Warehouse, tmp_path: Path) -> None:
    with pytest.raises(MissingExport, match=r"No finished inventory was found at .*manifest\.checksum"):
        land(warehouse, tmp_path)


def test_a_location_that_is_not_the_configuration_folder_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    location = deliver(tmp_path, "2026-09-29T01-00Z", [OBJECT])
    renamed = location.rename(tmp_path / "renamed")

    with pytest.raises(IncompleteExport, match=r"not below .*/renamed/\. `location` must end in <bucket>/<configuration>"):
        land(warehouse, renamed)


def test_read_statistics_are_one_load_named_by_their_last_day(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "reads/reads.parquet", parquet([READS]))

    summary = land_reads(warehouse, tmp_path / "reads")

    assert (summary.changed_periods, summary.row_count) == (("2026-09-29",), 1)
    assert land_reads(warehouse, tmp_path / "reads").changed_periods == ()


def test_read_statistics_that_reach_into_the_night_wait(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "reads/reads.parquet", parquet([READS | {"observed_to": date(2026, 10, 2)}]))

    assert land_reads(warehouse, tmp_path / "reads").periods == ()


def test_read_statistics_without_their_period_are_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "reads/reads.parquet", parquet([{"bucket": "ml-datasets"}]))

    with pytest.raises(MissingColumn, match=r"reads\.parquet lacks the required column observed_to"):
        land_reads(warehouse, tmp_path / "reads")


def test_read_statistics_that_are_no_parquet_are_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "reads/reads.parquet", b"bucket,prefix")

    with pytest.raises(UnreadableExport, match=r"reads\.parquet is truncated or is not a Parquet file"):
        land_reads(warehouse, tmp_path / "reads")
