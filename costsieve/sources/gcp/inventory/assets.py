"""Assets as Cloud Asset Inventory lists them, and how they are listed. What they mean is told by the module of each kind."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from google.api_core.exceptions import InvalidArgument
from google.auth.credentials import AnonymousCredentials
from google.cloud import asset_v1
from google.cloud.asset_v1.services.asset_service.transports import AssetServiceGrpcTransport

from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.calls import Service, default_credentials, explained, plain_channel
from costsieve.sources.gcp.inventory.fields import utc

CLOUD_ASSET = Service("Cloud Asset Inventory", "cloudasset.googleapis.com", "cloudasset.assets.listResource", "roles/cloudasset.viewer")
PROJECT = "cloudresourcemanager.googleapis.com/Project"
_PAGE_SIZE = 1000
"""Most assets that ListAssets returns in one page: Cloud Asset API reference, assets.list, pageSize."""


@dataclass(frozen=True)
class Asset:
    """One resource: its full name (``//compute.googleapis.com/projects/p/zones/z/disks/d``), its project, and its own API's JSON."""

    name: str
    asset_type: str
    project: str
    location: str
    data: dict[str, Any]

    @property
    def short_id(self) -> str:
        """The last two segments of the name: ``endpoints/42``."""
        return "/".join(self.name.split("/")[-2:])

    @property
    def numeric_id(self) -> str | None:
        """The number that no other resource ever had; None where the asset does not tell it exactly."""
        number = self.data.get("id")
        return number if isinstance(number, str) and number.isdigit() else None


@dataclass(frozen=True)
class Listing:
    """What one scope holds, and when. ``refused`` are the asset types that the service did not list, with what it said."""

    read_at: datetime
    assets: tuple[Asset, ...]
    refused: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _by_name(self) -> dict[str, Asset]:
        return {asset.name: asset for asset in self.assets}

    @cached_property
    def _by_type(self) -> dict[str, list[Asset]]:
        by_type: dict[str, list[Asset]] = {}
        for asset in self.assets:
            by_type.setdefault(asset.asset_type, []).append(asset)
        return by_type

    def of(self, *asset_types: str) -> list[Asset]:
        """Return the assets of some types."""
        return [asset for asset_type in asset_types for asset in self._by_type.get(asset_type, [])]

    def has_listed(self, *asset_types: str) -> bool:
        """Tell whether all of these types were listed, so that absence from the listing means that there is none."""
        return not any(asset_type in self.refused for asset_type in asset_types)

    def referred(self, url: str | None) -> Asset | None:
        """Return the asset behind a link of another: ``https://www.googleapis.com/compute/v1/projects/...``."""
        return self._by_name.get(full_name(url)) if url else None


def full_name(url: str) -> str:
    """Return the full asset name of a link of the Compute API; its host and version differ from link to link."""
    return f"//compute.googleapis.com/projects/{url.partition('/projects/')[2]}"


def asset_client(endpoint: str | None) -> asset_v1.AssetServiceClient:
    """Connect; an endpoint on this machine is spoken to in plain gRPC, without credentials."""
    if channel := plain_channel(endpoint):
        transport = AssetServiceGrpcTransport(channel=channel, credentials=AnonymousCredentials())  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        return asset_v1.AssetServiceClient(transport=transport)
    options = {"api_endpoint": endpoint} if endpoint else None
    return asset_v1.AssetServiceClient(credentials=default_credentials(), client_options=options)


def list_assets(client: asset_v1.AssetServiceClient, scope: str, asset_types: Sequence[str], back_off: BackOff = PATIENT) -> Listing:
    """List the resources of some types in one scope: ``projects/ID``, ``folders/NUMBER`` or ``organizations/NUMBER``.

    Where the service refuses a type, the others are listed one by one. Raises PermissionMissing or SourceError, naming the scope.
    """
    wanted = [*asset_types, PROJECT]
    refused: dict[str, str] = {}
    with explained(CLOUD_ASSET, scope):
        try:
            answered = [_listed(client, scope, wanted, back_off)]
        except InvalidArgument:
            answered, refused = _one_by_one(client, scope, wanted, back_off)
    read_at = min(moment for moment, _ in answered)
    found = [asset for _, assets in answered for asset in assets]
    return Listing(utc(read_at.isoformat()) or read_at, tuple(_with_projects(scope, found)), refused)


type _Answer = tuple[datetime, list[dict[str, Any]]]


def _one_by_one(
    client: asset_v1.AssetServiceClient, scope: str, asset_types: Sequence[str], back_off: BackOff
) -> tuple[list[_Answer], dict[str, str]]:
    """List type by type; raises InvalidArgument when not even projects can be listed, as the scope itself is wrong then."""
    answered, refused = [_listed(client, scope, [PROJECT], back_off)], {}
    for asset_type in asset_types:
        if asset_type != PROJECT:
            try:
                answered.append(_listed(client, scope, [asset_type], back_off))
            except InvalidArgument as error:
                refused[asset_type] = error.message
    return answered, refused


def _listed(client: asset_v1.AssetServiceClient, scope: str, asset_types: Sequence[str], back_off: BackOff) -> _Answer:
    request = asset_v1.ListAssetsRequest(
        parent=scope, asset_types=asset_types, content_type=asset_v1.ContentType.RESOURCE, page_size=_PAGE_SIZE
    )
    pages = list(client.list_assets(request, retry=back_off.retry(), timeout=back_off.deadline_seconds).pages)
    found = [asset_v1.Asset.to_dict(asset) for page in pages for asset in page.assets]
    return pages[0].read_time, found


def _with_projects(scope: str, found: Iterable[dict[str, Any]]) -> Iterable[Asset]:
    """Tell each asset's project by its id: folders and organizations list projects by their numbers."""
    found = list(found)
    kind, _, name = scope.partition("/")
    projects = [each["resource"]["data"] for each in found if each["asset_type"] == PROJECT]
    ids = {str(project["projectNumber"]): project["projectId"] for project in projects}
    for each in found:
        number = next((one.partition("/")[2] for one in each.get("ancestors", []) if one.startswith("projects/")), "")
        resource = each.get("resource", {})
        project = name if kind == "projects" else ids.get(number, number)
        yield Asset(each["name"], each["asset_type"], project, resource.get("location", ""), resource.get("data", {}))
