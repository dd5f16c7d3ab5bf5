"""Every SQL model of recommendations, proved by the cases that lie beside it."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from costsieve.sql_files import model_sql, sql_root
from costsieve.warehouse import Connection, query
from tests.recommendations.conftest import insert

ROOT = Path(sql_root(), "recommendations")
MODELS = sorted(path.parent.name for path in ROOT.glob("*/model.sql"))


@dataclass(frozen=True)
class Case:
    model: str
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.model}: {self.content['name']}"


CASES = [Case(model, content) for model in MODELS for content in yaml.safe_load((ROOT / model / "cases.yaml").read_text(encoding="utf-8"))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_model_returns_what_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        insert(connection, table, rows)
    found = query(connection, model_sql(f"recommendations/{case.model}"), case.content.get("parameters")).to_dicts()
    expected = case.content["expect"]
    assert [{name: plain(row[name]) for name in expectation} for row, expectation in zip(found, expected, strict=True)] == expected


def plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(round(value, 9))
    return round(value, 9) if isinstance(value, float) else value
