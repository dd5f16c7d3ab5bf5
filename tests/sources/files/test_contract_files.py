"""Rows of a collector become a file of the contract, no column more or less."""

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.contracts.usage import INVENTORY
from costsieve.sources.files.contract_files import write_rows

VOLUME = {
    "provider": "AWS",
    "account_id": "100000000002",
    "resource_id": "vol-1",
    "resource_type": "block_volume",
    "observed_at": datetime(2026, 10, 1, 3),  # noqa: DTZ001 - UTC without a zone, as in every table
}


def test_a_file_has_exactly_the_columns_of_the_contract(tmp_path: Path) -> None:
    write_rows(INVENTORY, [VOLUME], tmp_path / "rows.parquet")
    assert tuple(pl.read_parquet_schema(tmp_path / "rows.parquet")) == INVENTORY.column_names


def test_no_rows_still_make_a_readable_file(tmp_path: Path) -> None:
    write_rows(INVENTORY, [], tmp_path / "rows.parquet")
    assert duckdb.execute("SELECT count(*) FROM read_parquet($file)", {"file": str(tmp_path / "rows.parquet")}).fetchall() == [(0,)]


def test_tags_become_a_map(tmp_path: Path) -> None:
    write_rows(INVENTORY, [{**VOLUME, "tags": {"team": "vision"}}], tmp_path / "rows.parquet")
    answer = duckdb.execute("SELECT tags['team'] FROM read_parquet($file)", {"file": str(tmp_path / "rows.parquet")})
    assert answer.fetchall() == [("vision",)]


def test_a_name_that_the_contract_lacks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"inventory\.resources has no column colour"):
        write_rows(INVENTORY, [{**VOLUME, "colour": "blue"}], tmp_path / "rows.parquet")


def test_a_row_without_what_the_contract_requires_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="resource_type"):
        write_rows(INVENTORY, [{**VOLUME, "resource_type": None}], tmp_path / "rows.parquet")
