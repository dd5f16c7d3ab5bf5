"""EC2 instances, EBS volumes and snapshots from the EC2 API. Utilization is in costsieve.sources.aws.cloudwatch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from costsieve.contracts.usage import INVENTORY
from costsieve.source_settings import AwsInventorySource
from costsieve.sources.aws.sessions import AwsAccount, accounts, explained
from costsieve.sources.files.contract_files import write_rows
from costsieve.sources.source import Delivery

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import InstanceTypeDef, SnapshotTypeDef, VolumeTypeDef


_NO_VOLUME = "vol-ffffffff"
"""What EC2 states as the volume of a snapshot that was copied: its real source is unknown."""

type Row = dict[str, Any]


@dataclass(frozen=True)
class Listing[Item]:
    """What one call listed, and when AWS answered, by its own clock."""

    answered_at: datetime
    items: list[Item]


@dataclass(frozen=True)
class AwsInventory:
    """What runs and what is stored now, as the snapshot of the day before the night.

    EC2 knows only the present: a night of the past is given what there is when it runs, and `observed_at` says when that was.
    """

    settings: AwsInventorySource

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "inventory"

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer one snapshot a night; nothing is asked yet, so a second run of the night asks nothing again."""
        day = (as_of - timedelta(days=1)).isoformat()
        return [Delivery(day, day, tuple(f"EC2 API in {region}" for region in self.settings.regions))]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Ask every account and region, and write one file; raises PermissionMissing naming permission, region and role."""
        rows = [row for account in accounts(self.settings.roles) for region in self.settings.regions for row in resources(account, region)]
        write_rows(INVENTORY, rows, folder / f"aws-{delivery.period}.parquet")


def resources(account: AwsAccount, region: str) -> list[Row]:
    """Return inventory rows of every instance, volume and own snapshot of one account and region."""
    machines, disks = instances(account, region), volumes(account, region)
    snapshots = _listed(account, region, "describe_snapshots", "Snapshots", OwnerIds=["self"]).items
    images = _listed(account, region, "describe_images", "Images", Owners=["self"]).items
    alive = {volume["VolumeId"] for volume in disks}
    used = {disk["Ebs"]["SnapshotId"] for image in images for disk in image["BlockDeviceMappings"] if "SnapshotId" in disk.get("Ebs", {})}
    common = {"provider": "AWS", "account_id": account.account_id, "region": region, "observed_at": machines.answered_at}
    return [
        *(common | _instance(each) for each in machines.items),
        *(common | _volume(each) for each in disks),
        *(common | _snapshot(each, alive, used) for each in snapshots),
    ]


def instances(account: AwsAccount, region: str) -> "Listing[InstanceTypeDef]":
    """List the instances as EC2 describes them; terminated ones, which it lists for an hour, are gone."""
    reservations = _listed(account, region, "describe_instances", "Reservations")
    listed = [each for reservation in reservations.items for each in reservation["Instances"]]
    return Listing(reservations.answered_at, [each for each in listed if each["State"]["Name"] != "terminated"])


def volumes(account: AwsAccount, region: str) -> "list[VolumeTypeDef]":
    """List the volumes as EC2 describes them."""
    return _listed(account, region, "describe_volumes", "Volumes").items


def _listed(account: AwsAccount, region: str, operation: str, of: str, **parameters: list[str]) -> "Listing[Any]":
    """Page through one call of the EC2 API."""
    with explained("ec2", region, account.shown_as):
        paginator: Any = account.ec2(region).get_paginator(operation)  # type: ignore[call-overload]  # the name is an argument here
        pages = list(paginator.paginate(**parameters))
    answered_at = parsedate_to_datetime(pages[-1]["ResponseMetadata"]["HTTPHeaders"]["date"])
    return Listing(_utc(answered_at), [each for page in pages for each in page[of]])


def _instance(instance: "InstanceTypeDef") -> Row:
    tags = _tags(instance)
    return {
        "resource_id": instance["InstanceId"],
        "resource_name": tags.get("Name"),
        "resource_type": "virtual_machine",
        "state": _snake(instance["State"]["Name"]),
        "instance_type": instance["InstanceType"],
        "created_at": _utc(min(_known_alive(instance))),
        "tags": tags,
    }


def _known_alive(instance: "InstanceTypeDef") -> Iterator[datetime]:
    """Return moments at which the instance existed: its launch time is only that of its latest start, its first disk is older."""
    yield instance["LaunchTime"]
    yield from (
        mapping["Ebs"]["AttachTime"] for mapping in instance.get("BlockDeviceMappings", []) if "AttachTime" in mapping.get("Ebs", {})
    )


def _volume(volume: "VolumeTypeDef") -> Row:
    tags = _tags(volume)
    attached = [attachment["InstanceId"] for attachment in volume["Attachments"] if attachment["State"] in {"attached", "attaching"}]
    return {
        "resource_id": volume["VolumeId"],
        "resource_name": tags.get("Name"),
        "resource_type": "block_volume",
        "state": _snake(volume["State"]),
        "size_gib": float(volume["Size"]),
        "volume_type": volume["VolumeType"],
        "attached_to": attached[0] if attached else None,
        "created_at": _utc(volume["CreateTime"]),
        "tags": tags,
    }


def _snapshot(snapshot: "SnapshotTypeDef", alive: set[str], used: set[str]) -> Row:
    tags = _tags(snapshot)
    source = snapshot["VolumeId"] if snapshot["VolumeId"] != _NO_VOLUME else None
    return {
        "resource_id": snapshot["SnapshotId"],
        "resource_name": tags.get("Name"),
        "resource_type": "snapshot",
        "state": _snake(snapshot["State"]),
        "size_gib": float(snapshot["VolumeSize"]),
        "source_id": source,
        "is_source_alive": source in alive if source else None,
        "is_in_use": snapshot["SnapshotId"] in used,
        "created_at": _utc(snapshot["StartTime"]),
        "tags": tags,
    }


def _tags(resource: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in resource.get("Tags", [])}


def _snake(state: str) -> str:
    return state.replace("-", "_")


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
