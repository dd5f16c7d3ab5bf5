"""Custom images. Public ones belong to Google's own projects and are not listed."""

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.disks import DISKS
from costsieve.sources.gcp.inventory.fields import attributes, labels, number, state_of, utc
from costsieve.sources.gcp.inventory.instance_groups import TEMPLATE
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_IMAGE = "compute.googleapis.com/Image"


def _rows(listing: Listing) -> Rows:
    of_disks = {disk.data.get("sourceImageId") for disk in listing.of(*DISKS)}
    of_templates = _named_in_templates(listing)
    for asset in listing.of(_IMAGE):
        data = asset.data
        yield (
            asset,
            {
                "resource_id": asset.numeric_id,
                "resource_name": data.get("name"),
                "state": state_of(data.get("status")),
                "size_gib": number(data.get("diskSizeGb")),
                "source_id": data.get("sourceDiskId") or data.get("sourceSnapshotId") or data.get("sourceImageId") or None,
                "is_in_use": _is_in_use(listing, asset, of_disks, of_templates),
                "created_at": utc(data.get("creationTimestamp")),
                "tags": labels(data),
                "attributes": attributes(stored_bytes=number(data.get("archiveSizeBytes"))),
            },
        )


def _is_in_use(listing: Listing, image: Asset, of_disks: set[str | None], of_templates: set[str]) -> bool | None:
    """Tell whether a disk was made of the image or a template names it or its family; unknown where these were not listed."""
    if image.numeric_id in of_disks or image.data.get("name") in of_templates or image.data.get("family") in of_templates:
        return True
    return False if listing.has_listed(*DISKS, TEMPLATE) else None


def _named_in_templates(listing: Listing) -> set[str]:
    """Return the last segments of the images in templates: ``.../images/NAME`` or ``.../images/family/FAMILY``."""
    disks = (disk for each in listing.of(TEMPLATE) for disk in (each.data.get("properties") or {}).get("disks") or [])
    return {source.rsplit("/", 1)[-1] for disk in disks if (source := (disk.get("initializeParams") or {}).get("sourceImage"))}


KIND = Kind("machine_image", (_IMAGE,), _rows, (*DISKS, TEMPLATE))
