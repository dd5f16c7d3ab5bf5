"""Every SQL model of usage, proved by the cases that lie beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from costsieve.contracts import catalog
from costsieve.sql_files import model_sql, sql_root
from costsieve.warehouse import Connection, query

ROOT = Path(sql_root(), "usage")
MODELS = sorted(path.parent.name for path in ROOT.glob("*/model.sql"))


@dataclass(frozen=True)
class Case:
    model: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model}: {self.content['name']}"


CASES = [Case(model, content) for model in MODELS for content in yaml.safe_load((ROOT / model / "cases.yaml").read_text(encoding="utf-8"))]


@pytest.fixture
def connection() -> Iterator[Connection]:
    """Every contract table without constraints, so that a case names only the columns that it is about."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        for table in catalog.BY_NAME.values():
            opened.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            opened.execute(f"CREATE TABLE {table.full_name} ({', '.join(f'"{column.name}" {column.type}' for column in table.columns)})")
        yield opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_returns_what_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        for row in rows:
            _insert(connection, table, row)

    found = query(connection, model_sql(f"usage/{case.model}"), case.content.get("parameters")).to_dicts()

    expected = case.content["expect"]
    assert len(found) == len(expected)
    for row in expected:
        assert row in [{name: _plain(each[name]) for name in row} for each in found]


def _insert(connection: Connection, table: str, row: dict[str, Any]) -> None:
    values = [{"key": list(value), "value": list(value.values())} if isinstance(value, dict) else value for value in row.values()]
    connection.execute(f"INSERT INTO {table} ({', '.join(f'"{name}"' for name in row)}) VALUES ({', '.join('?' * len(row))})", values)


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
