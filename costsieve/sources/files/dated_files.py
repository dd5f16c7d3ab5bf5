"""Parquet files in one folder per day, `<location>/date=YYYY-MM-DD/*.parquet`, landed as they are. What they hold is not known here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from pathlib import Path

from costsieve.errors import MissingExport
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, content_version, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store

_DATED = re.compile(r"^date=(\d{4}-\d{2}-\d{2})/[^/]+\.parquet$")


@dataclass(frozen=True)
class DatedFiles:
    """A source made of dated folders. Version = digest of the day's file names, sizes and contents: a copy is no change."""

    name: str
    source_type: str
    location: str

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.location)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the days before ``as_of``; raises MissingExport when no dated folder holds a Parquet file."""
        stored = [file for file in self._store.list() if _DATED.match(file.key)]
        if not stored:
            message = f"No file was found at {uri(self._store, 'date=YYYY-MM-DD/*.parquet')}. Check `location` of source {self.name}."
            raise MissingExport(message)
        days = groupby(stored, key=_day)
        return [self._delivery(day, list(files)) for day, files in days if day < as_of.isoformat()]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy the files of one day byte for byte; raises IncompleteExport when the day is no longer the one that was listed."""
        stored = [file for file in self._store.list(f"date={delivery.period}/") if _DATED.match(file.key)]
        for file in stored:
            self._store.download(file, landing_path(folder, file.name))
        if self._delivery(delivery.period, stored) != delivery:
            raise replaced_meanwhile(uri(self._store, f"date={delivery.period}/"))

    def _delivery(self, day: str, stored: Sequence[StoredObject]) -> Delivery:
        version = content_version(self._store, stored)
        return Delivery(day, version, tuple(uri(self._store, file.key) for file in stored))


def _day(stored: StoredObject) -> str:
    return stored.key.removeprefix("date=").split("/", 1)[0]
