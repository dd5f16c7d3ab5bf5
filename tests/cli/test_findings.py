"""`costsieve findings` on two published nights."""

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from costsieve.cli.application import application
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.findings.realized import record_realized_savings
from costsieve.home import Home
from costsieve.warehouse import Warehouse
from tests.findings.nights import FIRST, SECOND, Seen, run_night

runner = CliRunner()
GONE = {"is_in_inventory": False, "state": None}


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """330.00 on the first night; i-deleted goes, i-new comes and i-grown grows, which makes 355.00."""
    folder = tmp_path_factory.mktemp("findings")
    home = Home(folder / "home")
    (folder / "costsieve.yaml").write_text("home: home", encoding="utf-8")
    vision = {"state": "running", "team": "vision"}
    with Warehouse(home).connect() as connection:
        run_night(connection, FIRST, [Seen("i-deleted", savings="30.00"), Seen("i-grown", savings="300.00", listed=vision)])
        now = [Seen("i-grown", savings="310.00", cost="320.00", listed=vision), Seen("i-new", savings="45.00"), Seen("b-1")]
        run_night(connection, SECOND, [*now, Seen("i-deleted", "clean", listed=GONE)])
        connection.execute("UPDATE results.findings SET team = 'vision' WHERE resource_id = 'i-grown'")
        connection.execute("UPDATE results.finding_changes SET team = 'vision' WHERE resource_id = 'i-grown'")
        record_realized_savings(connection, SECOND)
    home.published_warehouse.parent.mkdir()
    home.work_warehouse.rename(home.published_warehouse)
    return folder / "costsieve.yaml"


def findings(config: Path, *arguments: str) -> str:
    return runner.invoke(application, ["findings", *arguments, "--config", str(config)], catch_exceptions=False).output


def rows(config: Path, *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(findings(config, *arguments, "--format", "json"))
    return found


def test_findings_of_the_last_night_are_listed_by_what_they_save(config: Path) -> None:
    assert [(row["resource_id"], row["monthly_savings"]) for row in rows(config)] == [
        ("i-grown", "310.00"),
        ("i-new", "45.00"),
        ("b-1", None),
    ]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--team", "vision"], ["i-grown"]),
        (["--provider", "gcp"], []),
        (["--provider", "AWS", "--rule", "idle_vm"], ["i-grown", "i-new", "b-1"]),
        (["--min-savings", "50"], ["i-grown"]),
        (["--as-of", str(FIRST)], ["i-grown", "i-deleted"]),
    ],
)
def test_findings_can_be_chosen(config: Path, arguments: list[str], expected: list[str]) -> None:
    assert [row["resource_id"] for row in rows(config, *arguments)] == expected


def test_a_table_is_for_reading(config: Path) -> None:
    header, first, *_ = (line.split() for line in findings(config).splitlines())

    assert header[:3] == ["finding_id", "rule_id", "resource"]
    assert first[-2:] == ["320.00", "310.00"]


def test_the_changes_are_a_bridge_that_adds_up_and_then_each_change(config: Path) -> None:
    lines = [line.split() for line in findings(config, "--changes").splitlines()]

    assert lines[1] == ["USD", "night", "of", "2026-09-29", "2", "330.00"]
    assert lines[2] == ["USD", "new:", "new_resource", "2", "45.00"]
    assert lines[3] == ["USD", "grown:", "cost_changed", "1", "10.00"]
    assert lines[4] == ["USD", "gone:", "resource_deleted", "1", "-30.00"]
    assert lines[5] == ["USD", "night", "of", "2026-09-30", "3", "355.00"]
    assert [line[2] for line in lines[8:]] == ["i-new", "i-deleted", "i-grown", "b-1"]


def test_the_bridge_of_one_team_adds_up_too(config: Path) -> None:
    lines = [line.split() for line in findings(config, "--changes", "--team", "vision", "--min-savings", "20").splitlines()]

    assert [line[-1] for line in lines[1:4]] == ["300.00", "10.00", "310.00"]


def test_programs_get_every_change(config: Path) -> None:
    told = {row["resource_id"]: (row["change"], Decimal(row["difference"])) for row in rows(config, "--changes")}

    assert told["i-deleted"] == ("gone", Decimal("-30.00"))
    assert sum(difference for _, difference in told.values()) == Decimal("25.00")


def test_the_first_night_has_no_changes(config: Path) -> None:
    assert findings(config, "--changes", "--as-of", str(FIRST)) == "No finding changed in the night of 2026-09-29.\n"


def test_what_was_saved_is_listed_with_what_is_assumed(config: Path) -> None:
    (row,) = rows(config, "--saved")

    assert (row["resource_id"], row["realized_savings"], row["unmeasured_reason"]) == ("i-deleted", None, "no_cost_before")
    assert row["counterfactual"].startswith("Had it not been deleted")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rule", "idle_wm"], "there is no rule 'idle_wm'. `costsieve rules` lists them."),
        (["--min-savings", "ten"], "--min-savings ten is not an amount; write it as 10 or 10.50."),
        (["--min-savings", "NaN"], "--min-savings NaN is not an amount"),
        (["--changes", "--saved"], "--changes and --saved are two lists"),
    ],
)
def test_what_cannot_be_meant_is_refused(config: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        findings(config, *arguments)


def test_a_night_that_never_published_is_refused_with_those_that_did(config: Path) -> None:
    with pytest.raises(CostsieveError, match=r"the night of 2026-10-05 has not published\. Published nights: 2026-09-29 to 2026-09-30\."):
        findings(config, "--as-of", str(date(2026, 10, 5)))


def test_a_file_without_history_is_refused(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    (tmp_path / "costsieve.yaml").write_text("home: home", encoding="utf-8")
    with Warehouse(home).connect() as connection:
        connection.execute("DROP TABLE results.realized_savings")
    home.published_warehouse.parent.mkdir()
    home.work_warehouse.rename(home.published_warehouse)

    with pytest.raises(ConfigurationError, match="kept no history of findings"):
        findings(tmp_path / "costsieve.yaml")
