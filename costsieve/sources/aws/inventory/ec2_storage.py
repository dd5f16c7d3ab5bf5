"""EBS volumes, their snapshots, and machine images. How volumes are used is in CloudWatch."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from costsieve.sources.aws.inventory.auto_scaling import launchable_images
from costsieve.sources.aws.inventory.ec2_instances import instances
from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, tags_of, utc, utc_or_none

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import ImageTypeDef, SnapshotTypeDef, VolumeTypeDef

_NO_VOLUME = "vol-ffffffff"
"""What EC2 states as the volume of a snapshot that was copied: its real source is unknown."""

_POLICY_TAGS = {"aws:backup:source-resource": "AWS Backup", "aws:dlm:lifecycle-policy-id": "Data Lifecycle Manager"}


def volumes(place: Place) -> "list[VolumeTypeDef]":
    """List the volumes as EC2 describes them."""
    return place.listed("ec2", "describe_volumes", "Volumes")


def _images(place: Place) -> "list[ImageTypeDef]":
    return place.listed("ec2", "describe_images", "Images", Owners=["self"])


def _volume_rows(place: Place) -> Sequence[Row]:
    return [_volume(volume) for volume in volumes(place)]


def _volume(volume: "VolumeTypeDef") -> Row:
    tags = tags_of(volume)
    attached = [each for each in volume["Attachments"] if each["State"] in {"attached", "attaching"}]
    return {
        "resource_id": volume["VolumeId"],
        "resource_name": tags.get("Name"),
        "resource_type": "block_volume",
        "state": snake(volume["State"]),
        "size_gib": float(volume["Size"]),
        "volume_type": volume["VolumeType"],
        "attached_to": attached[0].get("InstanceId") if attached else None,
        "created_at": utc(volume["CreateTime"]),
        "tags": tags,
        "attributes": attributes(
            provisioned_iops=volume.get("Iops"),
            provisioned_throughput_mibps=volume.get("Throughput"),
            delete_on_termination=attached[0].get("DeleteOnTermination") if attached else None,
            last_attached_at=max((each["AttachTime"] for each in attached), default=None),
        ),
    }


def _snapshot_rows(place: Place) -> Sequence[Row]:
    """Snapshots of the account itself. Whether volume and image need them stays unknown where these may not be listed."""
    snapshots = place.listed("ec2", "describe_snapshots", "Snapshots", OwnerIds=["self"])
    disks, images = unless_refused(lambda: volumes(place)), unless_refused(lambda: _images(place))
    alive = {volume["VolumeId"] for volume in disks} if disks is not None else None
    used = {snapshot for image in images for snapshot in _snapshots_of(image)} if images is not None else None
    return [_snapshot(each, alive, used) for each in snapshots]


def _snapshot(snapshot: "SnapshotTypeDef", alive: set[str] | None, used: set[str] | None) -> Row:
    tags = tags_of(snapshot)
    source = snapshot["VolumeId"] if snapshot["VolumeId"] != _NO_VOLUME else None
    return {
        "resource_id": snapshot["SnapshotId"],
        "resource_name": tags.get("Name"),
        "resource_type": "snapshot",
        "state": snake(snapshot["State"]),
        "size_gib": float(snapshot["VolumeSize"]),
        "source_id": source,
        "is_source_alive": source in alive if source and alive is not None else None,
        "is_in_use": snapshot["SnapshotId"] in used if used is not None else None,
        "created_at": utc(snapshot["StartTime"]),
        "tags": tags,
        "attributes": attributes(backup_plan=next((plan for tag, plan in _POLICY_TAGS.items() if tag in tags), None)),
    }


def _image_rows(place: Place) -> Sequence[Row]:
    images = _images(place)
    machines = unless_refused(lambda: {each["ImageId"] for each in instances(place)})
    launchable = unless_refused(lambda: launchable_images(place))
    return [_image(image, _is_used(image["ImageId"], machines, launchable)) for image in images]


def _is_used(image_id: str, machines: set[str] | None, launchable: set[str] | None) -> bool | None:
    """An image is used by machines that run it and by templates that would start it; unknown unless both could be asked."""
    if image_id in (machines or set()) | (launchable or set()):
        return True
    return None if machines is None or launchable is None else False


def _image(image: "ImageTypeDef", is_in_use: bool | None) -> Row:  # noqa: FBT001 - a value of the row
    tags = tags_of(image)
    disks = [disk["Ebs"] for disk in image.get("BlockDeviceMappings", []) if "Ebs" in disk]
    launched, created = image.get("LastLaunchedTime"), image.get("CreationDate")
    return {
        "resource_id": image["ImageId"],
        "resource_name": image.get("Name"),
        "resource_type": "machine_image",
        "state": snake(image["State"]),
        "size_gib": float(sum(disk.get("VolumeSize", 0) for disk in disks)) or None,
        "source_id": image.get("SourceInstanceId"),
        "is_in_use": is_in_use,
        "created_at": utc_or_none(datetime.fromisoformat(created) if created else None),
        "tags": tags,
        "attributes": attributes(
            snapshot_ids=_snapshots_of(image),
            last_launched_at=datetime.fromisoformat(launched) if launched else None,
            is_shared=True if image.get("Public") else None,
        ),
    }


def _snapshots_of(image: "ImageTypeDef") -> list[str]:
    mappings = image.get("BlockDeviceMappings", [])
    return [mapping["Ebs"]["SnapshotId"] for mapping in mappings if "SnapshotId" in mapping.get("Ebs", {})]


LISTERS = (
    Lister("ec2", "block_volume", _volume_rows),
    Lister("ec2", "snapshot", _snapshot_rows),
    Lister("ec2", "machine_image", _image_rows),
)
