"""Where a night keeps what it knew: behind every check that can block it, and before anything is published."""

import dagster as dg
import pytest

from assets.resources import Installation
from costsieve.settings import Settings
from pipelines.definitions import build_definitions

HISTORY = dg.AssetKey(["core", "known_costs"])


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    return build_definitions(Installation(config_path="costsieve.yaml"), Settings())


def ancestors(definitions: dg.Definitions, key: dg.AssetKey) -> set[dg.AssetKey]:
    parents = definitions.resolve_asset_graph().get(key).parent_keys
    return {*parents}.union(*(ancestors(definitions, parent) for parent in parents))


def test_a_night_that_any_check_blocks_adds_nothing_to_the_history(definitions: dg.Definitions) -> None:
    checked = {node.key.asset_key for node in definitions.resolve_asset_graph().asset_check_nodes if node.blocking}

    assert checked <= ancestors(definitions, HISTORY)


def test_reports_and_the_published_file_have_the_history_of_their_own_night(definitions: dg.Definitions) -> None:
    assert HISTORY in ancestors(definitions, dg.AssetKey(["reports", "files"]))
    assert HISTORY in ancestors(definitions, dg.AssetKey(["published", "warehouse"]))
