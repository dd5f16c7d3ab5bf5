"""The inventory of GCP projects, folders or an organization, by one API and one permission. What a kind means is in its own module."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from google.cloud import asset_v1

from costsieve.contracts.usage import INVENTORY
from costsieve.errors import SourceError
from costsieve.source_settings import GcpInventorySource
from costsieve.sources.files.contract_files import write_rows
from costsieve.sources.gaps import Gap, reason_of
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.inventory.assets import Asset, Listing, asset_client, list_assets
from costsieve.sources.gcp.inventory.fields import Row, region_of
from costsieve.sources.gcp.inventory.kind import Kind
from costsieve.sources.gcp.inventory.kinds import ASSET_TYPES, KINDS
from costsieve.sources.source import Delivery

AMBIGUOUS = "ambiguous"
"""State of resources that share their id within a project, as a bill's id tells no region: nothing else is told of them."""

_log = logging.getLogger(__name__)


@dataclass
class GcpInventory:
    """What is there now, as the snapshot of the day before the night; `observed_at` says when Google took it.

    A scope or a kind of resource that is refused is a gap, and the others are written; a kind is written whole or not at all.
    """

    settings: GcpInventorySource
    back_off: BackOff = PATIENT
    _gaps: list[Gap] = field(default_factory=list, init=False)

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
        return [Delivery(day, day, tuple(f"Cloud Asset Inventory of {scope}" for scope in self.settings.scopes))]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Ask every scope, and write one file; raises the first refusal when no scope could be listed at all."""
        self._gaps, refusals = [], []
        rows: dict[str, Row] = {}
        with asset_client(self.settings.endpoint) as client:
            for scope in self.settings.scopes:
                try:
                    rows |= self._listed(client, scope)
                except SourceError as error:
                    refusals.append(error)
                    self._gaps.append(_gap(scope, None, error))
        if len(refusals) == len(self.settings.scopes):
            raise refusals[0]
        write_rows(INVENTORY, unambiguous(rows), folder / f"gcp-{delivery.period}.parquet")

    def gaps(self, _: Delivery) -> Sequence[Gap]:
        """Return what the last delivery lacks: whole scopes, or one kind of resource in a scope."""
        return self._gaps

    def _listed(self, client: asset_v1.AssetServiceClient, scope: str) -> dict[str, Row]:
        """Return the rows of one scope by full asset name, as scopes may overlap."""
        listing = list_assets(client, scope, ASSET_TYPES, self.back_off)
        rows: dict[str, Row] = {}
        for kind in KINDS:
            try:
                rows |= dict(_of_kind(listing, kind))
            except SourceError as error:
                self._gaps.append(_gap(scope, kind.resource_type, error))
        return rows


def _of_kind(listing: Listing, kind: Kind) -> Iterator[tuple[str, Row]]:
    """Return the rows of one kind; raises SourceError when it cannot be listed whole."""
    if refused := [asset_type for asset_type in kind.asset_types if asset_type in listing.refused]:
        message = f"Cloud Asset Inventory does not list {', '.join(refused)}: {listing.refused[refused[0]]}"
        raise SourceError(message)
    rows = [(asset, {**_common(listing, asset, kind), **own}) for asset, own in kind.rows(listing)]
    if nameless := [asset.name for asset, row in rows if not row["resource_id"]]:
        message = f"{len(nameless)} resources have no exact numeric id, which bills and metrics name them by: {nameless[0]}, ..."
        raise SourceError(message)
    yield from ((asset.name, row) for asset, row in rows)


def _common(listing: Listing, asset: Asset, kind: Kind) -> Row:
    return {
        "provider": "GCP",
        "account_id": asset.project,
        "region": region_of(asset.location),
        "resource_type": kind.resource_type,
        "observed_at": listing.read_at,
    }


def unambiguous(rows: dict[str, Row]) -> list[Row]:
    """Keep one row of each id; where several resources share one, it tells nothing but that they exist."""
    count = Counter((row["account_id"], row["resource_id"]) for row in rows.values())
    single = [row for row in rows.values() if count[row["account_id"], row["resource_id"]] == 1]
    shared = {(row["account_id"], row["resource_id"]): row for row in rows.values()}
    shared = {key: row for key, row in shared.items() if count[key] > 1}
    if shared:
        _log.warning("%d ids are shared by resources of several regions, which no bill tells apart: %s", len(shared), sorted(shared))
    kept = ("provider", "account_id", "resource_id", "resource_type", "observed_at")
    return [*single, *({name: row[name] for name in kept} | {"state": AMBIGUOUS} for row in shared.values())]


def _gap(scope: str, resource_type: str | None, error: SourceError) -> Gap:
    kind, _, name = scope.partition("/")
    return Gap("GCP", name if kind == "projects" else None, None, None, resource_type, reason_of(error), str(error))
