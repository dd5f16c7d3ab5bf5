"""Cash savings: all findings of a night together, from the bill's days and hours to the figure in the finding."""

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from costsieve.findings.cash import write_cash_savings
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.explain import explain
from costsieve.findings.rule import Rule, load_rules
from costsieve.settings import Settings
from costsieve.warehouse import Connection, create_contract_tables, query
from tests.findings.conftest import insert, insert_daily, insert_hours

AS_OF = date(2026, 10, 1)
RULE = """
title: A machine
why: Because
remedy: Do it
step: "Stop {resource}"
action: ACTION
severity: low
applies_to: [{provider: AWS, resource_type: virtual_machine}]
criteria: [None]
permissions: {AWS: []}
confidence: {high: Always}
"""
SELECT_MACHINES = """-- Every machine that has a size; the size is the share that stays.
SELECT
    provider, account_id, resource_id, currency, 'finding' AS verdict, 'high' AS confidence, 'always' AS confidence_reason,
    CAST(size_gib AS DECIMAL(18, 12)) AS remaining_cost_share, {'seen': true} AS evidence
FROM usage.resources
WHERE size_gib IS NOT NULL
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> list[Rule]:
    root: Path = tmp_path_factory.mktemp("rules")
    for action in ("terminate", "schedule"):
        folder = root / f"a_{action}"
        folder.mkdir()
        (folder / "rule.yaml").write_text(RULE.replace("ACTION", action), encoding="utf-8")
        (folder / "rule.sql").write_text(SELECT_MACHINES, encoding="utf-8")
        step = "commands: [{purpose: Look, command: [aws, ec2, describe-instances]}]"
        (folder / "remedy.yaml").write_text(f"[{{provider: AWS, {step}, terraform: Remove it}}]", encoding="utf-8")
    return load_rules(root)


def _machine(connection: Connection, name: str, remaining: float | None = 0, **row: Any) -> None:  # noqa: ANN401 - columns of any type
    """A machine whose monthly costs are those of its daily rows."""
    costs = query(
        connection,
        "SELECT coalesce(sum(x_net_effective_cost), 0), coalesce(sum(x_net_effective_cost) FILTER (PricingCategory = 'Committed'), 0)"
        " FROM core.daily_cost WHERE ResourceId = $name AND x_pool = 'usage'",
        {"name": name},
    ).row(0)
    amounts = {"monthly_cost": costs[0], "monthly_committed_cost": costs[1], "monthly_list_cost": costs[0]}
    insert(
        connection, "usage.resources", [{"resource_id": name, "resource_type": "virtual_machine", "size_gib": remaining} | amounts | row]
    )


def _night(connection: Connection, rules: list[Rule]) -> dict[str, Decimal]:
    for rule in rules:
        evaluate_rule(connection, rule, AS_OF, Settings())
    write_cash_savings(connection, AS_OF)
    return dict(query(connection, "SELECT resource_id, monthly_cash_savings FROM results.findings ORDER BY ALL").iter_rows())


def test_a_machine_that_computes_by_day_frees_nothing_for_machines_that_compute_by_night(connection: Connection, rules: list[Rule]) -> None:
    # 30 days of 12 committed, used from 8 to 20 o'clock. Others cost 12 a day on demand, from 20 to 8 o'clock: nothing is taken over.
    day, night = range(8, 20), (*range(8), *range(20, 24))
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=12, PricingCategory="Committed")
    insert_hours(connection, 30, day, x_usage_type="BoxUsage:a", x_net_effective_cost=1, PricingCategory="Committed")
    insert_hours(connection, 30, night, x_usage_type="BoxUsage:b", x_net_effective_cost=1)
    _machine(connection, "i-1")

    assert _night(connection, rules[1:]) == {"i-1": 0}


def test_it_frees_as_much_as_others_pay_on_demand_at_the_same_hours_and_explain_says_so(connection: Connection, rules: list[Rule]) -> None:
    # The same beside machines that cost 0.5 an hour all day: of 1 an hour, half is taken over in each of the 360 hours.
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=12, PricingCategory="Committed")
    insert_hours(connection, 30, range(8, 20), x_usage_type="BoxUsage:a", x_net_effective_cost=1, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost="0.5")
    insert(connection, "core.resource_costs", [{"ResourceId": "i-1"}])
    _machine(connection, "i-1")

    assert _night(connection, rules[1:]) == {"i-1": 180}

    [(finding_id, evidence)] = query(connection, "SELECT finding_id, evidence FROM results.findings").rows()
    amounts = json.loads(evidence)["savings"]
    assert (amounts["absorbed_committed_cost"], amounts["hours_with_freed_commitment"], amounts["hours_taken_over"]) == ("180", "360", "0")
    explanation = explain(connection, finding_id)
    assert explanation.is_reproduced
    assert "360 - 360 that commitments cover + 180 that other on-demand machines take over (in 0 of 360 hours all of it)" in "\n".join(
        explanation.lines()
    )


def test_on_demand_usage_that_findings_end_themselves_takes_nothing_over(connection: Connection, rules: list[Rule]) -> None:
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=24, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:a", x_net_effective_cost=1, PricingCategory="Committed")
    insert_daily(connection, 30, ResourceId="i-2", x_usage_type="BoxUsage:b", x_net_effective_cost=24)
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost=1)
    _machine(connection, "i-1")
    _machine(connection, "i-2", 0.25)

    # A quarter of i-2 stays: 0.25 of the 1 an hour that i-1 frees is taken over.
    assert _night(connection, rules[1:]) == {"i-1": 180, "i-2": 540}


def test_commitments_stay_within_their_payer_and_their_kind_of_machine(connection: Connection, rules: list[Rule]) -> None:
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=24, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost=9, BillingAccountId="200000000001")
    insert_hours(connection, 30, x_usage_type="Hosting:ml.m5.large", x_net_effective_cost=9, ServiceName="AmazonSageMaker")
    insert_hours(connection, 30, x_usage_type="BoxUsage:c", x_net_effective_cost=9, BillingCurrency="EUR")
    _machine(connection, "i-1")

    assert _night(connection, rules[1:]) == {"i-1": 0}


@pytest.mark.parametrize(("unused_cost", "cash_savings"), [(0, 60), (1, 60), (20, 0)])
def test_a_commitment_that_lies_partly_unused_is_not_taken_over_by_machines_that_run_beside_it(
    connection: Connection, rules: list[Rule], unused_cost: int, cash_savings: int
) -> None:
    reservation = {"CommitmentDiscountId": "reserved-instances/1"}
    covered = {"x_usage_type": "BoxUsage:a", "PricingCategory": "Committed", **reservation}
    insert_daily(connection, 30, ResourceId="i-1", x_net_effective_cost=2, **covered)
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost=3)
    fee = reservation | {"x_pool": "unused_commitment", "PricingCategory": None, "EffectiveCost": unused_cost, "x_commitment_cost": 100}
    insert(connection, "core.daily_cost", [fee | {"usage_date": date(2026, 9, 1)}])
    _machine(connection, "i-1")

    assert _night(connection, rules[1:]) == {"i-1": cash_savings}


def test_a_database_under_a_reservation_saves_no_cash_since_no_hours_of_databases_are_known(
    connection: Connection, rules: list[Rule]
) -> None:
    insert_daily(connection, 30, ResourceId="db", ResourceType="database", x_net_effective_cost=2, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost=3)
    _machine(connection, "db", resource_type="database")

    assert _night(connection, rules[1:]) == {"db": 0}


def test_two_actions_on_one_machine_take_over_once(connection: Connection, rules: list[Rule]) -> None:
    # 1 an hour is committed. Ending it (in the plan first) loses half; the schedule that ends all of it, too, loses the same half.
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=24, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:a", x_net_effective_cost=1, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost="0.5")
    _machine(connection, "i-1")

    _night(connection, rules)

    cash = query(connection, "SELECT action, monthly_cash_savings FROM results.findings ORDER BY action").rows()
    assert cash == [("schedule", 360), ("terminate", 360)]


def test_a_second_run_changes_nothing(connection: Connection, rules: list[Rule]) -> None:
    insert_daily(connection, 30, ResourceId="i-1", x_usage_type="BoxUsage:a", x_net_effective_cost=7, PricingCategory="Committed")
    insert_hours(connection, 30, x_usage_type="BoxUsage:b", x_net_effective_cost="0.125")
    _machine(connection, "i-1")
    _night(connection, rules)
    before = query(connection, "SELECT * FROM results.findings ORDER BY ALL").rows()

    assert write_cash_savings(connection, AS_OF) == 2
    assert query(connection, "SELECT * FROM results.findings ORDER BY ALL").rows() == before


def test_a_night_without_findings_has_nothing_to_write(connection: Connection) -> None:
    assert write_cash_savings(connection, AS_OF) == 0


HOURLY = st.lists(st.integers(0, 3), min_size=24, max_size=24)
ESTATES = st.tuples(st.lists(st.tuples(HOURLY, HOURLY, st.sampled_from([0.0, 0.25, 0.5])), min_size=1, max_size=3), HOURLY)


@pytest.fixture(scope="module")
def shared_connection() -> Any:  # noqa: ANN401 - a generator
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        create_contract_tables(opened)
        yield opened


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(ESTATES)
def test_any_fleet_saves_in_cash_what_its_true_hours_say(
    shared_connection: Connection, rules: list[Rule], estate: tuple[list[tuple[list[int], list[int], float]], list[int]]
) -> None:
    """Every machine has a usage type of its own, so that the hours of its days are known and can be calculated with."""
    machines, others = estate
    for table in ("core.daily_cost", "core.hourly_usage", "usage.resources", "results.findings", "results.evaluations"):
        shared_connection.execute(f"DELETE FROM {table}")
    for number, (committed, on_demand, remaining) in enumerate(machines):
        for category, hours in (("Committed", committed), ("Standard", on_demand)):
            usage = {"x_usage_type": f"BoxUsage:{number}", "PricingCategory": category}
            insert_daily(shared_connection, 1, ResourceId=f"i-{number}", x_net_effective_cost=sum(hours), **usage)
            _insert_day(shared_connection, hours, **usage)
        _machine(shared_connection, f"i-{number}", remaining)
    _insert_day(shared_connection, others, x_usage_type="BoxUsage:other")

    found = _night(shared_connection, rules[1:])

    assert found == _by_true_hours(machines, others)


def _insert_day(connection: Connection, hours: list[int], **usage: str) -> None:
    for cost in set(hours):
        insert_hours(connection, 1, [hour for hour in range(24) if hours[hour] == cost], x_net_effective_cost=cost, **usage)


def _by_true_hours(machines: list[tuple[list[int], list[int], float]], others: list[int]) -> dict[str, Decimal]:
    shares = [1 - Decimal(remaining) for *_, remaining in machines]
    monthly = [share * (sum(committed) + sum(on_demand)) for share, (committed, on_demand, _) in zip(shares, machines, strict=True)]
    cash = dict.fromkeys(range(len(machines)), Decimal(0))
    order = sorted(range(len(machines)), key=lambda number: (-monthly[number], _finding_id(f"i-{number}")))
    for hour, other in enumerate(others):
        capacity = other + sum(
            ((1 - share) * on_demand[hour] for share, (_, on_demand, _) in zip(shares, machines, strict=True)), Decimal(0)
        )
        for number in order:
            committed, on_demand, _ = machines[number]
            taken = min(shares[number] * committed[hour], capacity)
            capacity -= taken
            cash[number] += shares[number] * on_demand[hour] + taken
    return {f"i-{number}": amount for number, amount in cash.items()}


def _finding_id(resource_id: str) -> str:
    return sha256(f"AWS|100000000002|{resource_id}|a_terminate".encode()).hexdigest()[:12]
