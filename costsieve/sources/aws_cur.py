"""AWS Cost and Usage Report 2.0, Parquet or CSV, through its manifests. Other data exports are told apart in cur_manifest."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from costsieve.errors import IncompleteExport, UnreadableExport
from costsieve.settings import AwsCurSource
from costsieve.sources.cur_csv import convert_csv
from costsieve.sources.cur_manifest import Manifest, newest_manifest, newest_manifests
from costsieve.sources.lake import landing_path
from costsieve.sources.object_store import ObjectStore, StoredObject, replaced_meanwhile, uri
from costsieve.sources.source import Delivery
from costsieve.sources.stores import open_store

_CSV_ENDINGS = (".csv.gz", ".csv", ".zip")


@dataclass(frozen=True)
class AwsCur:
    """One CUR 2.0 export in S3 or in a local folder that is laid out like it. Version = executionId of the newest refresh."""

    settings: AwsCurSource

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "aws_cur"

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.settings.location)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the billing months that have a manifest and began before ``as_of``.

        Raises MissingExport when no month has one.
        """
        manifests = [manifest for manifest in newest_manifests(self._store) if f"{manifest.period}-01" < as_of.isoformat()]
        return [Delivery(manifest.period, manifest.execution_id, self._names(manifest)) for manifest in manifests]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy Parquet parts as they are and convert CSV parts; only files that the manifest names count.

        Raises IncompleteExport when a named file is missing or a new refresh arrived meanwhile, UnreadableExport when a part is damaged.
        """
        manifest = self._manifest(delivery)
        stored = {part.key: part for part in self._store.list(f"data/BILLING_PERIOD={delivery.period}/")}
        missing = [uri(self._store, key) for key in manifest.data_keys if key not in stored]
        if missing:
            by = uri(self._store, manifest.key)
            message = f"{', '.join(missing)} is missing although {by} names it. Nothing of {delivery.period} was loaded; run again later."
            raise IncompleteExport(message)
        for key in manifest.data_keys:
            self._write_part(stored[key], folder)
        self._manifest(delivery)

    def _manifest(self, delivery: Delivery) -> Manifest:
        """Return the manifest that the delivery was listed from; raises IncompleteExport when it has been replaced."""
        manifest = newest_manifest(self._store, delivery.period)
        if manifest is None or (manifest.execution_id, self._names(manifest)) != (delivery.version, delivery.files):
            raise replaced_meanwhile(uri(self._store, manifest.key if manifest else f"metadata/BILLING_PERIOD={delivery.period}/"))
        return manifest

    def _names(self, manifest: Manifest) -> tuple[str, ...]:
        return tuple(uri(self._store, key) for key in manifest.data_keys)

    def _write_part(self, part: StoredObject, folder: Path) -> None:
        name = uri(self._store, part.key)
        target = landing_path(folder, name)
        if part.key.endswith(".parquet"):
            if part.size:
                self._store.download(part, target)
        elif part.key.endswith(_CSV_ENDINGS):
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
                delivered = Path(scratch) / part.name
                self._store.download(part, delivered)
                convert_csv(delivered, target, name)
        else:
            message = f"{name} is neither Parquet nor CSV (.csv, .csv.gz, .zip). Set the export's format to Parquet."
            raise UnreadableExport(message)
