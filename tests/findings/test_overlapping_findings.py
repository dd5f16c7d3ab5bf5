"""One machine that is idle, could sleep, is too large and too old: its four findings together save no more than one could."""

from datetime import date, datetime, time
from decimal import Decimal

from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import load_rules
from costsieve.findings.waterfall import write_plan
from costsieve.settings import Settings
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert, insert_daily, insert_series

AS_OF = date(2026, 10, 1)
RULES = {rule.id: rule for rule in load_rules()}
ON_THE_RUNNING_MACHINE = ("schedulable_vm", "overprovisioned_vm", "previous_generation_vm")


def _machine(connection: Connection) -> None:
    """A c4.2xlarge of 720 hours at 0.398: busy by day for two weeks, idle for the two weeks since."""
    types = [
        {"instance_type": "c4.large", "family": "c4", "vcpus": 2, "memory_gib": 3.75},
        {"instance_type": "c4.2xlarge", "family": "c4", "vcpus": 8, "memory_gib": 15},
        {"instance_type": "c5.2xlarge", "family": "c5", "vcpus": 8, "memory_gib": 16},
    ]
    insert(connection, "inventory.instance_types", types)
    rates = [
        {"x_instance_type": "c4.2xlarge", "hourly_list_rate": "0.398"},
        {"x_instance_type": "c5.2xlarge", "hourly_list_rate": "0.34"},
    ]
    insert(connection, "core.instance_rates", rates)
    machine = {"resource_id": "i-1", "resource_type": "virtual_machine", "state": "running", "created_at": date(2026, 1, 1)}
    costs = {"monthly_cost": "286.56", "monthly_instance_cost": "286.56", "monthly_list_cost": "286.56"}
    size = {"instance_type": "c4.2xlarge", "vcpus": 8, "memory_gib": 15, "monthly_instance_hours": 720}
    insert(connection, "usage.resources", [machine | costs | size | {"monthly_instance_list_cost": "286.56"}])
    insert(
        connection,
        "usage.resource_charges",
        [{"resource_id": "i-1", "usage_type": "BoxUsage:c4.2xlarge", "operation": "RunInstances", "monthly_list_cost": "286.56"}],
    )
    insert(connection, "core.resource_costs", [{"ResourceId": "i-1"}])
    insert_daily(connection, 30, ResourceId="i-1", x_net_effective_cost=Decimal("9.552"))
    cpu = {"resource_id": "i-1", "metric": "cpu_percent"}
    insert_series(
        connection,
        [
            cpu | {"from": date(2026, 9, 3), "hours": 12, "times": 14, "maximum": 1},
            cpu | {"from": datetime.combine(date(2026, 9, 3), time(12)), "hours": 12, "times": 14, "maximum": 70},
            cpu | {"from": date(2026, 9, 17), "hours": 336, "maximum": 1},
            {"resource_id": "i-1", "metric": "memory_percent", "from": date(2026, 9, 17), "hours": 336, "maximum": 10},
            {"resource_id": "i-1", "metric": "network_bytes", "from": date(2026, 9, 3), "hours": 672, "total": 0},
        ],
    )


def _plan(connection: Connection, rules: tuple[str, ...]) -> list[tuple[str, Decimal, Decimal]]:
    for rule in rules:
        evaluate_rule(connection, RULES[rule], AS_OF, Settings())
    write_plan(connection, AS_OF)
    return query(connection, "SELECT action, gross_savings, net_savings FROM results.plan ORDER BY step").rows()


def test_what_remains_of_the_machine_is_scheduled_then_resized_then_moved(connection: Connection) -> None:
    _machine(connection)

    steps = _plan(connection, ON_THE_RUNNING_MACHINE)

    # 77 of 168 hours are off; c4.large costs a quarter; c5 costs 340 of 398. Each saves its share of what the former left.
    assert steps == [
        ("schedule", Decimal("131.34"), Decimal("131.34")),
        ("rightsize", Decimal("214.92"), Decimal("116.42")),
        ("migrate", Decimal("41.76"), Decimal("5.65")),
    ]
    # 286.56 x (1 - 91/168 x 1/4 x 340/398), as if all were done at once.
    assert sum(net for _, _, net in steps) == Decimal("253.41")


def test_a_terminated_machine_leaves_nothing_to_the_others(connection: Connection) -> None:
    _machine(connection)

    steps = _plan(connection, ("idle_vm", *ON_THE_RUNNING_MACHINE))

    assert [(action, net) for action, _, net in steps] == [
        ("terminate", Decimal("286.56")),
        ("schedule", Decimal(0)),
        ("rightsize", Decimal(0)),
        ("migrate", Decimal(0)),
    ]
