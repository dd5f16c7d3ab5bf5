"""Every SQL model of reconciliation, proved by the cases that lie beside it."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from costsieve.sql_files import model_sql, sql_root
from costsieve.warehouse import Connection, query
from tests.sql.conftest import insert
from tests.sql.test_core_models import comparable, multiset

ROOT = Path(sql_root(), "reconciliation")
MODELS = sorted(path.parent.name for path in ROOT.glob("*/model.sql"))


def _cases(model: str) -> list[Any]:
    cases = yaml.safe_load((ROOT / model / "cases.yaml").read_text(encoding="utf-8"))
    return [pytest.param(model, case, id=f"{model}: {case['name']}") for case in cases]


@pytest.mark.parametrize(("model", "case"), [case for model in MODELS for case in _cases(model)])
def test_model_returns_what_its_case_says(connection: Connection, model: str, case: dict[str, Any]) -> None:
    for table, rows in case["given"].items():
        insert(connection, table, rows)
    found = query(connection, model_sql(f"reconciliation/{model}")).to_dicts()
    expected = [{name: comparable(value) for name, value in row.items()} for row in case["expect"]]
    assert multiset([{name: comparable(row[name]) for name in expected[0]} for row in found]) == multiset(expected)
