"""Forwarding rules, which are what Google bills of a load balancer, with the back ends that they lead to."""

from collections.abc import Iterator
from typing import Any

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.fields import attributes, labels, utc
from costsieve.sources.gcp.inventory.kind import Kind, Rows

_RULES = ("compute.googleapis.com/ForwardingRule", "compute.googleapis.com/GlobalForwardingRule")
_BACKENDS = {
    "compute.googleapis.com/BackendService": "backends",
    "compute.googleapis.com/RegionBackendService": "backends",
    "compute.googleapis.com/TargetPool": "instances",
}
"""Where each kind of back end names what answers its requests."""

_SINGLE_BACKENDS = ("compute.googleapis.com/BackendBucket", "compute.googleapis.com/TargetInstance")
_ON_THE_WAY = (
    "compute.googleapis.com/UrlMap",
    *(f"compute.googleapis.com/Target{protocol}Proxy" for protocol in ("Http", "Https", "Ssl", "Tcp", "Grpc")),
)


def _rows(listing: Listing) -> Rows:
    for asset in listing.of(*_RULES):
        data = asset.data
        yield (
            asset,
            {
                "resource_id": asset.short_id,
                "resource_name": data.get("name"),
                "created_at": utc(data.get("creationTimestamp")),
                "tags": labels(data),
                "attributes": attributes(load_balancer_kind="forwarding_rule", target_count=_target_count(listing, asset)),
            },
        )


def _target_count(listing: Listing, rule: Asset) -> int | None:
    """Count the back ends that the rule leads to; None where the way ends at something that was not listed."""
    reached: dict[str, Asset] = {}
    if not _follow(listing, rule, reached):
        return None
    services = [each for each in reached.values() if each.asset_type in _BACKENDS]
    single = sum(each.asset_type in _SINGLE_BACKENDS for each in reached.values())
    return single + sum(len(each.data.get(_BACKENDS[each.asset_type]) or []) for each in services)


def _follow(listing: Listing, asset: Asset, reached: dict[str, Asset]) -> bool:
    """Gather what lies behind an asset; False when a link leads out of the listing, or nowhere."""
    links = set(_links(asset.data))
    for link in links:
        target = listing.referred(link)
        if target is None:
            return False
        if target.name in reached:
            continue
        reached[target.name] = target
        if target.asset_type in _ON_THE_WAY and not _follow(listing, target, reached):
            return False
    return bool(links)


def _links(data: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Return the links to proxies, URL maps and back ends, which URL maps also have in nested rules."""
    if isinstance(data, list):
        for each in data:
            yield from _links(each)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in ("target", "backendService", "urlMap", "service", "defaultService") and isinstance(value, str) and value:
                yield value
            else:
                yield from _links(value)


KIND = Kind("load_balancer", _RULES, _rows, (*_BACKENDS, *_SINGLE_BACKENDS, *_ON_THE_WAY))
