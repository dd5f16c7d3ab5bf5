"""Which disk a machine's device is: metrics name machine and device, the bill the disk."""

from collections.abc import Mapping

from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.inventory.assets import asset_client, list_assets
from costsieve.sources.gcp.inventory.disks import DISKS
from costsieve.sources.gcp.inventory.instances import INSTANCE


def looked_up_ids(endpoint: str | None, project: str, back_off: BackOff = PATIENT) -> Mapping[str, str]:
    """Return the ids of disks by what metrics say: ``<instance id>/<device name>``.

    Raises PermissionMissing or SourceError when Cloud Asset Inventory does not list the project.
    """
    with asset_client(endpoint) as client:
        listing = list_assets(client, f"projects/{project}", (INSTANCE, *DISKS), back_off)
    disks: dict[str, str] = {}
    for machine in listing.of(INSTANCE):
        for device in machine.data.get("disks") or []:
            disk = listing.referred(device.get("source"))
            if disk and disk.numeric_id and device.get("deviceName"):
                disks[f"{machine.numeric_id}/{device['deviceName']}"] = disk.numeric_id
    return disks
