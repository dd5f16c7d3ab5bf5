"""A version goes only when neither the work file nor the published file refers to it."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa

from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import load_source
from costsieve.sources.retention import removable_versions, remove_unreferenced
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet


def land(warehouse: Warehouse, export: Path, execution_id: str, rows: int = 1) -> None:
    parquet_file = parquet([cur_row()] * rows, schema=pa.Table.from_pylist([cur_row()]).schema)
    deliver_cur_month(export, "2026-09", {"costs-00001.snappy.parquet": parquet_file}, execution_id)
    source = AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(export)))
    load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def publish(warehouse: Warehouse) -> None:
    warehouse.home.published_warehouse.parent.mkdir(exist_ok=True)
    shutil.copyfile(warehouse.home.work_warehouse, warehouse.home.published_warehouse)


def versions(warehouse: Warehouse) -> list[str]:
    return sorted(path.name for path in warehouse.home.lake.glob("*/*/*/*"))


def test_a_version_that_only_the_published_file_reads_stays_until_the_next_is_published(warehouse: Warehouse, tmp_path: Path) -> None:
    land(warehouse, tmp_path / "export", "v1")
    publish(warehouse)
    land(warehouse, tmp_path / "export", "v2", rows=2)

    remove_unreferenced(warehouse.home)
    before_publication = versions(warehouse)
    publish(warehouse)
    remove_unreferenced(warehouse.home)

    assert before_publication == ["version=v1", "version=v2"]
    assert versions(warehouse) == ["version=v2"]


def test_a_version_that_nothing_refers_to_is_removed(warehouse: Warehouse, tmp_path: Path) -> None:
    for version in ("v1", "v2", "v3"):
        land(warehouse, tmp_path / "export", version)
    publish(warehouse)

    assert [path.name for path in removable_versions(warehouse.home)] == ["version=v1", "version=v2"]
    assert [path.name for path in remove_unreferenced(warehouse.home)] == ["version=v1", "version=v2"]
    assert versions(warehouse) == ["version=v3"]


def test_the_version_of_an_empty_month_stays(warehouse: Warehouse, tmp_path: Path) -> None:
    land(warehouse, tmp_path / "export", "v1", rows=0)

    assert remove_unreferenced(warehouse.home) == []
    assert versions(warehouse) == ["version=v1"]


def test_a_home_without_any_night_has_nothing_to_remove(warehouse: Warehouse) -> None:
    assert remove_unreferenced(warehouse.home) == []
