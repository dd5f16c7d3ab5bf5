"""The code location as the server loads it: every table an asset, one job, one schedule."""

from datetime import UTC, datetime

import dagster as dg
import pytest

from assets.resources import Installation
from costsieve.contracts import catalog
from costsieve.findings.rule import load_rules
from costsieve.settings import Schedule, Settings
from costsieve.sources.configured import LAKE_ASSETS
from pipelines.definitions import build_definitions


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions(Installation(config_path="costsieve.yaml"), Settings())


@pytest.fixture(scope="module")
def keys(definitions: dg.Definitions) -> set[str]:
    return {key.to_user_string() for key in definitions.resolve_asset_graph().get_all_asset_keys()}


def test_the_code_location_is_valid(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


def test_every_contracted_table_is_an_asset(keys: set[str]) -> None:
    shown = {f"{table.schema}/{table.name}" for table in catalog.BY_NAME.values() if table.schema not in ("meta", "raw")}

    assert shown <= keys


def test_every_rule_is_an_asset(keys: set[str]) -> None:
    assert {f"findings/{rule.id}" for rule in load_rules()} <= keys


def test_the_nightly_job_makes_everything(definitions: dg.Definitions, keys: set[str]) -> None:
    selected = definitions.resolve_job_def("nightly").asset_layer.selected_asset_keys

    assert {key.to_user_string() for key in selected} == keys


def test_every_asset_has_a_group_a_description_and_an_owner(definitions: dg.Definitions) -> None:
    nodes = definitions.resolve_asset_graph().asset_nodes

    assert [node.key for node in nodes if node.group_name == "default" or not node.description or not node.owners] == []


def test_findings_wait_for_the_quality_gate(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    assert dg.AssetKey(["quality", "results"]) in graph.get(dg.AssetKey(["findings", "idle_vm"])).parent_keys


def test_every_check_may_block_so_that_the_configuration_decides_by_night_which_do(definitions: dg.Definitions) -> None:
    blocking = {node.blocking for node in definitions.resolve_asset_graph().asset_check_nodes}

    assert blocking == {True}


def test_findings_wait_until_it_is_known_how_every_source_was_read(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()

    assert dg.AssetKey(["meta", "source_reads"]) in graph.get(dg.AssetKey(["quality", "results"])).parent_keys
    assert graph.get(dg.AssetKey(["meta", "source_reads"])).parent_keys == {dg.AssetKey(["lake", asset]) for asset in LAKE_ASSETS}


@pytest.mark.parametrize(
    ("time_zone", "tick", "night"),
    [
        ("UTC", datetime(2026, 10, 1, 3, tzinfo=UTC), "2026-10-01"),
        ("Asia/Tokyo", datetime(2026, 9, 30, 18, tzinfo=UTC), "2026-09-30"),
        ("America/Los_Angeles", datetime(2026, 10, 1, 10, tzinfo=UTC), "2026-10-01"),
    ],
)
def test_the_schedule_asks_for_the_utc_day_of_its_tick(time_zone: str, tick: datetime, night: str) -> None:
    definitions = build_definitions(Installation(config_path="costsieve.yaml"), Settings(schedule=Schedule(time_zone=time_zone)))
    schedule = definitions.resolve_schedule_def("nightly")

    with dg.DagsterInstance.ephemeral() as instance:
        context = dg.build_schedule_context(
            instance=instance, scheduled_execution_time=tick, repository_def=definitions.get_repository_def()
        )
        requests = schedule.evaluate_tick(context).run_requests

    assert [request.partition_key for request in requests or []] == [night]
    assert schedule.execution_timezone == time_zone
    assert schedule.cron_schedule == "0 3 * * *"
