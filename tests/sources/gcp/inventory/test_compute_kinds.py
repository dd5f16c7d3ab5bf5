"""What machines, disks, images and networks tell the rules: Google's own JSON in, columns and attributes of the inventory out."""

from datetime import datetime
from typing import Any

import pytest

from costsieve.sources.gcp.inventory.assets import Asset
from tests.sources.gcp.inventory.google_assets import PROJECT, REGION, TRAINER, TRAINER_VM, ZONE, asset, disk, link, load_balancer, rows


def test_a_spot_machine_with_gpus_in_a_group() -> None:
    assert rows(TRAINER_VM)["4111"]["attributes"] == {
        "last_started_at": "2026-09-01T07:00:00",
        "auto_scaling_group": "instanceGroupManagers/trainers",
        "cluster": "batch",
        "is_spot": "true",
        "gpu_count": "2",
        "accelerator_type": "nvidia-l4",
        "local_disk_count": "1",
    }


def test_a_machine_that_google_calls_terminated_is_stopped() -> None:
    stopped = asset(
        "compute.googleapis.com/Instance", TRAINER, id="4111", status="TERMINATED", lastStopTimestamp="2026-08-01T12:00:00.000+00:00"
    )

    assert rows(stopped)["4111"]["state"] == "stopped"
    assert rows(stopped)["4111"]["attributes"]["stopped_at"] == "2026-08-01T12:00:00"


def test_a_suspended_machine_tells_since_when() -> None:
    suspended = asset(
        "compute.googleapis.com/Instance", TRAINER, id="4111", status="SUSPENDED", lastSuspendedTimestamp="2026-09-01T12:00:00.000+00:00"
    )

    assert rows(suspended)["4111"]["state"] == "suspended"
    assert rows(suspended)["4111"]["attributes"]["stopped_at"] == "2026-09-01T12:00:00"


def group(*, with_autoscaler: bool) -> list[Asset]:
    path = f"{ZONE}/instanceGroupManagers/trainers"
    policy = {"minNumReplicas": 2.0, "maxNumReplicas": 8.0}
    scaler = asset("compute.googleapis.com/Autoscaler", f"{ZONE}/autoscalers/trainers", target=link(path), autoscalingPolicy=policy)
    managed = asset("compute.googleapis.com/InstanceGroupManager", path, name="trainers", targetSize=3.0)
    return [managed, scaler] if with_autoscaler else [managed]


def test_a_group_has_the_bounds_of_its_autoscaler_or_keeps_its_size() -> None:
    scaled = rows(*group(with_autoscaler=True))["instanceGroupManagers/trainers"]
    fixed = rows(*group(with_autoscaler=False))["instanceGroupManagers/trainers"]

    assert scaled["attributes"] == {"desired_capacity": "3", "minimum_capacity": "2", "maximum_capacity": "8"}
    assert fixed["attributes"] == {"desired_capacity": "3", "minimum_capacity": "3", "maximum_capacity": "3"}


def test_the_bounds_of_a_group_are_unknown_where_autoscalers_are_not_listed() -> None:
    listed = rows(*group(with_autoscaler=False), refused=("compute.googleapis.com/Autoscaler",))

    assert listed["instanceGroupManagers/trainers"]["attributes"] == {"desired_capacity": "3"}


def test_an_attached_disk_names_its_machine_by_number() -> None:
    row = rows(TRAINER_VM, disk(users=[link(TRAINER)], lastDetachTimestamp="2026-01-01T00:00:00Z"))["8333"]

    assert (row["state"], row["attached_to"], row["detached_at"]) == ("in_use", "4111", None)
    assert (row["size_gib"], row["volume_type"], row["attributes"]["delete_on_termination"]) == (500.0, "pd-balanced", "true")


def test_a_disk_whose_machine_is_not_listed_is_attached_all_the_same() -> None:
    assert rows(disk(users=[link(TRAINER)]))["8333"]["attached_to"] == "instances/trainer"


def test_a_detached_disk_tells_since_when() -> None:
    row = rows(disk(lastDetachTimestamp="2026-06-01T00:00:00.000-07:00", lastAttachTimestamp="2026-05-01T00:00:00Z"))["8333"]

    assert (row["state"], row["attached_to"], row["detached_at"]) == ("available", None, datetime(2026, 6, 1, 7))  # noqa: DTZ001 - UTC
    assert row["attributes"]["last_attached_at"] == "2026-05-01T00:00:00"


SNAPSHOT = asset(
    "compute.googleapis.com/Snapshot",
    f"{PROJECT}/global/snapshots/before",
    id="9444",
    status="READY",
    diskSizeGb="500",
    sourceDiskId="8333",
)
TEMPLATE = asset(
    "compute.googleapis.com/InstanceTemplate",
    f"{PROJECT}/global/instanceTemplates/worker",
    properties={
        "machineType": "n2-standard-8",
        "disks": [
            {"initializeParams": {"sourceSnapshot": link(f"{PROJECT}/global/snapshots/before")}},
            {"initializeParams": {"sourceImage": link(f"{PROJECT}/global/images/family/base")}},
        ],
    },
)


@pytest.mark.parametrize(("others", "is_alive", "is_in_use"), [((disk(),), True, False), ((), False, False), ((TEMPLATE,), False, True)])
def test_a_snapshot_knows_whether_its_disk_lives_and_a_template_needs_it(
    others: tuple[Asset, ...], *, is_alive: bool, is_in_use: bool
) -> None:
    row = rows(SNAPSHOT, *others)["9444"]

    assert (row["source_id"], row["is_source_alive"], row["is_in_use"]) == ("8333", is_alive, is_in_use)


def test_whether_the_source_lives_is_unknown_where_disks_are_not_listed() -> None:
    assert rows(SNAPSHOT, refused=("compute.googleapis.com/RegionDisk",))["9444"]["is_source_alive"] is None


def image(**data: Any) -> Asset:  # noqa: ANN401 - Google's JSON
    return asset(
        "compute.googleapis.com/Image", f"{PROJECT}/global/images/base-7", id="7555", name="base-7", archiveSizeBytes="1073741824", **data
    )


@pytest.mark.parametrize(
    ("listed", "is_in_use"),
    [
        ((image(family="base"), TEMPLATE), True),
        ((image(), disk(sourceImageId="7555")), True),
        ((image(), TEMPLATE, disk()), False),
    ],
)
def test_an_image_is_in_use_while_a_template_or_a_disk_needs_it(listed: tuple[Asset, ...], *, is_in_use: bool) -> None:
    assert rows(*listed)["7555"]["is_in_use"] is is_in_use


def test_an_external_address_tells_what_uses_it_and_internal_ones_are_free() -> None:
    web = asset(
        "compute.googleapis.com/Address",
        f"{REGION}/addresses/web",
        id="9111",
        name="web",
        status="IN_USE",
        addressType="EXTERNAL",
        users=[link(TRAINER)],
    )
    spare = asset("compute.googleapis.com/GlobalAddress", f"{PROJECT}/global/addresses/spare", id="9222", status="RESERVED")
    internal = asset("compute.googleapis.com/Address", f"{REGION}/addresses/db", id="9333", status="IN_USE", addressType="INTERNAL")

    listed = rows(TRAINER_VM, web, spare, internal)

    assert (listed["9111"]["attached_to"], listed["9111"]["state"]) == ("4111", "in_use")
    assert (listed["9222"]["attached_to"], listed["9222"]["is_in_use"]) == (None, False)
    assert "9333" not in listed


@pytest.mark.parametrize("groups", [0, 2])
def test_a_forwarding_rule_counts_the_back_ends_behind_proxy_and_url_map(groups: int) -> None:
    row = rows(*load_balancer([{"group": link(f"{ZONE}/instanceGroups/{number}")} for number in range(groups)]))["forwardingRules/web"]

    assert row["attributes"] == {"load_balancer_kind": "forwarding_rule", "target_count": str(groups)}


def test_back_ends_are_unknown_where_the_way_to_them_is_not_listed() -> None:
    rule, *_ = load_balancer([])

    assert rows(rule)["forwardingRules/web"]["attributes"] == {"load_balancer_kind": "forwarding_rule"}


def test_only_routers_with_nat_are_paid_for() -> None:
    nat = asset("compute.googleapis.com/Router", f"{REGION}/routers/out", id="6444", nats=[{"name": "nat-1"}, {"name": "nat-2"}])
    plain = asset("compute.googleapis.com/Router", f"{REGION}/routers/vpn", id="6555")

    assert {key: row["resource_name"] for key, row in rows(nat, plain).items()} == {"6444": "nat-1, nat-2"}
