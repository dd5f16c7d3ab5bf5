"""Idle, right-size and schedule on CPU series of real machines: the engine agrees with a calculation of its own kind on every one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import duckdb
import polars as pl
import pytest

from costsieve.contracts import usage
from costsieve.findings.candidates import run_rule
from costsieve.findings.rule import load_rules
from costsieve.settings import Settings
from costsieve.sql_files import model_sql
from costsieve.usage.estate import load_instance_types, price_instances
from costsieve.warehouse import Connection, create_contract_tables
from tests.findings.conftest import insert
from tests.findings.real_series import MEMORY_PERCENT, Machine, bitbrains, cloudwatch, idle, right_size, schedule, type_of

TIME_ZONE = "Europe/Amsterdam"
MACHINES = {machine.name: machine for machine in (*bitbrains(), *cloudwatch())}
_HOURLY_RATES = {"m3.medium": 0.067, "m5.2xlarge": 0.384}


type Verdicts = dict[tuple[str, str], str]
"""By rule and machine: the target, the hours cut, `finding`, `clean`, or why it could not be judged."""


@pytest.fixture(scope="module")
def engine() -> Verdicts:
    verdicts: Verdicts = {}
    for as_of in {machine.as_of for machine in MACHINES.values()}:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            create_contract_tables(connection)
            connection.execute(usage.UTILIZATION.ddl())
            _load(connection, [machine for machine in MACHINES.values() if machine.as_of == as_of])
            settings = Settings.model_validate({"schedule": {"time_zone": TIME_ZONE}})
            for rule in load_rules():
                if rule.id in {"idle_vm", "overprovisioned_vm", "schedulable_vm"}:
                    rows = run_rule(connection, rule, as_of.date(), settings).iter_rows(named=True)
                    verdicts |= {(rule.id, row["resource_id"]): _said(row) for row in rows}
    return verdicts


def _said(row: Mapping[str, Any]) -> str:
    if row["outcome"] != "finding":
        return str(row["reason"]) if row["outcome"] == "not_evaluable" else "clean"
    if "off_hours_of_168" in row["evidence"]:
        return f"{row['evidence']['off_hours_of_168']} hours"
    return row["target"] or "finding"


def _load(connection: Connection, machines: list[Machine]) -> None:
    """Hours as a source writes them; memory is assumed, and a network on which nothing happens, so that the CPU decides."""
    load_instance_types(connection)
    insert(connection, "core.instance_rates", [{"x_instance_type": name, "hourly_list_rate": rate} for name, rate in _HOURLY_RATES.items()])
    insert(connection, "usage.resources", [_resource(machine) for machine in machines])
    insert(connection, "usage.resource_charges", [_charge(machine) for machine in machines])
    rows = pl.DataFrame(
        [row for machine in machines for hour in machine.samples for row in _hour_rows(machine, hour)],
        schema=usage.UTILIZATION.polars_schema(),
        orient="row",
    )
    connection.register("hours", rows)
    connection.execute("INSERT INTO usage.resource_hour BY NAME SELECT * FROM hours")
    days = {"day_from": machines[0].as_of.date().replace(year=2000), "day_to": machines[0].as_of.date()}
    connection.execute(f"INSERT INTO usage.resource_day BY NAME {model_sql('usage/resource_day')}", days)
    insert(connection, "core.instance_rates", [])
    price_instances(connection)


def _resource(machine: Machine) -> dict[str, Any]:
    cost = _HOURLY_RATES["m5.2xlarge"] * 720
    return {
        "resource_id": machine.name,
        "resource_type": "virtual_machine",
        "state": "running",
        "instance_type": type_of(machine.vcpus),
        "vcpus": machine.vcpus,
        "memory_gib": 4 * machine.vcpus if machine.vcpus > 1 else 3.75,
        "created_at": machine.born.replace(tzinfo=None),
        "monthly_cost": cost,
        "monthly_list_cost": cost,
        "monthly_instance_cost": cost,
        "monthly_instance_list_cost": cost,
        "monthly_instance_hours": 720,
    }


def _charge(machine: Machine) -> dict[str, Any]:
    cost = _HOURLY_RATES["m5.2xlarge"] * 720
    return {
        "resource_id": machine.name,
        "usage_type": f"BoxUsage:{type_of(machine.vcpus)}",
        "operation": "RunInstances",
        "monthly_list_cost": cost,
        "monthly_cost": cost,
    }


def _hour_rows(machine: Machine, hour: datetime) -> Iterator[tuple[Any, ...]]:
    samples = machine.samples[hour]
    key = ("AWS", "100000000002", machine.name)
    observed_at = hour.replace(tzinfo=None)
    yield (*key, "cpu_percent", observed_at, sum(samples) / len(samples), max(samples), None, None, len(samples))
    yield (*key, "memory_percent", observed_at, MEMORY_PERCENT, MEMORY_PERCENT, None, None, len(samples))
    yield (*key, "network_bytes", observed_at, 10.0, 10.0, None, 120.0, len(samples))


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_idle_where_no_sample_of_two_weeks_says_otherwise(engine: Verdicts, name: str) -> None:
    assert engine["idle_vm", name] == idle(MACHINES[name])


@pytest.mark.parametrize("name", MACHINES)
def test_the_right_size_carries_the_busiest_hours_of_the_real_series(engine: Verdicts, name: str) -> None:
    assert engine["overprovisioned_vm", name] == right_size(MACHINES[name])


@pytest.mark.parametrize("name", MACHINES)
def test_the_schedule_cuts_the_hours_that_were_idle_in_every_week(engine: Verdicts, name: str) -> None:
    assert engine["schedulable_vm", name] == schedule(MACHINES[name], TIME_ZONE)


def test_the_series_hold_every_kind_of_verdict() -> None:
    """What the calculation of the test says of them: otherwise agreement would prove little."""
    assert {idle(machine) for machine in MACHINES.values()} == {"finding", "clean", "too_young"}
    assert {right_size(machine) for machine in MACHINES.values()} == {"m5.large", "m5.2xlarge", "clean", "too_young"}
    said = {schedule(machine, TIME_ZONE) for machine in MACHINES.values()}
    assert {"clean", "too_young"} <= said
    assert len([words for words in said if words.endswith("hours")]) >= 4
