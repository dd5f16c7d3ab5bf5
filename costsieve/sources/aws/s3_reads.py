"""Read statistics of stored objects from Parquet files with the columns of usage.object_reads. Where they come from is not known here."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from costsieve.errors import MissingColumn, MissingExport, UnreadableExport
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, content_version, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store


@dataclass(frozen=True)
class S3Reads:
    """The `reads` folder of an S3 inventory. Period = last day observed; version = digest of the files' contents."""

    name: str
    location: str

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "s3_reads"

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.location)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer the statistics as one unit, if they end before ``as_of``; raises MissingExport when there is no file."""
        stored = self._files()
        if not stored:
            message = f"No file was found at {uri(self._store, '*.parquet')}. Check `reads` of the S3 inventory source."
            raise MissingExport(message)
        last_day = max(self._last_day(file) for file in stored)
        if last_day >= as_of:
            return []
        return [Delivery(last_day.isoformat(), content_version(self._store, stored), tuple(uri(self._store, file.key) for file in stored))]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy the files byte for byte; raises IncompleteExport when they are no longer those that were listed."""
        stored = self._files()
        for file in stored:
            self._store.download(file, landing_path(folder, file.name))
        if content_version(self._store, stored) != delivery.version:
            raise replaced_meanwhile(uri(self._store, "*.parquet"))

    def _files(self) -> Sequence[StoredObject]:
        return [file for file in self._store.list() if file.key == file.name and file.name.endswith(".parquet")]

    def _last_day(self, stored: StoredObject) -> date:
        """Read when the observation ended; statistics are small, so the file is read whole."""
        name = uri(self._store, stored.key)
        try:
            with pq.ParquetFile(io.BytesIO(self._store.read_bytes(stored.key))) as file:
                if "observed_to" not in file.schema_arrow.names:
                    message = f"{name} lacks the required column observed_to. Write it with exactly the columns of docs/data_model.md."
                    raise MissingColumn(message)
                ends: date | None = pc.max(file.read(["observed_to"])["observed_to"].cast(pa.date32())).as_py()
        except pa.ArrowException as error:
            message = f"{name} is truncated or is not a Parquet file: {error}. Write it again."
            raise UnreadableExport(message) from error
        if ends is None:
            message = f"{name} holds no statistics. Remove it, or write it again."
            raise UnreadableExport(message)
        return ends - timedelta(days=1)
