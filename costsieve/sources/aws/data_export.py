"""The layout of an AWS data export (CUR 2.0 or FOCUS): where its manifests are and which files they name. No data file is opened here."""

import re
from collections.abc import Iterable

from pydantic import BaseModel, Field

from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_manifest import Kind, Manifest, parse_manifest
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

_MANIFEST = re.compile(r"^metadata/BILLING_PERIOD=(?P<period>\d{4}-\d{2})/(?:(?P<refresh>[^/]+)/)?[^/]*Manifest\.json$")
_DATA_FILE = re.compile(r"(?:^|/)(data/BILLING_PERIOD=(?!.*/\.\./).+)$")
"""A name with `..` could lead out of the location."""
_FOCUS_COLUMNS = {"billedcost", "effectivecost", "chargecategory", "billingaccountid"}


class _Column(BaseModel):
    name: str


class _Content(BaseModel):
    execution_id: str = Field(alias="executionId", min_length=1)
    data_files: tuple[str, ...] = Field(alias="dataFiles")
    columns: tuple[_Column, ...] = ()


def data_export_manifests(store: ObjectStore, period: str | None = None) -> list[Manifest]:
    """Read the newest manifest of every month, or of one; a month without one has not been delivered yet.

    Raises UnreadableExport when one cannot be understood.
    """
    newest: dict[str, StoredObject] = {}
    for stored in store.list(f"metadata/BILLING_PERIOD={period}/" if period else "metadata/"):
        match = _MANIFEST.match(stored.key)
        if match and _rank(stored) > _rank(newest.get(match["period"])):
            newest[match["period"]] = stored
    return [_read(store, month, newest[month].key) for month in sorted(newest)]


def _read(store: ObjectStore, period: str, key: str) -> Manifest:
    content = parse_manifest(store, key, _Content, "data export")
    keys = dict.fromkeys(_data_key(store, key, name) for name in content.data_files)
    return Manifest(key, period, content.execution_id, tuple(keys), _kind(column.name for column in content.columns))


def _kind(columns: Iterable[str]) -> Kind:
    """Tell by the columns: both kinds lie in the same folders. FOCUS has no line_item_ columns, and CUR has only such."""
    return "focus" if _FOCUS_COLUMNS & {name.lower() for name in columns} else "cur2"


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
