"""Every rule, proved by the cases that lie beside it: what it reports, what it leaves alone, and what it cannot judge."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import yaml

from costsieve.contracts import catalog
from costsieve.contracts.verdicts import CLEAN, REASONS
from costsieve.findings.candidates import judge, run_rule
from costsieve.findings.rule import Rule, load_rules
from costsieve.settings import Schedule, Settings
from costsieve.sql_files import sql_root
from costsieve.warehouse import Connection
from tests.findings.conftest import insert, insert_series

RULES = load_rules()


@dataclass(frozen=True)
class Case:
    rule: Rule
    content: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.rule.id}: {self.content['name']}"


def _cases(rule: Rule) -> list[Case]:
    path = Path(sql_root(), "rules", rule.id, "cases.yaml")
    return [Case(rule, content) for content in yaml.safe_load(path.read_text(encoding="utf-8"))]


CASES = [case for rule in RULES for case in _cases(rule)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rule_judges_as_its_case_says(connection: Connection, case: Case) -> None:
    for table, rows in case.content["given"].items():
        insert(connection, table, rows)
    insert_series(connection, case.content.get("series", []))
    schedule = Schedule(time_zone=case.content.get("time_zone", "UTC"))
    settings = Settings(rules={case.rule.id: case.content.get("params", {})}, schedule=schedule)
    as_of = case.content.get("as_of", date(2026, 10, 1))

    rows = sorted(run_rule(connection, case.rule, as_of, settings).to_dicts(), key=lambda row: row["resource_id"])

    expected = sorted(case.content["expect"], key=lambda row: row["resource_id"])
    assert [_seen(row, expectation) for row, expectation in zip(rows, expected, strict=True)] == expected
    assert len(judge(connection, case.rule, as_of, settings)) == len(expected)


def _seen(row: dict[str, Any], expectation: dict[str, Any]) -> dict[str, Any]:
    """The part of a row that the expectation speaks about, in its types."""
    return {key: _seen(row[key], value) if isinstance(value, dict) else _plain(row[key]) for key, value in expectation.items()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    return float(value) if isinstance(value, Decimal) else value


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_is_proved_both_ways_and_for_every_reason(rule: Rule) -> None:
    expected = [row for case in _cases(rule) for row in case.content["expect"]]
    returned = {
        literal.this for literal in sqlglot.parse_one(rule.sql, dialect="duckdb").find_all(sqlglot.exp.Literal) if literal.is_string
    }
    reasons = returned & set(REASONS)

    assert {"finding", "clean"} <= {row["outcome"] for row in expected}
    assert {row["reason"] for row in expected if row["outcome"] == "not_evaluable"} == reasons


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_reads_only_contracted_tables(rule: Rule) -> None:
    assert set(rule.reads) <= set(catalog.BY_NAME)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_reports_on_every_provider_it_applies_to(rule: Rule) -> None:
    providers = {
        resource.get("provider", "AWS")
        for case in _cases(rule)
        for expectation in case.content["expect"]
        if expectation["outcome"] == "finding"
        for resource in case.content["given"]["usage.resources"]
        if resource["resource_id"] == expectation["resource_id"]
    }

    assert providers == {scope.provider for scope in rule.applies_to}


def test_every_word_for_what_is_clean_is_said_by_some_rule() -> None:
    said = {literal.this for rule in RULES for literal in sqlglot.parse_one(rule.sql, dialect="duckdb").find_all(sqlglot.exp.Literal)}

    assert set(CLEAN) <= said
