"""The layout of an AWS data export: where its manifests are and which files they name. No data file is opened here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field, ValidationError

from costsieve.errors import MissingExport, UnreadableExport
from costsieve.sources.object_store import ObjectStore, StoredObject, uri

Layout = Literal["data_export", "legacy_cur", "unknown"]

_MANIFEST = re.compile(r"^metadata/BILLING_PERIOD=(?P<period>\d{4}-\d{2})/(?:(?P<refresh>[^/]+)/)?[^/]*Manifest\.json$")
_DATA_FILE = re.compile(r"(?:^|/)(data/BILLING_PERIOD=.+)$")
_LEGACY_MANIFEST = re.compile(r"(?:^|/)\d{8}-\d{8}/(?:[^/]+/)?[^/]*Manifest\.json$")

_EXPECTED = (
    "A CUR 2.0 export has metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json and data/BILLING_PERIOD=YYYY-MM/ below its `location`. "
    "The first delivery can take 24 hours after the export was created in Billing and Cost Management > Data Exports."
)


class _ManifestContent(BaseModel):
    execution_id: str = Field(alias="executionId", min_length=1)
    data_files: tuple[str, ...] = Field(alias="dataFiles")


@dataclass(frozen=True)
class Manifest:
    """The newest refresh of one billing month. ``data_keys`` are relative to the export's location."""

    key: str
    period: str
    execution_id: str
    data_keys: tuple[str, ...]


def export_layout(store: ObjectStore) -> Layout:
    """Tell by its files what kind of export lies at a location. FOCUS exports share the layout of CUR 2.0."""
    if store.list("metadata/"):
        return "data_export"
    if any(_LEGACY_MANIFEST.search(stored.key) for stored in store.list()):
        return "legacy_cur"
    return "unknown"


def newest_manifests(store: ObjectStore) -> Sequence[Manifest]:
    """Read the manifest of the newest refresh of every month; a month without a manifest has not been delivered yet.

    Raises MissingExport when there is none at all, UnreadableExport when one cannot be understood.
    """
    keys = _newest_keys(store, "metadata/")
    if not keys:
        raise MissingExport(_missing(store))
    return [_read_manifest(store, period, key) for period, key in sorted(keys.items())]


def newest_manifest(store: ObjectStore, period: str) -> Manifest | None:
    """Read the manifest of one month as it is now; None when there is none."""
    key = _newest_keys(store, f"metadata/BILLING_PERIOD={period}/").get(period)
    return _read_manifest(store, period, key) if key else None


def _newest_keys(store: ObjectStore, prefix: str) -> dict[str, str]:
    newest: dict[str, StoredObject] = {}
    for stored in store.list(prefix):
        match = _MANIFEST.match(stored.key)
        if match and _rank(stored) > _rank(newest.get(match["period"])):
            newest[match["period"]] = stored
    return {period: stored.key for period, stored in newest.items()}


def _read_manifest(store: ObjectStore, period: str, key: str) -> Manifest:
    try:
        content = _ManifestContent.model_validate_json(store.read_bytes(key))
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        message = f"{uri(store, key)} is not the manifest of a data export: {reason}. Deliver it again; nothing of this export was loaded."
        raise UnreadableExport(message) from error
    keys = tuple(dict.fromkeys(_data_key(store, key, name) for name in content.data_files))
    return Manifest(key, period, content.execution_id, keys)


def _data_key(store: ObjectStore, manifest_key: str, name: str) -> str:
    """Find the file below this location: the manifest names the bucket of the delivery, also when the export was copied."""
    match = _DATA_FILE.search(name)
    if match is None:
        message = f"{uri(store, manifest_key)} names {name}, which is not below data/BILLING_PERIOD=... as in a data export."
        raise UnreadableExport(message)
    return match[1]


def _rank(stored: StoredObject | None) -> tuple[int, str, float]:
    """Order the manifests of a month: the one beside the refresh folders is the newest refresh; else the newest refresh folder counts."""
    if stored is None:
        return (0, "", 0.0)
    match = _MANIFEST.match(stored.key)
    refresh = match["refresh"] if match else None
    return (1, refresh, 0.0) if refresh else (2, "", stored.modified_at.timestamp())


def _missing(store: ObjectStore) -> str:
    looked_for = f"No manifest was found at {uri(store, 'metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json')}."
    if export_layout(store) == "legacy_cur":
        return f"{looked_for} {store.location} holds a legacy Cost and Usage Report, which this source does not read. {_EXPECTED}"
    return f"{looked_for} {_EXPECTED}"
