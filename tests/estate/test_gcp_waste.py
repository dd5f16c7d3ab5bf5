"""What is planted in the demo estate's GCP side is waste by the criteria of the rules, and nothing beside it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from costsieve.contracts.table import Table
from costsieve.contracts.usage import INVENTORY, UTILIZATION
from costsieve.estate.gcp.generate import write_gcp
from costsieve.estate.plan import Answer, EstatePlan

PLAN = EstatePlan(seed=3, line_items=24_000, days=60)
AS_OF = datetime(2026, 10, 1)  # noqa: DTZ001 - contract timestamps are naive UTC


@dataclass(frozen=True)
class Estate:
    connection: duckdb.DuckDBPyConnection
    planted: list[Answer]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def ids(self, rule_id: str) -> set[str]:
        return {waste.resource_id for waste in self.planted if waste.rule_id == rule_id}


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    folder = tmp_path_factory.mktemp("gcp-waste")
    planted = write_gcp(folder, PLAN)
    with duckdb.connect() as connection:
        for name in ("utilization", "inventory"):
            files = f"read_parquet('{folder}/{name}/*/gcp.parquet', hive_partitioning = false)"
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {files}")
        connection.execute("CREATE VIEW recent AS SELECT * FROM utilization WHERE observed_at >= TIMESTAMP '2026-10-01' - INTERVAL 14 DAY")
        yield Estate(connection, planted)


def test_every_rule_has_its_planted_cases(estate: Estate) -> None:
    counts = {rule_id: len(estate.ids(rule_id)) for rule_id in sorted({waste.rule_id for waste in estate.planted})}
    assert counts == {
        "hung_training_job": 1,
        "idle_endpoint": 1,
        "idle_gpu_vm": 1,
        "idle_notebook": 1,
        "idle_vm": 2,
        "old_snapshot": 2,
        "overprovisioned_vm": 2,
        "unattached_volume": 2,
    }


@pytest.mark.parametrize(("view", "table"), [("utilization", UTILIZATION), ("inventory", INVENTORY)])
def test_files_have_exactly_the_columns_of_their_contract(estate: Estate, view: str, table: Table) -> None:
    delivered = [(name, type_) for name, type_, *_ in estate.rows(f"DESCRIBE {view}")]
    assert delivered == [(column.name, column.type) for column in table.columns]


def test_machines_that_are_idle_and_fully_measured_and_old_enough_are_the_planted_ones(estate: Estate) -> None:
    idle = estate.rows(
        "SELECT resource_id FROM inventory JOIN recent USING (resource_id)"
        " WHERE resource_type = 'virtual_machine' AND created_at < TIMESTAMP '2026-10-01' - INTERVAL 14 DAY GROUP BY resource_id"
        " HAVING max(maximum) FILTER (metric = 'cpu_percent') < 5 AND count(*) FILTER (metric = 'cpu_percent') >= 303"
        " AND sum(total) FILTER (metric = 'network_bytes') / 14 < 5e6 AND count(*) FILTER (metric = 'gpu_percent') = 0"
    )
    assert {resource_id for (resource_id,) in idle} == estate.ids("idle_vm")


def test_one_of_two_machines_with_the_same_name_is_idle(estate: Estate) -> None:
    named = estate.rows(
        "SELECT account_id, resource_id FROM inventory WHERE resource_type = 'virtual_machine' AND resource_name = 'feature-builder'"
    )
    assert len(named) == 2
    assert len({resource_id for _, resource_id in named} & estate.ids("idle_vm")) == 1


def test_machines_below_eighty_percent_at_their_busiest_are_planted_idle_or_not_evaluable(estate: Estate) -> None:
    quiet = estate.rows(
        "SELECT resource_id FROM inventory JOIN recent USING (resource_id)"
        " WHERE resource_type = 'virtual_machine' AND metric = 'cpu_percent' GROUP BY resource_id"
        " HAVING quantile_disc(average, 0.995) < 80 AND count(*) >= 303"
    )
    known = estate.ids("idle_vm") | estate.ids("overprovisioned_vm") | estate.ids("idle_gpu_vm")
    assert {resource_id for (resource_id,) in quiet} == known


def test_memory_is_measured_on_one_of_the_overprovisioned_machines(estate: Estate) -> None:
    measured = estate.rows("SELECT DISTINCT resource_id FROM recent WHERE metric = 'memory_percent'")
    assert len({resource_id for (resource_id,) in measured} & estate.ids("overprovisioned_vm")) == 1


def test_the_gpu_machine_whose_gpus_stay_below_five_percent_is_the_planted_one(estate: Estate) -> None:
    idle = estate.rows("SELECT resource_id FROM recent WHERE metric = 'gpu_percent' GROUP BY resource_id HAVING max(maximum) < 5")
    assert {resource_id for (resource_id,) in idle} == estate.ids("idle_gpu_vm")


def test_there_are_machines_that_are_too_young_have_gaps_or_no_metric(estate: Estate) -> None:
    rows = estate.rows(
        "SELECT resource_name, count(metric) FROM inventory"
        " LEFT JOIN recent ON inventory.resource_id = recent.resource_id AND metric = 'cpu_percent'"
        " WHERE resource_type = 'virtual_machine' GROUP BY ALL HAVING count(metric) < 300 ORDER BY ALL"
    )
    hours = dict(rows)
    assert list(hours) == ["legacy-gateway", "tokenizer-test", "vendor-sync"]
    assert hours["legacy-gateway"] == 0
    assert hours["tokenizer-test"] == 111
    assert 24 < hours["vendor-sync"] < 250


def test_volumes_that_were_detached_for_two_weeks_are_the_planted_ones(estate: Estate) -> None:
    detached = estate.rows(
        "SELECT resource_id FROM inventory WHERE resource_type = 'block_volume' AND attached_to IS NULL"
        " AND detached_at < TIMESTAMP '2026-10-01' - INTERVAL 14 DAY"
    )
    assert {resource_id for (resource_id,) in detached} == estate.ids("unattached_volume")
    assert estate.rows("SELECT count(*) FROM inventory WHERE state = 'available' AND detached_at IS NOT NULL") == [(3,)]


def test_unattached_volumes_report_no_operations(estate: Estate) -> None:
    rows = estate.rows(
        "SELECT max(utilization.observed_at - detached_at) < INTERVAL 0 HOUR"
        " FROM inventory JOIN utilization USING (resource_id) WHERE metric = 'disk_operations'"
    )
    assert rows == [(True,)]


def test_snapshots_of_vanished_disks_older_than_a_month_are_the_planted_ones(estate: Estate) -> None:
    orphans = estate.rows(
        "SELECT resource_id FROM inventory WHERE resource_type = 'snapshot' AND NOT is_source_alive AND created_at < TIMESTAMP '2026-09-01'"
    )
    assert {resource_id for (resource_id,) in orphans} == estate.ids("old_snapshot")


def test_the_endpoint_without_a_single_prediction_is_the_planted_one(estate: Estate) -> None:
    silent = estate.rows("SELECT resource_id, count(*) FROM recent WHERE metric = 'invocations' GROUP BY resource_id HAVING sum(total) = 0")
    assert {resource_id for resource_id, _ in silent} == estate.ids("idle_endpoint")
    assert [hours for _, hours in silent] == [14 * 24]


def test_the_notebook_that_nobody_used_for_a_week_is_the_planted_one(estate: Estate) -> None:
    unused = estate.rows("SELECT resource_id, last_activity_at FROM inventory WHERE resource_type = 'notebook'")
    assert {resource_id for resource_id, used_at in unused if used_at < AS_OF - timedelta(days=7)} == estate.ids("idle_notebook")


def test_the_job_that_runs_past_its_stop_condition_is_the_planted_one(estate: Estate) -> None:
    running = estate.rows(
        "SELECT resource_id, created_at, stop_condition_seconds FROM inventory WHERE resource_type = 'training_job' AND state = 'running'"
    )
    hung = {resource_id for resource_id, created_at, seconds in running if created_at + timedelta(seconds=seconds) < AS_OF}
    assert hung == estate.ids("hung_training_job")
    assert len(running) == 2


def test_ids_are_unique_and_numeric_where_google_uses_numbers(estate: Estate) -> None:
    rows = estate.rows("SELECT resource_type, resource_id FROM inventory")
    assert len(rows) == len({resource_id for _, resource_id in rows})
    numeric = {"virtual_machine", "notebook", "block_volume", "snapshot", "ip_address"}
    assert all(resource_id.isdigit() for kind, resource_id in rows if kind in numeric)


def test_right_sizing_is_bounded_by_the_price_of_the_cheapest_fitting_type(estate: Estate) -> None:
    bounds = sorted(waste.monthly_savings_at_most or Decimal(0) for waste in estate.planted if waste.rule_id == "overprovisioned_vm")
    # 720 h x (n2-standard-8 0.388472 - e2-standard-4 0.134012) and 720 h x (n2-highcpu-32 1.147136 - e2-standard-8 0.268024), rounded up.
    assert bounds == [Decimal("183.22"), Decimal("632.97")]
