"""What is planted in the demo's GCP half is listed and measured as the services do it. Whether rules find it: test_answer_key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest

from costsieve.contracts.attributes import ATTRIBUTES
from costsieve.contracts.table import Table
from costsieve.contracts.usage import INVENTORY, UTILIZATION
from costsieve.estate.gcp.generate import write_gcp
from costsieve.estate.plan import Answer, EstatePlan

PLAN = EstatePlan(seed=3, line_items=24_000, days=60)


@dataclass(frozen=True)
class Estate:
    connection: duckdb.DuckDBPyConnection
    planted: list[Answer]

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()

    def ids(self, rule_id: str) -> set[str]:
        return {answer.resource_id for answer in self.planted if answer.rule_id == rule_id and answer.expected == "finding"}


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


@pytest.mark.parametrize(("view", "table"), [("utilization", UTILIZATION), ("inventory", INVENTORY)])
def test_files_have_exactly_the_columns_of_their_contract(estate: Estate, view: str, table: Table) -> None:
    delivered = [(name, type_) for name, type_, *_ in estate.rows(f"DESCRIBE {view}")]
    assert delivered == [(column.name, column.type) for column in table.columns]


def test_attributes_are_those_of_the_vocabulary(estate: Estate) -> None:
    told = estate.rows("SELECT DISTINCT resource_type, unnest(map_keys(attributes)) FROM inventory")
    assert {(kind, key) for kind, key in told if kind not in ATTRIBUTES[key][0]} == set()


def test_one_of_two_machines_with_the_same_name_is_idle(estate: Estate) -> None:
    named = estate.rows(
        "SELECT account_id, resource_id FROM inventory WHERE resource_type = 'virtual_machine' AND resource_name = 'feature-builder'"
    )
    assert len(named) == 2
    assert len({resource_id for _, resource_id in named} & estate.ids("idle_vm")) == 1


def test_there_are_machines_that_are_too_young_have_gaps_or_no_metric(estate: Estate) -> None:
    rows = estate.rows(
        "SELECT resource_name, count(metric) FROM inventory"
        " LEFT JOIN recent ON inventory.resource_id = recent.resource_id AND metric = 'cpu_percent'"
        " WHERE resource_type = 'virtual_machine' AND state = 'running' GROUP BY ALL HAVING count(metric) < 300 ORDER BY ALL"
    )
    hours = dict(rows)
    assert list(hours) == ["legacy-gateway", "tokenizer-test", "vendor-sync"]
    assert hours["legacy-gateway"] == 0
    assert hours["tokenizer-test"] == 111
    assert 24 < hours["vendor-sync"] < 250


def test_unattached_volumes_report_no_operations(estate: Estate) -> None:
    rows = estate.rows(
        "SELECT max(utilization.observed_at - detached_at) < INTERVAL 0 HOUR"
        " FROM inventory JOIN utilization USING (resource_id) WHERE metric = 'disk_operations'"
    )
    assert rows == [(True,)]


def test_ids_are_unique_and_numeric_where_google_uses_numbers(estate: Estate) -> None:
    rows = estate.rows("SELECT resource_type, resource_id FROM inventory")
    assert len(rows) == len({resource_id for _, resource_id in rows})
    numeric = {"virtual_machine", "notebook", "block_volume", "snapshot", "machine_image", "ip_address", "load_balancer", "nat_gateway"}
    assert all(resource_id.isdigit() for kind, resource_id in rows if kind in numeric)
