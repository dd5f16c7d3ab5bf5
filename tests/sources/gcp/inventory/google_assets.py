"""Assets as Google writes them, and what the kinds make of them. No test is here."""

from datetime import datetime
from typing import Any

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.kinds import KINDS

TAKEN_AT = datetime(2026, 9, 30, 23, 40)  # noqa: DTZ001 - UTC without a zone, as in every table
PROJECT = "projects/ml-prod"
ZONE = f"{PROJECT}/zones/us-central1-a"
REGION = f"{PROJECT}/regions/us-central1"
VERTEX = f"{PROJECT}/locations/us-central1"
TRAINER = f"{ZONE}/instances/trainer"


def link(path: str) -> str:
    return f"https://www.googleapis.com/compute/v1/{path}"


def asset(asset_type: str, path: str, **data: Any) -> Asset:  # noqa: ANN401 - Google's JSON
    service = asset_type.partition("/")[0]
    location = next((part for part in path.split("/") if part.startswith("us-")), "global")
    return Asset(f"//{service}/{path}", asset_type, "ml-prod", location, data)


def rows(*assets: Asset, refused: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """Return what all kinds tell, by id."""
    listing = Listing(TAKEN_AT, assets, dict.fromkeys(refused, "unsupported"))
    return {str(row["resource_id"]): {"resource_type": kind.resource_type, **row} for kind in KINDS for _, row in kind.rows(listing)}


TRAINER_VM = asset(
    "compute.googleapis.com/Instance",
    TRAINER,
    id="4111",
    name="trainer",
    status="RUNNING",
    lastStartTimestamp="2026-09-01T00:00:00.000-07:00",
    scheduling={"provisioningModel": "SPOT"},
    guestAccelerators=[{"acceleratorType": link(f"{ZONE}/acceleratorTypes/nvidia-l4"), "acceleratorCount": 2.0}],
    disks=[
        {"deviceName": "boot", "source": link(f"{ZONE}/disks/trainer"), "autoDelete": True},
        {"deviceName": "fast", "type": "SCRATCH"},
    ],
    metadata={"items": [{"key": "created-by", "value": "projects/811/zones/us-central1-a/instanceGroupManagers/trainers"}]},
    labels={"goog-k8s-cluster-name": "batch"},
)


def disk(path: str = f"{ZONE}/disks/trainer", **data: Any) -> Asset:  # noqa: ANN401 - Google's JSON
    common = {"id": "8333", "status": "READY", "sizeGb": "500", "type": link(f"{ZONE}/diskTypes/pd-balanced")}
    return asset("compute.googleapis.com/Disk", path, **{**common, **data})


def load_balancer(backends: list[dict[str, str]]) -> list[Asset]:
    proxy, url_map, service = (f"{PROJECT}/global/{name}" for name in ("targetHttpsProxies/web", "urlMaps/web", "backendServices/web"))
    return [
        asset("compute.googleapis.com/GlobalForwardingRule", f"{PROJECT}/global/forwardingRules/web", target=link(proxy)),
        asset("compute.googleapis.com/TargetHttpsProxy", proxy, urlMap=link(url_map)),
        asset("compute.googleapis.com/UrlMap", url_map, defaultService=link(service), pathMatchers=[{"defaultService": link(service)}]),
        asset("compute.googleapis.com/BackendService", service, backends=backends),
    ]
