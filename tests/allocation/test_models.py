"""Every SQL model of the allocation, proved by the cases that lie beside it."""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from costsieve.sql_files import model_sql, sql_root
from costsieve.warehouse import Connection, query
from tests.sql.conftest import insert

ROOT = Path(sql_root(), "allocation")


@dataclass(frozen=True)
class Case:
    model: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model}: {self.content['name']}"


CASES = [
    Case(folder.parent.name, content)
    for folder in sorted(ROOT.glob("*/cases.yaml"))
    for content in yaml.safe_load(folder.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_returns_what_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        insert(connection, table, rows)
    found = query(connection, model_sql(f"allocation/{case.model}"), {"as_of": case.content["as_of"]}).to_dicts()
    only = case.content.get("expect_dimension")
    expected = [{name: comparable(value) for name, value in row.items()} for row in case.content["expect"]]
    named = list(expected[0])
    rows = [{name: comparable(row[name]) for name in named} for row in found if only in {None, row["dimension"]}]
    assert Counter(tuple(row.items()) for row in rows) == Counter(tuple(row.items()) for row in expected)


def test_every_model_has_cases() -> None:
    assert {case.model for case in CASES} == {path.parent.name for path in ROOT.glob("*/model.sql")}


def comparable(value: object) -> object:
    """YAML knows neither DECIMAL nor our dates: numbers compare by value, dates by their text."""
    if isinstance(value, bool) or value is None:
        return value
    return Decimal(str(value)).quantize(Decimal("1e-12")) if isinstance(value, int | float | Decimal) else str(value)
