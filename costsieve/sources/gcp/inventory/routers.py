"""Cloud NAT gateways: Cloud Routers that have one. Routers without are free and left out."""

from costsieve.sources.gcp.inventory.assets import Listing
from costsieve.sources.gcp.inventory.fields import utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

ROUTER = "compute.googleapis.com/Router"


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(ROUTER):
        gateways = asset.data.get("nats") or []
        if gateways:
            yield (
                asset,
                {
                    "resource_id": asset.numeric_id,
                    "resource_name": ", ".join(gateway["name"] for gateway in gateways),
                    "created_at": utc(asset.data.get("creationTimestamp")),
                },
            )


KIND = Kind("nat_gateway", (ROUTER,), _rows)
