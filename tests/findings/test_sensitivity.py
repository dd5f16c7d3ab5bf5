"""How findings and savings hang on the preset, on tables whose every finding is known by hand."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.errors import CostsieveError
from costsieve.findings import parameters
from costsieve.findings import sensitivity as module
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import Rule, load_rules
from costsieve.findings.sensitivity import GROSS, NET, sensitivity
from costsieve.settings import Settings
from costsieve.warehouse import Connection
from tests.findings.conftest import insert, insert_daily

AS_OF = date(2026, 10, 1)
RULE = """
title: A cheap machine
why: Because
remedy: Do it
step: "Stop {resource}"
action: terminate
severity: low
applies_to: [{provider: AWS, resource_type: virtual_machine}]
criteria: [None]
permissions: {AWS: []}
params: {cost: {value: 50, careful: 20, max_savings: 90, unit: currency, description: Machines up to it}}
confidence: {high: Always}
"""
SELECT_CHEAP = """-- Cheap machines.
SELECT
    provider, account_id, resource_id, currency, CASE WHEN monthly_cost <= $cost THEN 'finding' ELSE 'busy' END AS verdict,
    'high' AS confidence, 'always' AS confidence_reason, CAST(SHARE AS DECIMAL(18, 12)) AS remaining_cost_share, {'seen': true} AS evidence
FROM usage.resources
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Rule]:
    """One rule that ends cheap machines, one that halves them, and one that does not know what it saves."""
    for name, share in (("ends", "0"), ("halves", "0.5"), ("improves", "NULL")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "rule.yaml").write_text(RULE if name != "halves" else RULE.replace("terminate", "rightsize"), encoding="utf-8")
        (folder / "rule.sql").write_text(SELECT_CHEAP.replace("SHARE", share), encoding="utf-8")
        step = "commands: [{purpose: Look, command: [aws, ec2, describe-instances]}]"
        (folder / "remedy.yaml").write_text(f"[{{provider: AWS, {step}, terraform: Remove it}}]", encoding="utf-8")
    found = load_rules(tmp_path)
    for each in (module, parameters):
        monkeypatch.setattr(each, "load_rules", lambda: found)
    return found


@pytest.fixture
def night(connection: Connection, rules: list[Rule]) -> Connection:
    """Machines of 10, 40 and 80 a month."""
    machine = {"resource_type": "virtual_machine"}
    insert(connection, "usage.resources", [machine | {"resource_id": f"i-{cost}", "monthly_cost": cost} for cost in (10, 40, 80)])
    insert_daily(connection, 30, x_net_effective_cost=10)
    for rule in rules:
        evaluate_rule(connection, rule, AS_OF, Settings())
    return connection


def _by_rule(found: pl.DataFrame) -> dict[str, tuple[object, ...]]:
    return {row[0]: row[2:] for row in found.iter_rows()}


def test_every_rule_and_their_sum_are_shown_at_each_preset(night: Connection) -> None:
    found = _by_rule(sensitivity(night, Settings()))

    assert found["ends"] == (1, Decimal(10), 2, Decimal(50), 3, Decimal(130))
    assert found["halves"] == (1, Decimal(5), 2, Decimal(25), 3, Decimal(65))
    assert found["improves"] == (1, None, 2, None, 3, None)
    assert found[GROSS] == (3, Decimal(15), 6, Decimal(75), 9, Decimal(195))
    assert found[NET] == (2, Decimal(10), 4, Decimal(50), 6, Decimal(130))


def test_what_the_configuration_sets_holds_at_every_preset(night: Connection) -> None:
    found = _by_rule(sensitivity(night, Settings.model_validate({"preset": "careful", "rules": {"ends": {"cost": 45}}})))

    assert found["ends"] == (2, Decimal(50), 2, Decimal(50), 2, Decimal(50))
    assert found["halves"] == (1, Decimal(5), 2, Decimal(25), 3, Decimal(65))


def test_excepted_findings_are_left_out(night: Connection, tmp_path: Path) -> None:
    path = tmp_path / "exceptions.yaml"
    path.write_text("- {resource: i-10, owner: maria, reason: needed, expires: 2027-01-01}", encoding="utf-8")

    assert _by_rule(sensitivity(night, Settings(exceptions=path)))["ends"] == (0, Decimal(0), 1, Decimal(40), 2, Decimal(120))


def test_the_published_file_need_not_be_writable(night: Connection, tmp_path: Path) -> None:
    night.execute(f"ATTACH '{tmp_path / 'published.duckdb'}' AS published")
    night.execute("COPY FROM DATABASE memory TO published")
    night.execute("DETACH published")

    with duckdb.connect(str(tmp_path / "published.duckdb"), read_only=True) as published:
        assert _by_rule(sensitivity(published, Settings()))["ends"][0] == 1


def test_before_the_first_night_it_says_what_to_run(connection: Connection) -> None:
    with pytest.raises(CostsieveError, match="Run `costsieve night` first"):
        sensitivity(connection, Settings())
