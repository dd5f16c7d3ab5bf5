"""The runs of one Azure Cost Management export over one range of days, and the files of the newest. Their rows are not read here."""

from collections.abc import Sequence

from pydantic import BaseModel, Field, ValidationError

from costsieve.errors import IncompleteExport, UnreadableExport
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

_MANIFEST = "manifest.json"


class _Blob(BaseModel):
    name: str = Field(alias="blobName", min_length=1)
    byte_count: int | None = Field(alias="byteCount", default=None)


class _Run(BaseModel):
    submitted_at: str = Field(alias="submittedTime", default="")


class _Manifest(BaseModel):
    run: _Run = Field(alias="runInfo", default=_Run())
    blobs: tuple[_Blob, ...]


def newest_run(store: ObjectStore, folder: str, stored: Sequence[StoredObject], endings: tuple[str, ...]) -> list[StoredObject]:
    """Return the data files of the newest run in ``folder``, that of one range; ``stored`` are all files below it.

    A run is finished when its manifest is there. Without any manifest, all files are one run as long as they lie in one folder. Raises
    IncompleteExport when a named file is missing or shorter than the manifest says, UnreadableExport when the newest run cannot be told.
    """
    manifests = [file for file in stored if file.name.lower() == _MANIFEST]
    if manifests:
        read = [(_manifest(store, file), file) for file in manifests]
        manifest, file = max(read, key=lambda pair: (pair[0].run.submitted_at, pair[1].modified_at, pair[1].key))
        by_key = {other.key: other for other in stored}
        return [_named(store, folder, file, by_key, blob) for blob in manifest.blobs]
    data = [file for file in stored if file.name.endswith(endings)]
    if len({file.key.rpartition("/")[0] for file in data}) > 1:
        message = (
            f"{uri(store, folder)} holds several runs and no {_MANIFEST}, so the newest cannot be told and all would count the charges "
            f"several times. Copy the {_MANIFEST} of each run as well, or leave only the newest run there."
        )
        raise UnreadableExport(message)
    return data


def _manifest(store: ObjectStore, file: StoredObject) -> _Manifest:
    try:
        return _Manifest.model_validate_json(store.read_bytes(file.key))
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        message = f"{uri(store, file.key)} is not the manifest of an Azure export: {reason}. Deliver it again; nothing of it was loaded."
        raise UnreadableExport(message) from error


def _named(store: ObjectStore, folder: str, manifest: StoredObject, stored: dict[str, StoredObject], blob: _Blob) -> StoredObject:
    """Find a blob below this location: the manifest names it from the container's root, also when the export was copied."""
    range_folder = f"/{folder.rstrip('/').rpartition('/')[2]}/"
    inner = f"/{blob.name}".partition(range_folder)[2] or blob.name.rpartition("/")[2]
    beside = f"{manifest.key.rpartition('/')[0]}/{blob.name.rpartition('/')[2]}"
    file = stored.get(folder + inner) or stored.get(beside)
    if file is None:
        message = f"{uri(store, folder + inner)} is missing although {uri(store, manifest.key)} names it. Run again later."
        raise IncompleteExport(message)
    if blob.byte_count is not None and file.size < blob.byte_count and not file.name.endswith(".gz"):
        message = f"{uri(store, file.key)} has {file.size} bytes where {uri(store, manifest.key)} says {blob.byte_count}: copy it again."
        raise IncompleteExport(message)
    return file
