"""The demo bucket's inventory is complete as S3 delivers it, and its reads belong to the objects in it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import md5
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costsieve.contracts.usage import OBJECT_READS
from costsieve.estate.objects import DATASETS_BUCKET, PREFIXES, stored_gib, write_objects
from costsieve.estate.plan import EstatePlan

PLAN = EstatePlan(seed=3, line_items=4_000)
REPORT = f"s3-inventory/{DATASETS_BUCKET}/nightly/2026-09-30T01-00Z"
EDGES = [0, 15, 30, 60, 90, 180, 365, 730]


@dataclass(frozen=True)
class Bucket:
    folder: Path
    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = json.loads((self.folder / REPORT / "manifest.json").read_text())
        return manifest


def _md5(content: bytes) -> str:
    return md5(content, usedforsecurity=False).hexdigest()


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    folder = tmp_path_factory.mktemp("objects")
    write_objects(folder, PLAN)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            f"CREATE VIEW objects AS SELECT * FROM read_parquet('{folder}/s3-inventory/{DATASETS_BUCKET}/nightly/data/*.parquet')"
        )
        connection.execute(f"CREATE VIEW reads AS SELECT * FROM read_parquet('{folder}/s3-reads/reads.parquet')")
        yield Bucket(folder, connection)


def test_the_checksum_is_the_md5_of_the_manifest(bucket: Bucket) -> None:
    assert (bucket.folder / REPORT / "manifest.checksum").read_text() == _md5((bucket.folder / REPORT / "manifest.json").read_bytes())


def test_the_manifest_names_every_data_file_with_its_size_and_md5(bucket: Bucket) -> None:
    root = bucket.folder / "s3-inventory"
    named = {(file["key"], file["size"], file["MD5checksum"]) for file in bucket.manifest()["files"]}
    found = {(str(file.relative_to(root)), file.stat().st_size, _md5(file.read_bytes())) for file in root.rglob("*.parquet")}
    assert named == found


def test_the_manifest_says_when_and_how_the_inventory_was_taken(bucket: Bucket) -> None:
    manifest = bucket.manifest()
    assert (manifest["sourceBucket"], manifest["fileFormat"], manifest["version"]) == ("ml-datasets", "Parquet", "2016-11-30")
    assert manifest["creationTimestamp"] == "1790730000000"


def test_columns_are_those_of_a_parquet_inventory(bucket: Bucket) -> None:
    assert [(name, type_) for name, type_, *_ in bucket.rows("DESCRIBE objects")] == [
        ("bucket", "VARCHAR"),
        ("key", "VARCHAR"),
        ("size", "BIGINT"),
        ("last_modified_date", "TIMESTAMP WITH TIME ZONE"),
        ("e_tag", "VARCHAR"),
        ("storage_class", "VARCHAR"),
        ("is_multipart_uploaded", "BOOLEAN"),
    ]


def test_objects_add_up_to_what_the_bill_charges_to_the_byte(bucket: Bucket) -> None:
    assert stored_gib(PLAN) == 400 * 1024
    assert bucket.rows("SELECT sum(size), count(*) FROM objects") == [(400 * 2**40, 4_000)]


def test_keys_are_unique_and_all_objects_are_older_than_the_inventory(bucket: Bucket) -> None:
    counted = bucket.rows(
        "SELECT count(DISTINCT key), max(last_modified_date) < TIMESTAMPTZ '2026-09-30 01:00:00+00', min(size) > 0 FROM objects"
    )
    assert counted == [(4_000, True, True)]


def test_read_statistics_have_exactly_the_columns_of_their_contract(bucket: Bucket) -> None:
    assert [(name, type_) for name, type_, *_ in bucket.rows("DESCRIBE reads")] == [
        (column.name, column.type) for column in OBJECT_READS.columns
    ]


def test_every_prefix_has_every_age_and_ninety_days_of_observation(bucket: Bucket) -> None:
    rows = bucket.rows(
        "SELECT prefix, list(age_days_from ORDER BY age_days_from), min(observed_from), max(observed_to)"
        " FROM reads GROUP BY ALL ORDER BY ALL"
    )
    prefixes = [f"{prefix.name}/" for prefix in sorted(PREFIXES, key=lambda prefix: prefix.name)]
    assert rows == [(prefix, EDGES, date(2026, 7, 3), date(2026, 10, 1)) for prefix in prefixes]


def test_exposure_is_the_time_that_the_inventoried_objects_spent_in_each_age(bucket: Bucket) -> None:
    [(exposed,)] = bucket.rows("SELECT sum(object_days) FROM reads")
    [(expected,)] = bucket.rows(
        "SELECT sum(least(90, date_diff('ms', last_modified_date, TIMESTAMPTZ '2026-10-01 00:00:00+00') / 864e5)) FROM objects"
    )
    assert exposed == pytest.approx(expected)


def test_checkpoints_are_hardly_read_after_a_month_and_datasets_are_at_every_age(bucket: Bucket) -> None:
    rate = "sum(byte_count) / sum(byte_days) * 30"
    [(old_checkpoints,)] = bucket.rows(f"SELECT {rate} FROM reads WHERE prefix = 'checkpoints/' AND age_days_from >= 30")
    [(old_datasets,)] = bucket.rows(f"SELECT {rate} FROM reads WHERE prefix = 'datasets/' AND age_days_from >= 365")
    # Standard-IA pays for itself below 1.05 full reads a month.
    assert old_checkpoints < 0.1
    assert old_datasets > 1.05


def test_fewer_line_items_make_fewer_and_larger_objects(tmp_path: Path) -> None:
    write_objects(tmp_path, EstatePlan(line_items=500))
    with duckdb.connect() as connection:
        counted = connection.execute(
            f"SELECT count(*), sum(size) FROM read_parquet('{tmp_path}/s3-inventory/*/*/data/*.parquet')"
        ).fetchone()
    assert counted == (2_000, 400 * 2**40)


def test_the_same_plan_gives_the_same_files(tmp_path: Path) -> None:
    for run in ("first", "second"):
        write_objects(tmp_path / run, PLAN)
    contents = [[file.read_bytes() for file in sorted((tmp_path / run).rglob("*.*")) if file.is_file()] for run in ("first", "second")]
    assert contents[0] == contents[1]
