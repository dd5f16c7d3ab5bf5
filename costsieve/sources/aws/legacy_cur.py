"""The layout of a legacy Cost and Usage Report: where its manifests are, which files they name, whether it is being written.

No data file is opened here. Three layouts exist: create-new (a folder per refresh), overwrite, and Athena (`year=2026/month=9/`).
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, Field

from costsieve.errors import IncompleteExport, UnreadableExport
from costsieve.sources.aws.cur_manifest import Manifest, parse_manifest
from costsieve.sources.stores.object_store import ObjectStore, uri

_NAME = r"(?P<name>[^/]*(?<!Redshift)(?<!QuickSight)Manifest\.json)$"
_BY_RANGE = re.compile(r"^(?P<above>(?:[^/]+/)*?)(?P<year>\d{4})(?P<month>\d{2})\d{2}-\d{8}/" + _NAME)
_BY_MONTH = re.compile(r"^(?P<above>(?:[^/]+/)*?)year=(?P<year>\d{4})/month=(?P<month>\d{1,2})/" + _NAME)
_BELOW_RANGE = re.compile(r"(?:^|/)(?!(?:.*/)?\.\./)(\d{8}-\d{8}/.+|[^/]+/year=\d{4}/month=\d{1,2}/.+)$")
_BELOW_MONTH = re.compile(r"(?:^|/)(?!(?:.*/)?\.\./)(year=\d{4}/month=\d{1,2}/.+)$")
"""A name with `..` could lead out of the location."""

_STATUS_FOLDER = "cost_and_usage_data_status/"


class _Content(BaseModel):
    assembly_id: str = Field(alias="assemblyId", min_length=1)
    report_keys: tuple[str, ...] = Field(alias="reportKeys")


def legacy_manifests(store: ObjectStore, near: str = "") -> list[Manifest]:
    """Read the manifest that points to the newest refresh of every month below the folder ``near``, oldest month first.

    Manifests inside refresh folders are never read: each names the files of an older or the same refresh, and all of them together
    the month several times over. Raises UnreadableExport when one cannot be understood, or when two reports lie at the location.
    """
    pointers = list(_pointers(store, near))
    reports = sorted({f"{match['above']}{match['name']}" for match in pointers})
    if len(reports) > 1:
        message = f"{store.location} holds several reports ({', '.join(reports)}). Set `location` to the folder of one of them."
        raise UnreadableExport(message)
    return sorted((_read(store, match) for match in pointers), key=lambda manifest: manifest.period)


def require_finished(store: ObjectStore, manifest: Manifest) -> None:
    """Raise IncompleteExport while AWS is writing: reports for Athena say READY or UPDATING in a table beside the months."""
    match = _BY_RANGE.match(manifest.key)
    above = match["above"] if match else ""
    for stored in store.list(f"{above}{_STATUS_FOLDER}"):
        if stored.key.endswith(".parquet") and "UPDATING" in _status(store, stored.key):
            message = (
                f"{uri(store, stored.key)} says UPDATING: the report is being written; run again. Nothing of {manifest.period} was loaded."
            )
            raise IncompleteExport(message)


def _pointers(store: ObjectStore, near: str) -> Iterator[re.Match[str]]:
    """Find the manifests directly in the month folders; Athena's own copies count where only its folders were copied."""
    keys = [stored.key for stored in store.list(near)]
    found = [match for key in keys if (match := _BY_RANGE.match(key))]
    yield from found or [match for key in keys if (match := _BY_MONTH.match(key))]


def _read(store: ObjectStore, pointer: re.Match[str]) -> Manifest:
    key = pointer.string
    content = parse_manifest(store, key, _Content, "Cost and Usage Report")
    below = _BELOW_RANGE if pointer.re is _BY_RANGE else _BELOW_MONTH
    keys = dict.fromkeys(pointer["above"] + _relative(store, key, name, below) for name in content.report_keys)
    return Manifest(key, f"{pointer['year']}-{int(pointer['month']):02d}", content.assembly_id, tuple(keys), "legacy_cur")


def _relative(store: ObjectStore, manifest_key: str, name: str, below: re.Pattern[str]) -> str:
    """Find the file below the report's folder: the manifest names it by its key in the bucket of the delivery."""
    match = below.search(name)
    if match is None:
        message = f"{uri(store, manifest_key)} names {name}, which is not below a month's folder as in a Cost and Usage Report."
        raise UnreadableExport(message)
    return match[1]


def _status(store: ObjectStore, key: str) -> Sequence[object]:
    try:
        table = pq.read_table(BytesIO(store.read_bytes(key)))
    except pa.ArrowException as error:
        message = f"{uri(store, key)} should say READY or UPDATING, but is no Parquet file: {error}. Run again after the next refresh."
        raise UnreadableExport(message) from error
    return [value for column in table.columns for value in column.to_pylist()]
