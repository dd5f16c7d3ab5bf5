"""The newest S3 Inventory report of one bucket, through its manifest. Ages and sizes are binned in usage.stored_objects, not here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import file_digest, md5
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError

from costsieve.errors import IncompleteExport, MissingExport, UnreadableExport
from costsieve.source_settings import S3InventorySource
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store

_CHECKSUM = re.compile(r"^(\d{4}-\d{2}-\d{2})T\d{2}-\d{2}Z/manifest\.checksum$")


class _File(BaseModel):
    key: str
    size: int
    md5: str = Field(alias="MD5checksum")


class _Manifest(BaseModel):
    file_format: str = Field(alias="fileFormat")
    files: tuple[_File, ...]


@dataclass(frozen=True)
class S3Inventory:
    """Inventory reports below `<destination>/<source bucket>/<configuration>`. Version = MD5 of the newest manifest."""

    settings: S3InventorySource

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "s3_inventory"

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.settings.location.rstrip("/"))

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer the newest finished report of a day before ``as_of``: S3 writes manifest.checksum last.

        An earlier night than the first report has none. Raises MissingExport when there is no finished report at all.
        """
        finished = [stored for stored in self._store.list() if _CHECKSUM.match(stored.key)]
        if not finished:
            looked_for = uri(self._store, "YYYY-MM-DDTHH-MMZ/manifest.checksum")
            message = f"No finished inventory was found at {looked_for}. The first report can take 48 hours."
            raise MissingExport(message)
        known = [stored for stored in finished if stored.key[:10] < as_of.isoformat()]
        return [self._delivery(max(stored.key for stored in known))] if known else []

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy the data files that the manifest names and prove their MD5 checksums."""
        manifest_key = delivery.files[0].removeprefix(f"{self._store.location}/")
        version, manifest = self._manifest(manifest_key)
        if version != delivery.version:
            raise replaced_meanwhile(delivery.files[0])
        stored = {data.key: data for data in self._store.list()}
        for file in manifest.files:
            key = self._data_key(file.key, manifest_key)
            if key not in stored:
                message = f"{uri(self._store, key)} is missing although {delivery.files[0]} names it. Run again after the next inventory."
                raise IncompleteExport(message)
            self._copy(file, stored[key], landing_path(folder, file.key))

    def _delivery(self, checksum_key: str) -> Delivery:
        manifest_key = checksum_key.replace("manifest.checksum", "manifest.json")
        version, manifest = self._manifest(manifest_key)
        files = tuple(uri(self._store, self._data_key(file.key, manifest_key)) for file in manifest.files)
        return Delivery(manifest_key[:10], version, (uri(self._store, manifest_key), *files))

    def _copy(self, file: _File, stored: StoredObject, target: Path) -> None:
        self._store.download(stored, target)
        with target.open("rb") as content:
            checksum = file_digest(content, lambda: md5(usedforsecurity=False)).hexdigest()
        if (stored.size, checksum) != (file.size, file.md5):
            name = uri(self._store, stored.key)
            message = f"{name} is damaged: {stored.size} bytes with MD5 {checksum}; its manifest says {file.size} with {file.md5}."
            raise UnreadableExport(message)

    def _manifest(self, key: str) -> tuple[str, _Manifest]:
        """Read one manifest and return its MD5 with it."""
        content = self._store.read_bytes(key)
        version = md5(content, usedforsecurity=False).hexdigest()
        expected = self._store.read_bytes(key.replace("manifest.json", "manifest.checksum")).decode(errors="replace").strip()
        if version != expected:
            message = f"{uri(self._store, key)} is damaged: its MD5 is {version}, but manifest.checksum says {expected}."
            raise UnreadableExport(message)
        try:
            manifest = _Manifest.model_validate_json(content)
        except ValidationError as error:
            message = f"{uri(self._store, key)} is no S3 Inventory manifest: {error.errors()[0]['msg']}."
            raise UnreadableExport(message) from error
        if manifest.file_format.lower() != "parquet":
            message = f"{uri(self._store, key)}: the inventory is in {manifest.file_format}. Set its output format to Apache Parquet."
            raise UnreadableExport(message)
        return version, manifest

    def _data_key(self, key: str, manifest_key: str) -> str:
        """Resolve a key of the destination bucket below this location, which ends in `<source bucket>/<configuration>`."""
        folder = "/".join(self._store.location.split("/")[-2:])
        _, found, below = f"/{key}".partition(f"/{folder}/")
        if not found:
            message = f"{uri(self._store, manifest_key)} names {key}, not below {folder}/. `location` must end in <bucket>/<configuration>."
            raise IncompleteExport(message)
        return below
