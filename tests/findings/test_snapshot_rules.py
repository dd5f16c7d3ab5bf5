"""Three rules judge snapshots: whatever is known of a snapshot, at most one of them reports it. What each reports is in its cases."""

from datetime import date, datetime, timedelta
from itertools import product

import pytest

from costsieve.findings.candidates import run_rule
from costsieve.findings.rule import Rule, load_rules
from costsieve.settings import Settings
from costsieve.warehouse import Connection
from tests.findings.conftest import insert

AS_OF = date(2026, 10, 1)
PARAMETERS = {
    "old_snapshot": {"age_days": 1},
    "orphan_snapshot": {"minimum_age_days": 1},
    "redundant_backups": {"recent_snapshots": 1},
}
"""As loose as they can be, so that most snapshots are reported by some rule."""


@pytest.fixture
def reported(connection: Connection) -> dict[str, set[str]]:
    """Ids that each rule reports of snapshots in every combination of what may be known of one."""
    facts = product((True, False, None), (True, False, None), (None, "vol-1"), (None, "daily", "weekly"), (29, 30, 31, 400, None))
    rows = [
        {
            "resource_id": f"snap-{number:03}",
            "resource_type": "snapshot",
            "is_in_use": is_in_use,
            "is_source_alive": is_source_alive,
            "source_id": source_id,
            "attributes": {"backup_plan": plan} if plan else {},
            "created_at": age and datetime(2026, 10, 1) - timedelta(days=age),  # noqa: DTZ001 - naive UTC, as the contract has it
            "monthly_cost": 5,
        }
        for number, (is_in_use, is_source_alive, source_id, plan, age) in enumerate(facts)
    ]
    insert(connection, "usage.resources", rows)
    return {rule.id: _findings(connection, rule) for rule in load_rules() if rule.id in PARAMETERS}


def _findings(connection: Connection, rule: Rule) -> set[str]:
    settings = Settings(rules={rule.id: PARAMETERS[rule.id]})
    rows = run_rule(connection, rule, AS_OF, settings).iter_rows(named=True)
    return {row["resource_id"] for row in rows if row["outcome"] == "finding"}


def test_no_snapshot_is_reported_by_two_rules(reported: dict[str, set[str]]) -> None:
    together = [resource_id for ids in reported.values() for resource_id in ids]

    assert len(together) == len(set(together))


def test_every_rule_reports_some_of_them(reported: dict[str, set[str]]) -> None:
    assert {rule_id for rule_id, ids in reported.items() if ids} == set(PARAMETERS)
