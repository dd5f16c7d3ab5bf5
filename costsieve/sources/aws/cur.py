"""One AWS report in a bucket or folder: legacy CUR, CUR 2.0 or a FOCUS export, through its manifests. Layouts: cur_layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from costsieve.errors import IncompleteExport, MissingExport
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur_columns import landed_report
from costsieve.sources.aws.cur_layout import current_manifest, newest_manifests
from costsieve.sources.aws.cur_manifest import Kind, Manifest
from costsieve.sources.aws.cur_parts import land_parts
from costsieve.sources.aws.legacy_cur import require_finished
from costsieve.sources.focus.csv_files import landed_focus
from costsieve.sources.source import Delivery
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store


@dataclass(frozen=True)
class AwsCur:
    """One report in S3 or in a local folder that is laid out like it. Version = executionId or assemblyId of the newest refresh."""

    settings: AwsCurSource

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake: aws_cur, or focus for a FOCUS export; raises SourceError when no manifest tells."""
        return "focus" if self._kind == "focus" else "aws_cur"

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.settings.location)

    @cached_property
    def _known(self) -> dict[str, Manifest]:
        """The manifests as first seen, by month: they tell the kind of the report, and where to look again."""
        return _manifests(self._store)

    @property
    def _kind(self) -> Kind:
        return next(iter(self._known.values())).kind

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the billing months that have a manifest and began before ``as_of``.

        A month whose manifest names no file has nothing yet: what was loaded of it before stays. Raises MissingExport when no month has
        a manifest, or none of them names a file.
        """
        manifests = [manifest for manifest in newest_manifests(self._store) if f"{manifest.period}-01" < as_of.isoformat()]
        filled = [manifest for manifest in manifests if manifest.data_keys]
        if manifests and not filled:
            message = f"{uri(self._store, manifests[-1].key)} names no file yet. A new report is filled within 24 hours; run again then."
            raise MissingExport(message)
        return [Delivery(manifest.period, manifest.version, self._names(manifest)) for manifest in filled]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy Parquet parts as they are and convert CSV parts; only files that the manifest names count.

        Raises IncompleteExport when a named file is missing or the report is being written, ReplacedMeanwhile when a file or the manifest
        is not the same after the download, UnreadableExport when a part is damaged.
        """
        manifest = self._manifest(delivery)
        parts = self._parts(delivery, manifest)
        land_parts(self._store, parts, folder, landed_focus if manifest.kind == "focus" else landed_report)
        if self._parts(delivery, self._manifest(delivery)) != parts:
            raise replaced_meanwhile(uri(self._store, manifest.key))

    def _manifest(self, delivery: Delivery) -> Manifest:
        """Return the manifest that the delivery was listed from; raises ReplacedMeanwhile when there is another by now."""
        known = self._known.get(delivery.period) or _manifests(self._store).get(delivery.period)
        manifest = current_manifest(self._store, known) if known else None
        if manifest is None or (manifest.version, self._names(manifest)) != (delivery.version, delivery.files):
            raise replaced_meanwhile(uri(self._store, manifest.key) if manifest else f"the manifest of {self.name} {delivery.period}")
        if manifest.kind == "legacy_cur":
            require_finished(self._store, manifest)
        return manifest

    def _parts(self, delivery: Delivery, manifest: Manifest) -> list[StoredObject]:
        """Return the named files as they are listed now: presence, size and ETag."""
        folders = dict.fromkeys(f"{key.rpartition('/')[0]}/" for key in manifest.data_keys)
        stored = {part.key: part for folder in folders for part in self._store.list(folder)}
        missing = [uri(self._store, key) for key in manifest.data_keys if key not in stored]
        if missing:
            self._manifest(delivery)
            by = uri(self._store, manifest.key)
            message = f"{', '.join(missing)} is missing although {by} names it. Nothing of {delivery.period} was loaded; run again later."
            raise IncompleteExport(message)
        return [stored[key] for key in manifest.data_keys]

    def _names(self, manifest: Manifest) -> tuple[str, ...]:
        return tuple(uri(self._store, key) for key in manifest.data_keys)


def _manifests(store: ObjectStore) -> dict[str, Manifest]:
    return {manifest.period: manifest for manifest in newest_manifests(store)}
