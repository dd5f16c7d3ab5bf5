"""Every SQL check, proved by its own cases."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlglot
import yaml
from pydantic import ValidationError

from costsieve import sql_files
from costsieve.contracts import catalog
from costsieve.quality.check_files import CheckFile, check_files, load_check_files
from costsieve.quality.checks import CHECKED_TABLES
from costsieve.warehouse import Connection, query
from tests.quality.conftest import insert

ROOT = sql_files.sql_root() / "quality"
CHECKS = load_check_files(ROOT)


def _cases(check: CheckFile) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = yaml.safe_load((ROOT / check.check_name / "cases.yaml").read_text(encoding="utf-8"))
    return cases


CASES = [pytest.param(check, case, id=f"{check.check_name}: {case['name']}") for check in CHECKS for case in _cases(check)]
ALL = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.check_name)


@pytest.mark.parametrize(("check", "case"), CASES)
def test_check_selects_exactly_the_offending_rows(connection: Connection, check: CheckFile, case: dict[str, Any]) -> None:
    for table_name, rows in case["given"].items():
        insert(connection, table_name, rows)
    offending = query(connection, check.sql, _parameters(check, case))
    if isinstance(case["expect"], int):
        assert offending.height == case["expect"]
    else:
        assert _as_named(offending, case["expect"]) == [_texts(row) for row in case["expect"]]


def _parameters(check: CheckFile, case: dict[str, Any]) -> dict[str, Any]:
    """Bind what the SQL uses: the case's own values before the check's defaults."""
    defaults = {name: parameter.value for name, parameter in check.params.items()}
    given = {"report_currency": "USD", **defaults, **case.get("parameters", {})}
    return {name: case["as_of"] if name == "as_of" else given[name] for name in check.bound}


def _as_named(offending: pl.DataFrame, expected: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Keep the columns that the expected rows name; a row too many stays visible."""
    named = list(expected[0]) if expected else offending.columns
    return [_texts(row) for row in offending.select(named).to_dicts()]


def _texts(row: dict[str, Any]) -> dict[str, str]:
    """YAML knows no DECIMAL: compare numbers by value, everything else by its text."""
    return {name: f"{float(value):.12g}" if _is_number(value) else str(value) for name, value in row.items()}


def _is_number(value: object) -> bool:
    return not isinstance(value, bool) and hasattr(value, "__round__")


@ALL
def test_check_is_proved_both_ways(check: CheckFile) -> None:
    expected = [case["expect"] for case in _cases(check)]
    assert any(not rows for rows in expected), "no case in which the check stays silent"
    assert any(rows for rows in expected), "no case in which the check reports"


@ALL
def test_check_reads_only_contracted_tables(check: CheckFile) -> None:
    parsed = sqlglot.parse_one(check.sql, read="duckdb")
    ctes = {cte.alias for cte in parsed.find_all(sqlglot.exp.CTE)}
    read = {f"{table.db}.{table.name}" for table in parsed.find_all(sqlglot.exp.Table) if table.db or table.name not in ctes}
    assert read <= set(catalog.BY_NAME)


@ALL
def test_check_says_what_to_do(check: CheckFile) -> None:
    assert check.remedy.endswith(".")
    assert not check.title.endswith("."), "the title is followed by a full stop where it is shown"


def test_every_check_runs_after_exactly_one_table() -> None:
    guarding = sorted(check.check_name for table_name in CHECKED_TABLES for check in check_files(table_name))
    assert guarding == [check.check_name for check in CHECKS]


def test_a_second_threshold_for_the_same_rows_needs_no_second_sql() -> None:
    checks = {check.check_name: check for check in CHECKS}
    kept, not_halved = checks["period_total_is_kept"], checks["period_total_is_not_halved"]
    assert not_halved.sql == kept.sql
    assert (not_halved.severity, str(not_halved.params["max_drop_share"].value)) == ("critical", "0.4")
    assert (kept.severity, str(kept.params["max_drop_share"].value)) == ("warning", "0.1")


def test_no_sql_is_there_twice() -> None:
    texts = [path.read_text(encoding="utf-8") for path in ROOT.glob("*/check.sql")]
    assert len(set(texts)) == len(texts)


def test_sql_beside_a_check_that_takes_another_ones_is_refused(tmp_path: Path) -> None:
    described = "title: Costs add up, table: core.daily_cost, severity: warning, remedy: Look."
    for name, content in (("costs_add_up", f"{{{described}}}"), ("costs_nearly_add_up", f"{{{described}, rows_of: costs_add_up}}")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "check.yaml").write_text(content, encoding="utf-8")
        (tmp_path / name / "check.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(ValueError, match=r"costs_nearly_add_up has a check\.sql of its own beside rows_of: costs_add_up"):
        load_check_files(tmp_path)


def test_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "costs_add_up"
    folder.mkdir()
    (folder / "check.yaml").write_text("{title: Costs add up, table: core.daily_cost, severity: fatal, remedy: Look.}", encoding="utf-8")
    (folder / "check.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(ValidationError, match="severity"):
        load_check_files(tmp_path)


def test_a_table_that_is_not_checked_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "costs_add_up"
    folder.mkdir()
    (folder / "check.yaml").write_text("{title: Costs add up, table: core.costs, severity: critical, remedy: Look.}", encoding="utf-8")
    (folder / "check.sql").write_text("SELECT 1", encoding="utf-8")
    with pytest.raises(ValidationError, match=r"core\.costs is none of the checked tables"):
        load_check_files(tmp_path)
