"""What is planted in the demo's AWS half: it is charged, listed and measured as its rule expects, and nothing else looks like it."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from costsieve.contracts.usage import INVENTORY, METRICS, UTILIZATION
from tests.estate.conftest import AwsEstate

CATALOGUE = Path(__file__).parents[2] / "costsieve" / "usage" / "catalogue" / "instance_types.csv"

MEASURED_MACHINES = """
    SELECT inventory.resource_id, inventory.resource_name, inventory.region, inventory.instance_type,
        quantile_cont(maximum, 0.995) FILTER (WHERE metric = 'cpu_percent') AS peak_cpu,
        max(maximum) FILTER (WHERE metric = 'memory_percent') AS peak_memory,
        max(maximum) FILTER (WHERE metric = 'gpu_percent') AS peak_gpu,
        sum(total) FILTER (WHERE metric = 'network_bytes') / 14 AS daily_network_bytes,
        count(*) FILTER (WHERE metric = 'cpu_percent') / (14 * 24) AS coverage
    FROM inventory INNER JOIN utilization USING (resource_id)
    WHERE resource_type = 'virtual_machine' AND utilization.observed_at >= TIMESTAMP '2026-09-04'
    GROUP BY ALL
"""


def names(estate: AwsEstate, *rule_ids: str) -> set[str]:
    listed = dict(estate.query("SELECT resource_id, resource_name FROM inventory").iter_rows())
    return {listed[waste.resource_id] for waste in estate.planted if waste.rule_id in rule_ids}


def test_the_answer_key_holds_every_family(aws_estate: AwsEstate) -> None:
    assert Counter(waste.rule_id for waste in aws_estate.planted) == {
        "idle_vm": 3,
        "overprovisioned_vm": 3,
        "idle_gpu_vm": 1,
        "unattached_volume": 3,
        "old_snapshot": 3,
        "idle_endpoint": 2,
        "idle_notebook": 2,
        "hung_training_job": 1,
    }


def test_every_planted_resource_is_charged_in_the_last_month(aws_estate: AwsEstate) -> None:
    charged = aws_estate.query(
        "SELECT DISTINCT line_item_resource_id FROM bill WHERE line_item_usage_start_date >= '2026-08-19'"
    ).to_series()

    for waste in aws_estate.planted:
        assert any(str(resource_id or "").endswith(waste.resource_id) for resource_id in charged), waste


def test_every_planted_resource_is_in_the_inventory_of_its_account(aws_estate: AwsEstate) -> None:
    listed = set(aws_estate.query("SELECT account_id, resource_id FROM inventory").iter_rows())

    assert {(waste.account_id, waste.resource_id) for waste in aws_estate.planted} <= listed


def test_savings_are_bounded_by_the_net_cost_of_the_last_month(aws_estate: AwsEstate) -> None:
    """A detached 2,000 GiB gp3 volume: 13 days of August and 17 of September at 0.08 USD, less 7 percent."""
    bound = {waste.resource_id: waste.monthly_savings_at_most for waste in aws_estate.planted}
    volume = aws_estate.query("SELECT resource_id FROM inventory WHERE resource_name = 'imagenet-copy'").item()

    expected = Decimal(2000) * Decimal("0.08") * (Decimal(13) / 31 + Decimal(17) / 30) * Decimal("0.93")
    assert abs(Decimal(bound[volume] or 0) - expected) < Decimal("0.02")


def test_inventory_and_utilization_have_the_columns_of_their_contracts(aws_estate: AwsEstate) -> None:
    assert tuple(aws_estate.query("SELECT * FROM inventory").columns) == INVENTORY.column_names
    assert tuple(aws_estate.query("SELECT * FROM utilization").columns) == UTILIZATION.column_names
    assert set(aws_estate.query("SELECT DISTINCT metric FROM utilization").to_series()) <= set(METRICS)


def test_a_resource_is_listed_once(aws_estate: AwsEstate) -> None:
    assert aws_estate.query("SELECT resource_id FROM inventory GROUP BY ALL HAVING count(*) > 1").is_empty()


def test_only_planted_machines_are_idle(aws_estate: AwsEstate) -> None:
    idle = aws_estate.query(f"""
        SELECT resource_name FROM ({MEASURED_MACHINES})
        WHERE peak_cpu < 5 AND daily_network_bytes < 5e6 AND coverage >= 0.9 AND peak_gpu IS NULL
    """)

    assert set(idle.to_series()) == names(aws_estate, "idle_vm")


def test_only_the_planted_gpu_machine_leaves_its_gpu_unused(aws_estate: AwsEstate) -> None:
    idle = aws_estate.query(f"SELECT resource_name FROM ({MEASURED_MACHINES}) WHERE peak_gpu < 5")

    assert set(idle.to_series()) == names(aws_estate, "idle_gpu_vm")


def test_idle_machines_are_paid_for_in_three_ways(aws_estate: AwsEstate) -> None:
    idle = [waste.resource_id for waste in aws_estate.planted if waste.rule_id == "idle_vm"]
    types = aws_estate.query(f"""
        SELECT DISTINCT line_item_line_item_type FROM bill
        WHERE line_item_resource_id IN {tuple(idle)} AND line_item_usage_start_date >= '2026-09-01'
    """)

    assert set(types.to_series()) == {"Usage", "DiscountedUsage", "SavingsPlanCoveredUsage"}


@pytest.fixture(scope="module")
def smaller_types(aws_estate: AwsEstate) -> pl.DataFrame:
    """Machines that a smaller and cheaper type carries with a fifth to spare, of any family that the bill of their region knows."""
    with duckdb.connect() as connection:
        types = connection.sql(
            f"SELECT instance_type, family, vcpus, memory_gib, gpus FROM read_csv('{CATALOGUE}') WHERE provider = 'AWS'"
        ).pl()
    aws_estate.connection.register("types", types)
    return aws_estate.query(f"""
        WITH families AS (
            SELECT DISTINCT product_region_code AS region, family, gpus,
                round(CAST(pricing_public_on_demand_rate AS DOUBLE) / vcpus, 9) AS vcpu_rate
            FROM bill INNER JOIN types ON instance_type = product_instance_type
            WHERE line_item_usage_type LIKE '%BoxUsage:%' AND gpus = 0
        ), sized AS (
            SELECT region, instance_type, vcpus, memory_gib, vcpu_rate * vcpus AS rate FROM families INNER JOIN types USING (family)
        )
        SELECT machine.resource_name, arg_min(target.instance_type, target.rate) AS target
        FROM ({MEASURED_MACHINES}) AS machine
        INNER JOIN sized AS own ON own.instance_type = machine.instance_type AND own.region = machine.region
        INNER JOIN sized AS target ON target.region = machine.region AND target.rate < own.rate
            AND target.vcpus >= own.vcpus * peak_cpu / 80
            AND target.memory_gib >= own.memory_gib * coalesce(peak_memory / 80, 1)
        WHERE coverage >= 0.9
        GROUP BY machine.resource_name
    """)


def test_only_planted_machines_fit_a_smaller_type(aws_estate: AwsEstate, smaller_types: pl.DataFrame) -> None:
    assert set(smaller_types["resource_name"]) == names(aws_estate, "overprovisioned_vm")


def test_over_provisioned_machines_have_the_target_that_was_meant(smaller_types: pl.DataFrame) -> None:
    targets = dict(smaller_types.iter_rows())

    assert targets == {"feature-builder": "m5.2xlarge", "tokenizer-batch": "r7i.xlarge", "video-index": "r7i.2xlarge"}


def test_a_detached_volume_stops_reporting_when_it_is_detached(aws_estate: AwsEstate) -> None:
    late = aws_estate.query(
        "SELECT 1 FROM utilization INNER JOIN inventory USING (resource_id) WHERE utilization.observed_at >= detached_at"
    )

    assert late.is_empty()


def test_one_detached_volume_is_too_young_to_report(aws_estate: AwsEstate) -> None:
    old = aws_estate.query("SELECT resource_name FROM inventory WHERE detached_at < TIMESTAMP '2026-09-04'")
    detached = aws_estate.query("SELECT resource_name FROM inventory WHERE state = 'available' AND resource_type = 'block_volume'")

    assert set(old.to_series()) == names(aws_estate, "unattached_volume")
    assert set(detached.to_series()) - set(old.to_series()) == {"resize-in-progress"}


def test_only_planted_snapshots_are_old_orphans(aws_estate: AwsEstate) -> None:
    orphans = aws_estate.query("""
        SELECT resource_name FROM inventory
        WHERE resource_type = 'snapshot' AND NOT is_source_alive AND NOT is_in_use AND created_at < TIMESTAMP '2026-08-19'
    """)

    assert set(orphans.to_series()) == names(aws_estate, "old_snapshot")


def test_only_planted_endpoints_are_measured_without_invocations(aws_estate: AwsEstate) -> None:
    idle = aws_estate.query("""
        SELECT resource_name FROM inventory INNER JOIN utilization USING (resource_id)
        WHERE resource_type = 'inference_endpoint' AND metric = 'invocations' GROUP BY ALL HAVING sum(total) = 0 AND count(*) >= 14 * 24
    """)

    assert set(idle.to_series()) == names(aws_estate, "idle_endpoint")


def test_only_planted_notebooks_were_last_used_more_than_a_week_ago(aws_estate: AwsEstate) -> None:
    idle = aws_estate.query("SELECT resource_name FROM inventory WHERE last_activity_at < TIMESTAMP '2026-09-11'")

    assert set(idle.to_series()) == names(aws_estate, "idle_notebook")


def test_only_the_planted_training_job_runs_past_its_stop_condition(aws_estate: AwsEstate) -> None:
    hung = aws_estate.query("""
        SELECT resource_name FROM inventory
        WHERE state = 'InProgress' AND created_at + to_seconds(stop_condition_seconds) < TIMESTAMP '2026-09-18'
    """)

    assert set(hung.to_series()) == names(aws_estate, "hung_training_job")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("licence-server", "no metric"),
        ("fresh-experiment", "too young"),
        ("edge-collector", "gaps"),
        ("partner-scoring", "no metric"),
        ("shared-workbench", "no activity signal"),
    ],
)
def test_some_resources_cannot_be_judged(aws_estate: AwsEstate, name: str, why: str) -> None:
    hours = aws_estate.query(f"""
        SELECT count(utilization.observed_at) FROM inventory LEFT JOIN utilization USING (resource_id)
        WHERE resource_name = '{name}' AND metric IS DISTINCT FROM 'network_bytes'
    """).item()

    assert hours < 0.9 * 60 * 24, why


def test_a_stopped_machine_is_listed_but_its_hours_are_not_charged(aws_estate: AwsEstate) -> None:
    charged = aws_estate.query("""
        SELECT count(*) FROM inventory INNER JOIN bill ON line_item_resource_id = resource_id
        WHERE resource_type = 'virtual_machine' AND state = 'stopped'
    """).item()

    assert charged == 0
