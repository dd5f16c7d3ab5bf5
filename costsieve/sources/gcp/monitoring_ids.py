"""Which disk a machine's device is, and which NAT gateway a router's number: metrics name neither as the bill does."""

from collections.abc import Mapping

from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.inventory.assets import Listing, asset_client, list_assets
from costsieve.sources.gcp.inventory.disks import DISKS
from costsieve.sources.gcp.inventory.instances import INSTANCE
from costsieve.sources.gcp.inventory.routers import ROUTER


def looked_up_ids(endpoint: str | None, project: str, back_off: BackOff = PATIENT) -> Mapping[str, str]:
    """Return ids by what metrics say: ``<instance id>/<device name>`` of disks, and the numbers of routers.

    Raises PermissionMissing or SourceError when Cloud Asset Inventory does not list the project.
    """
    with asset_client(endpoint) as client:
        listing = list_assets(client, f"projects/{project}", (INSTANCE, *DISKS, ROUTER), back_off)
    routers = {router.numeric_id: router.short_id for router in listing.of(ROUTER) if router.numeric_id}
    return _disks(listing) | routers


def _disks(listing: Listing) -> dict[str, str]:
    disks: dict[str, str] = {}
    for machine in listing.of(INSTANCE):
        for device in machine.data.get("disks") or []:
            disk = listing.referred(device.get("source"))
            if disk and disk.numeric_id and device.get("deviceName"):
                disks[f"{machine.numeric_id}/{device['deviceName']}"] = disk.numeric_id
    return disks
