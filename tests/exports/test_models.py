"""Every SQL model of the FOCUS export, proved by the cases that lie beside it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from costsieve.contracts import raw
from costsieve.contracts.charges import CHARGES
from costsieve.contracts.focus import FOCUS_1_2
from costsieve.contracts.gcp import COMMITMENT_ATTRIBUTION
from costsieve.contracts.loads import LOADS
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.exports.focus_views import MODELS, create_focus_views
from costsieve.sql_files import sql_root
from costsieve.warehouse import Connection, query
from tests.sql.conftest import insert

ROOT = Path(sql_root(), "exports")


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
    """What the models read, as empty tables without constraints, and the models as views over them."""
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        for table in (CHARGES, COMMITMENT_ATTRIBUTION, DAILY_COST, LOADS, raw.FOCUS):
            columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
            opened.execute(f"CREATE SCHEMA IF NOT EXISTS {table.schema}")
            opened.execute(f"CREATE TABLE {table.full_name} ({columns})")
        create_focus_views(opened)
        yield opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_returns_what_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        insert(connection, table, rows)
    expected = case.content["expect"]
    found = query(connection, f"SELECT {', '.join(expected[0])} FROM temp.{case.model}").to_dicts()
    assert Counter(plain(row, expected[0]) for row in found) == Counter(plain(row, expected[0]) for row in expected)


@pytest.mark.parametrize("model", MODELS)
def test_model_opens_with_a_sentence(model: str) -> None:
    assert (ROOT / model / "model.sql").read_text(encoding="utf-8").startswith("-- ")


def test_every_model_is_used() -> None:
    assert sorted(path.parent.name for path in ROOT.glob("*/model.sql")) == sorted(MODELS)


def test_rows_have_the_load_they_came_from_and_then_the_standards_columns(connection: Connection) -> None:
    described = connection.sql("FROM temp.focus")

    assert described.columns == ["x_source", "x_period", *FOCUS_1_2.column_names]
    assert [str(type_) for type_ in described.types[2:]] == [column.type for column in FOCUS_1_2.columns]


def plain(row: dict[str, Any], names: dict[str, Any]) -> tuple[object, ...]:
    """The named values, numbers compared by value and times by their text."""
    return tuple(_plain(row[name]) for name in names)


def _plain(value: object) -> object:
    if value is None or isinstance(value, str):
        return value
    return Decimal(str(value)).quantize(Decimal("1e-12")) if isinstance(value, int | float | Decimal) else str(value)
