"""What readers see while nights come and go."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.publication import publish
from costsieve.warehouse import Warehouse, open_published, query
from tests.billed_home import billed_home, cur_rows, gcp_rows

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


@pytest.fixture
def reconciled(warehouse: Warehouse) -> Warehouse:
    """A night whose bills are rolled up and reconciled, with a member's export that is left out."""
    with billed_home(warehouse) as bills:
        bills.land(cur_rows("3 AS line_item_unblended_cost", "4 AS line_item_unblended_cost, 'EUR' AS line_item_currency_code"))
        bills.land(cur_rows("3 AS line_item_unblended_cost"), "member-bill")
        bills.land(gcp_rows("1.5 AS cost", "2.5 AS cost, {'month': '202610'} AS invoice"), "gcp-bill", "2026-10-01")
        bills.reconcile()
    return warehouse


def test_the_published_file_says_what_it_holds_of_every_reconciled_row(reconciled: Warehouse) -> None:
    path = publish(reconciled, NIGHT, MORNING)

    with open_published(path) as connection:
        rows = "SELECT source, billing_month, currency, delivered_cost, daily_cost, published_cost FROM quality.reconciliation ORDER BY ALL"
        assert query(connection, rows).rows() == [
            ("gcp-bill", "2026-09", "EUR", 1, 1, 1),
            ("gcp-bill", "2026-10", "EUR", 2, 2, 2),
            ("member-bill", "2026-09", "USD", 3, 0, 0),
            ("org-bill", "2026-09", "EUR", 4, 4, 4),
            ("org-bill", "2026-09", "USD", 3, 3, 3),
        ]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ('UPDATE core.daily_cost SET "BilledCost" = 3.000000000001 WHERE "BilledCost" = 3', "org-bill 2026-09 USD: 3 in 1 line items"),
        ("DELETE FROM core.daily_cost WHERE x_source = 'gcp-bill'", "gcp-bill 2026-10-01 EUR: 3 in 2 line items"),
    ],
)
def test_a_copy_that_is_not_what_was_reconciled_is_not_published(reconciled: Warehouse, damage: str, told: str) -> None:
    """As after a disk that lost a page between the checks and the end of the night."""
    last_good = publish(reconciled, NIGHT, MORNING).read_bytes()
    with reconciled.connect() as connection:
        connection.execute(damage)

    with pytest.raises(CostsieveError, match=told):
        publish(reconciled, date(2026, 10, 2), MORNING.replace(day=2))

    assert reconciled.home.published_warehouse.read_bytes() == last_good


def test_readers_of_the_published_file_see_bills_without_what_is_left_out(reconciled: Warehouse) -> None:
    path = publish(reconciled, NIGHT, MORNING)

    with open_published(path) as connection:
        assert query(connection, "SELECT DISTINCT x_source FROM core.charges ORDER BY ALL").rows() == [("gcp-bill",), ("org-bill",)]
