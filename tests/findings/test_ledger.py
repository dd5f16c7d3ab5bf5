"""A night that runs again after a rule was removed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from costsieve.findings.ledger import forget_removed_rules
from costsieve.findings.rule import load_rules
from costsieve.home import Home
from costsieve.warehouse import Connection, Warehouse, query

NIGHT, NIGHT_BEFORE = date(2026, 10, 1), date(2026, 9, 30)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Connection]:
    with Warehouse(Home(tmp_path)).connect() as connection:
        for as_of in (NIGHT_BEFORE, NIGHT):
            for rule_id in ("idle_vm", "removed_rule"):
                connection.execute(
                    "INSERT INTO results.evaluations (as_of, rule_id, provider, resource_id, monthly_cost, outcome)"
                    " VALUES (?, ?, 'AWS', 'i-1', 1, 'clean')",
                    [as_of, rule_id],
                )
        yield connection


def test_what_a_removed_rule_said_of_the_night_is_forgotten_and_its_history_is_kept(opened: Connection) -> None:
    forget_removed_rules(opened, NIGHT, load_rules())

    kept = query(opened, "SELECT as_of, rule_id FROM results.evaluations ORDER BY as_of, rule_id").rows()
    assert kept == [(NIGHT_BEFORE, "idle_vm"), (NIGHT_BEFORE, "removed_rule"), (NIGHT, "idle_vm")]
