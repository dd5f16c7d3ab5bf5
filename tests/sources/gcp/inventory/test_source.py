"""The inventory of projects, folders and organizations: pages, refusals, and what one project must not hide of another."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pydantic import ValidationError

from costsieve.errors import PermissionMissing, SourceError
from costsieve.source_settings import GcpInventorySource
from costsieve.sources.gcp.bigquery_errors import BackOff
from costsieve.sources.gcp.inventory.source import GcpInventory
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.sources.gcp.google_server import Google

AS_OF = date(2026, 10, 1)
NIGHT = datetime(2026, 10, 1, 3, tzinfo=UTC)
AT_ONCE = BackOff(first_seconds=0.001, longest_seconds=0.002, deadline_seconds=5)
type Listed = tuple[str, str, str, dict[str, Any]]


def machine(project: str, name: str, number: str, zone: str = "us-central1-a") -> Listed:
    data = {
        "id": number,
        "name": name,
        "status": "RUNNING",
        "machineType": f"https://www.googleapis.com/compute/v1/projects/{project}/zones/{zone}/machineTypes/n2-standard-4",
        "creationTimestamp": "2026-03-02T01:15:00.123-07:00",
        "labels": {"team": "vision"},
    }
    return f"//compute.googleapis.com/projects/{project}/zones/{zone}/instances/{name}", "compute.googleapis.com/Instance", zone, data


def bucket(name: str) -> Listed:
    return f"//storage.googleapis.com/{name}", "storage.googleapis.com/Bucket", "us", {"name": name, "timeCreated": "2025-01-05T10:00:00Z"}


def forwarding_rule(region: str) -> Listed:
    name = f"//compute.googleapis.com/projects/ml-prod/regions/{region}/forwardingRules/web"
    return name, "compute.googleapis.com/ForwardingRule", region, {"name": "web"}


def source(google: Google, **scopes: Any) -> GcpInventory:  # noqa: ANN401 - any of the scopes
    asked = scopes or {"projects": ("ml-prod",)}
    return GcpInventory(GcpInventorySource(name="gcp-estate", type="gcp_inventory", endpoint=google.endpoint, **asked), AT_ONCE)


def listed(asking: GcpInventory, folder: Path) -> pl.DataFrame:
    (delivery,) = asking.deliveries(AS_OF)
    asking.write(delivery, folder)
    return pl.read_parquet(folder / f"gcp-{delivery.period}.parquet")


def told(asking: GcpInventory) -> list[tuple[str | None, str | None, str]]:
    """Return account, kind and reason of what the last delivery lacks."""
    (delivery,) = asking.deliveries(AS_OF)
    return [(gap.account_id, gap.subject, gap.reason) for gap in asking.gaps(delivery)]


def test_a_machine_is_listed_under_its_number_with_what_google_tells_of_it(google: Google, tmp_path: Path) -> None:
    google.assets = {"ml-prod": [machine("ml-prod", "trainer", "4111111111111111111")]}

    (row,) = listed(source(google), tmp_path).to_dicts()

    assert {name: row[name] for name in ("provider", "account_id", "region", "resource_id", "resource_name", "resource_type", "state")} == {
        "provider": "GCP",
        "account_id": "ml-prod",
        "region": "us-central1",
        "resource_id": "4111111111111111111",
        "resource_name": "trainer",
        "resource_type": "virtual_machine",
        "state": "running",
    }
    assert (row["instance_type"], row["created_at"]) == ("n2-standard-4", datetime(2026, 3, 2, 8, 15, 0, 123000))  # noqa: DTZ001 - UTC
    assert row["observed_at"] == datetime(2026, 9, 30, 23, 40, 12)  # noqa: DTZ001 - UTC
    assert dict(row["tags"]) == {"team": "vision"}


def test_machines_of_one_name_are_two(google: Google, tmp_path: Path) -> None:
    machines = [machine("ml-prod", "trainer", "4111", "us-central1-a"), machine("ml-prod", "trainer", "4222", "europe-west4-b")]
    google.assets = {"ml-prod": machines}

    assert sorted(listed(source(google), tmp_path)["resource_id"]) == ["4111", "4222"]


def test_all_pages_are_read(google: Google, tmp_path: Path) -> None:
    google.page_size = 2
    google.assets = {"ml-prod": [bucket(f"bucket-{number}") for number in range(5)]}

    assert listed(source(google), tmp_path).height == 5
    assert len(google.asked) == 3


def test_a_project_that_refuses_is_a_gap_and_the_others_are_listed(google: Google, warehouse: Warehouse) -> None:
    google.assets = {"ml-prod": [bucket("ml-datasets")], "ml-research": [bucket("secret")]}
    google.denied = {"ml-research"}

    load_source(warehouse, source(google, projects=("ml-research", "ml-prod")), AS_OF, NIGHT)

    (gap,) = warehouse.query("SELECT account_id, subject, reason, message FROM meta.collection_gaps").rows()
    assert gap[:3] == ("ml-research", None, "no_permission")
    assert "The credentials need cloudasset.assets.listResource: grant roles/cloudasset.viewer on projects/ml-research." in gap[3]
    assert warehouse.query("SELECT row_count FROM meta.loads WHERE is_current").item() == 1


def test_a_refusal_by_every_scope_is_no_delivery(google: Google, tmp_path: Path) -> None:
    google.denied = {"ml-prod"}

    with pytest.raises(PermissionMissing, match="Cloud Asset Inventory refused projects/ml-prod"):
        listed(source(google), tmp_path)


def test_a_kind_that_the_service_does_not_list_is_a_gap_and_the_others_are_listed(google: Google, tmp_path: Path) -> None:
    google.assets = {"ml-prod": [bucket("ml-datasets")]}
    google.unknown_types = {"tpu.googleapis.com/Node"}
    asking = source(google)

    assert listed(asking, tmp_path)["resource_id"].to_list() == ["ml-datasets"]
    assert told(asking) == [("ml-prod", "tpu", "unavailable")]


def test_a_machine_without_an_exact_number_leaves_its_kind_out(google: Google, tmp_path: Path) -> None:
    name, asset_type, zone, data = machine("ml-prod", "trainer", "4111")
    google.assets = {"ml-prod": [(name, asset_type, zone, data | {"id": 4.111e18}), bucket("ml-datasets")]}
    asking = source(google)

    assert listed(asking, tmp_path)["resource_id"].to_list() == ["ml-datasets"]
    assert told(asking) == [("ml-prod", "virtual_machine", "unavailable")]


def test_throttling_is_waited_out(google: Google, tmp_path: Path) -> None:
    google.busy = 3
    google.assets = {"ml-prod": [bucket("ml-datasets")]}

    assert listed(source(google), tmp_path).height == 1


def test_a_service_that_stays_busy_is_told_with_its_scope(google: Google, tmp_path: Path) -> None:
    google.busy = 10**9
    asking = GcpInventory(source(google).settings, BackOff(first_seconds=0.001, longest_seconds=0.002, deadline_seconds=0.2))

    with pytest.raises(SourceError, match="Cloud Asset Inventory did not answer for projects/ml-prod in repeated attempts: Quota exceeded"):
        listed(asking, tmp_path)


def test_an_organization_lists_its_projects_by_their_ids(google: Google, tmp_path: Path) -> None:
    google.project_numbers = {"ml-prod": "811", "data-platform": "822"}
    google.assets = {"ml-prod": [bucket("ml-datasets")], "data-platform": [bucket("events")]}

    rows = listed(source(google, organization="77"), tmp_path)

    assert sorted(rows.select("account_id", "resource_id").rows()) == [("data-platform", "events"), ("ml-prod", "ml-datasets")]


def test_a_resource_that_two_scopes_list_is_one(google: Google, tmp_path: Path) -> None:
    google.project_numbers = {"ml-prod": "811"}
    google.assets = {"ml-prod": [bucket("ml-datasets")]}

    assert listed(source(google, organization="77", projects=("ml-prod",)), tmp_path).height == 1


def test_of_names_that_two_regions_share_nothing_is_told_but_that_they_exist(google: Google, tmp_path: Path) -> None:
    google.assets = {"ml-prod": [forwarding_rule("us-central1"), forwarding_rule("europe-west4")]}

    (row,) = listed(source(google), tmp_path).to_dicts()

    assert (row["resource_id"], row["state"], row["region"], row["is_in_use"]) == ("forwardingRules/web", "ambiguous", None, None)


def test_a_second_run_of_the_night_asks_nothing(google: Google, warehouse: Warehouse) -> None:
    google.assets = {"ml-prod": [bucket("ml-datasets")]}
    load_source(warehouse, source(google), AS_OF, NIGHT)
    google.asked = []

    assert load_source(warehouse, source(google), AS_OF, NIGHT).changed_periods == ()
    assert google.asked == []


def test_some_scope_must_be_named() -> None:
    with pytest.raises(ValidationError, match="give `projects`, `folders` or `organization`"):
        GcpInventorySource(name="gcp-estate", type="gcp_inventory")
