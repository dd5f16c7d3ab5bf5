"""What readers see while nights come and go."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.publication import publish
from costsieve.warehouse import Warehouse, open_published, query

NIGHT = date(2026, 10, 1)
MORNING = datetime(2026, 10, 1, 3, 5)  # noqa: DTZ001 - warehouse timestamps are UTC without zone


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(Home(tmp_path))


def test_before_the_first_night_a_reader_is_told_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(CostsieveError, match="costsieve night"):
        open_published(Home(tmp_path).published_warehouse)


def test_a_published_night_is_recorded_and_readable(warehouse: Warehouse) -> None:
    path = publish(warehouse, NIGHT, MORNING)

    with open_published(path) as connection:
        assert query(connection, "SELECT as_of, published_at FROM meta.nights").rows() == [(NIGHT, MORNING)]


def test_publishing_a_night_again_replaces_its_record(warehouse: Warehouse) -> None:
    publish(warehouse, NIGHT, MORNING)

    path = publish(warehouse, NIGHT, MORNING.replace(hour=9))

    with open_published(path) as connection:
        assert query(connection, "SELECT published_at FROM meta.nights").rows() == [(MORNING.replace(hour=9),)]


def test_readers_work_while_a_night_writes(warehouse: Warehouse) -> None:
    path = publish(warehouse, NIGHT, MORNING)

    with warehouse.transaction() as writing, open_published(path) as reading:
        writing.execute("DELETE FROM meta.nights")
        assert query(reading, "SELECT count(*) AS nights FROM meta.nights").item() == 1


def test_a_reader_keeps_the_night_that_it_opened(warehouse: Warehouse) -> None:
    path = publish(warehouse, NIGHT, MORNING)

    with open_published(path) as reading:
        publish(warehouse, date(2026, 10, 2), MORNING.replace(day=2))
        assert query(reading, "SELECT count(*) AS nights FROM meta.nights").item() == 1


def test_the_published_file_has_a_storage_version_that_older_readers_open(warehouse: Warehouse) -> None:
    path = publish(warehouse, NIGHT, MORNING)

    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
        tags = connection.execute("SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = 'published'").fetchone()
    assert tags is not None
    assert tags[0].startswith("v1.2.0")


def test_what_a_killed_night_left_unfinished_is_removed(warehouse: Warehouse) -> None:
    published = publish(warehouse, NIGHT, MORNING).parent
    (published / "warehouse.unfinished").write_bytes(b"half a file")
    (published / "warehouse.unfinished.wal").write_bytes(b"half a log")

    publish(warehouse, NIGHT, MORNING)

    assert [path.name for path in published.iterdir()] == ["warehouse.duckdb"]
