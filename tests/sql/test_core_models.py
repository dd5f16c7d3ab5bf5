"""Every SQL model of the cost basis, proved by the cases that lie beside it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import yaml
from sqlglot import exp

from costsieve.sql_files import model_sql, sql_root
from costsieve.warehouse import Connection, query
from tests.sql.conftest import insert

ROOT = Path(sql_root(), "core")
MODELS = sorted(path.parent.name for path in ROOT.glob("*/model.sql"))


@dataclass(frozen=True)
class Case:
    model: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model}: {self.content['name']}"

    @property
    def parameters(self) -> dict[str, Any]:
        as_of = self.content.get("as_of")
        return {**self.content.get("parameters", {}), **({"as_of": date.fromisoformat(str(as_of))} if as_of else {})}


def _cases(model: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((ROOT / model / "cases.yaml").read_text(encoding="utf-8"))
    return cases


CASES = [Case(model, content) for model in MODELS for content in _cases(model)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_returns_what_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        insert(connection, table, rows)
    found = query(connection, model_sql(f"core/{case.model}"), case.parameters).to_dicts()
    expected = [{name: comparable(value) for name, value in row.items()} for row in case.content["expect"]]
    named = list(expected[0]) if expected else []
    assert multiset([{name: comparable(row[name]) for name in named} for row in found]) == multiset(expected)


@pytest.mark.parametrize("model", MODELS)
def test_model_stays_within_what_spark_understands(model: str) -> None:
    (for_spark,) = sqlglot.transpile(model_sql(f"core/{model}"), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)
    assert columns_of(for_spark, "spark") == columns_of(model_sql(f"core/{model}"), "duckdb")


@pytest.mark.parametrize("model", MODELS)
def test_model_names_its_tables_in_full_and_opens_with_a_sentence(model: str) -> None:
    sql = model_sql(f"core/{model}")
    parsed = sqlglot.parse_one(sql, read="duckdb")
    ctes = {cte.alias for cte in parsed.find_all(exp.CTE)}
    assert all(table.db or table.name in ctes for table in parsed.find_all(exp.Table))
    assert sql.startswith("-- ")


def columns_of(sql: str, dialect: str) -> list[str]:
    parsed = sqlglot.parse_one(sql, read=dialect)
    assert isinstance(parsed, exp.Query)
    return parsed.named_selects


def comparable(value: object) -> object:
    """YAML knows neither DECIMAL nor our time stamps: numbers compare by value to the twelfth decimal, dates by their text."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value)).quantize(Decimal("1e-12"))
    return str(value)


def multiset(rows: list[dict[str, object]]) -> Counter[tuple[tuple[str, object], ...]]:
    return Counter(tuple(row.items()) for row in rows)
