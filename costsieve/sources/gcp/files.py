"""Google's exports as files, Parquet or JSON, below one folder. BigQuery itself is read by gcp_billing_table.

The folder of a file tells its period: a day or a month in the folder's name, such as `date=2026-09-30/` or `2026-09/`. Shards of EXPORT
DATA that lie in a folder without a date are one delivery, `undated`, replaced whole whenever one of them changes: the days inside a
shard move to other shards when the export is run again, so a part of them can never be replaced alone. Run such an export into an
empty folder: a rerun that writes fewer shards leaves old ones behind, which would count twice.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from costsieve.errors import MissingExport
from costsieve.sources.files.parquet_files import read_footer
from costsieve.sources.gcp.columns import Export
from costsieve.sources.gcp.json_files import JSON_ENDINGS, convert_json, json_columns
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, content_version, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store

UNDATED = "undated"
"""Period of the files in folders without a date."""

_DATE = re.compile(r"(?:^|[/=])(\d{4}-\d{2}(?:-\d{2})?)(?=/)")
_ENDINGS = (".parquet", *JSON_ENDINGS)
_EXPECTED = "date=YYYY-MM-DD/*.parquet (or .json, .json.gz)"


@dataclass(frozen=True)
class GcpFiles:
    """One export as files. Version = digest of the period's file names, sizes and contents: a copy is no change.

    ``kind_of`` tells by the column names which export it is.
    """

    name: str
    location: str
    kind_of: Callable[[frozenset[str]], Export]

    @property
    def source_type(self) -> str:
        """Folder in the lake; raises SourceError when there is no file to tell it by, or the file cannot be read."""
        return self._export.source_type

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the periods with a day before ``as_of``; raises MissingExport when there is no file at all."""
        stored = self._stored()
        if not stored:
            message = f"No file was found at {uri(self._store, _EXPECTED)}. Check `location` of source {self.name}."
            raise MissingExport(message)
        periods = sorted({_period(file) for file in stored})
        return [self._delivery(period, stored) for period in periods if _begins_before(period, as_of)]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy Parquet byte for byte and convert JSON; raises IncompleteExport when the period is not the one that was listed."""
        for file in self._stored():
            if _period(file) == delivery.period:
                self._land(file, folder)
        if self._delivery(delivery.period, self._stored()) != delivery:
            raise replaced_meanwhile(uri(self._store, f"... of {delivery.period}"))

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.location)

    @cached_property
    def _export(self) -> Export:
        """Look into the smallest file: all files of a location are of one kind, or are refused when they are landed."""
        smallest = min((file for file in self._stored() if file.size), key=lambda file: (file.size, file.key), default=None)
        if smallest is None:
            return self.kind_of(frozenset())
        with TemporaryDirectory() as folder:
            path = Path(folder, smallest.name)
            self._store.download(smallest, path)
            is_json = smallest.name.endswith(JSON_ENDINGS)
            return self.kind_of(json_columns(path) if is_json else read_footer(path, uri(self._store, smallest.key)).columns)

    def _stored(self) -> Sequence[StoredObject]:
        return [file for file in self._store.list() if file.name.endswith(_ENDINGS)]

    def _land(self, file: StoredObject, folder: Path) -> None:
        target = landing_path(folder, file.name)
        if not file.name.endswith(JSON_ENDINGS):
            self._store.download(file, target)
            return
        delivered = folder / file.name
        self._store.download(file, delivered)
        convert_json(delivered, target, self._export, uri(self._store, file.key))
        delivered.unlink()

    def _delivery(self, period: str, stored: Sequence[StoredObject]) -> Delivery:
        files = [file for file in stored if _period(file) == period]
        return Delivery(period, content_version(self._store, files), tuple(uri(self._store, file.key) for file in files))


def _begins_before(period: str, as_of: date) -> bool:
    return period == UNDATED or f"{period}-01"[:10] < as_of.isoformat()


def _period(file: StoredObject) -> str:
    """Return the last date among the folders of a file."""
    dates = _DATE.findall(file.key)
    return dates[-1] if dates else UNDATED
