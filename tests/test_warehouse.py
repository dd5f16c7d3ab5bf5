"""The work file: all-or-nothing changes, one writer."""

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.contracts.loads import ROLL_UPS
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.warehouse import Warehouse, open_published, replace_frame


def rolled_up(*periods: str) -> pl.DataFrame:
    rows = [{"source": "bill", "period": period, "version": "1", "definition": "d"} for period in periods]
    return pl.DataFrame(rows, schema=ROLL_UPS.polars_schema())


def periods(warehouse: Warehouse) -> list[str]:
    return warehouse.query("SELECT period FROM meta.roll_ups ORDER BY period")["period"].to_list()


def break_off(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        replace_frame(connection, ROLL_UPS, rolled_up("2026-09"))
        connection.execute("SELECT CAST('x' AS INTEGER)")


def test_rows_are_replaced_where_the_key_says(tmp_path: Path) -> None:
    warehouse = Warehouse(Home(tmp_path))
    with warehouse.transaction() as connection:
        replace_frame(connection, ROLL_UPS, rolled_up("2026-08", "2026-09"))

    with warehouse.transaction() as connection:
        replace_frame(connection, ROLL_UPS, rolled_up("2026-10"), {"period": "2026-09"})

    assert periods(warehouse) == ["2026-08", "2026-10"]


def test_a_failed_change_leaves_everything_as_it_was(tmp_path: Path) -> None:
    warehouse = Warehouse(Home(tmp_path))
    with warehouse.transaction() as connection:
        replace_frame(connection, ROLL_UPS, rolled_up("2026-08"))

    with pytest.raises(duckdb.ConversionException):
        break_off(warehouse)

    assert periods(warehouse) == ["2026-08"]


def test_a_second_night_is_told_that_the_first_holds_the_file(tmp_path: Path) -> None:
    warehouse = Warehouse(Home(tmp_path))
    attempt = (
        "from pathlib import Path; from costsieve.home import Home; from costsieve.warehouse import Warehouse\n"
        f"Warehouse(Home(Path({str(tmp_path)!r}))).query('SELECT 1')"
    )

    with warehouse.connect():
        second = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=False)

    assert f"{CostsieveError.__name__}: {Home(tmp_path).work_warehouse} is in use by another night" in second.stderr


def test_a_damaged_work_file_is_no_other_night_and_the_published_one_can_replace_it(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with Warehouse(home).transaction() as connection:
        replace_frame(connection, ROLL_UPS, rolled_up("2026-09"))
    home.published_warehouse.parent.mkdir()
    shutil.copy(home.work_warehouse, home.published_warehouse)
    home.work_warehouse.write_bytes(home.work_warehouse.read_bytes()[:20_000])

    with pytest.raises(CostsieveError, match=r"work/warehouse\.duckdb is damaged.*copy .*published/warehouse\.duckdb to its place"):
        periods(Warehouse(home))

    shutil.copy(home.published_warehouse, home.work_warehouse)
    assert periods(Warehouse(home)) == ["2026-09"]


def test_a_damaged_work_file_without_a_published_one_is_made_anew(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.work_warehouse.parent.mkdir()
    home.work_warehouse.write_text("no database", encoding="utf-8")

    with pytest.raises(CostsieveError, match=r"is damaged.*not a valid DuckDB database file.*everything is read anew"):
        periods(Warehouse(home))


def test_a_damaged_published_file_says_how_it_is_published_anew(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.duckdb"
    path.write_text("no database", encoding="utf-8")

    with pytest.raises(CostsieveError, match=r"warehouse\.duckdb is damaged, .*Remove it and run `costsieve night`"):
        open_published(path)
