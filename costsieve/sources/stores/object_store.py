"""One small interface over a local folder and an S3 location: list, read, download. Knows nothing of bills or their layouts."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest, md5
from pathlib import Path
from typing import Protocol

from costsieve.errors import IncompleteExport, MissingExport, PermissionMissing


@dataclass(frozen=True)
class StoredObject:
    """One file of a store. ``etag`` changes when the file is written again; ``key`` is relative to the store's location."""

    key: str
    size: int
    etag: str
    modified_at: datetime

    @property
    def name(self) -> str:
        """The last part of the key."""
        return self.key.rsplit("/", 1)[-1]


class ReplacedMeanwhile(IncompleteExport):
    """A newer delivery arrived while this one was read: listing again offers the newer one."""


class ObjectStore(Protocol):
    """Files under one location. Every method raises PermissionMissing where the provider refuses it."""

    @property
    def location(self) -> str:
        """The location as configured, without a trailing slash."""
        ...

    def list(self, prefix: str = "") -> Sequence[StoredObject]:
        """Return every file below the folder ``prefix`` (empty, or ending in a slash), sorted by key; none if it is not there.

        Raises MissingExport where the whole location is not there.
        """
        ...

    def read_bytes(self, key: str) -> bytes:
        """Return one small file; raises IncompleteExport when it is not there."""
        ...

    def download(self, stored: StoredObject, target: Path) -> None:
        """Stream one file to ``target``; raises IncompleteExport when it is gone, ReplacedMeanwhile when it is not the listed one."""
        ...

    def content_digest(self, stored: StoredObject) -> str:
        """Return a token that is the same for the same content: a copy of the file is no change."""
        ...


def uri(store: ObjectStore, key: str) -> str:
    """Return the full name of a file, for messages."""
    return f"{store.location}/{key}"


def replaced_meanwhile(name: str) -> ReplacedMeanwhile:
    """Return the error for a file that changed between listing and reading it."""
    return ReplacedMeanwhile(f"{name} was replaced while it was read; run again. Nothing of this delivery was loaded.")


def content_version(store: ObjectStore, files: Sequence[StoredObject]) -> str:
    """Return one version token for several files: a digest of their names, sizes and contents."""
    digest = md5(usedforsecurity=False)
    for file in files:
        digest.update(f"{file.name}\t{file.size}\t{store.content_digest(file)}\n".encode())
    return digest.hexdigest()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the file system says into what the user can do."""
    try:
        yield
    except FileNotFoundError as error:
        message = f"{path} is not there. Deliver it again, or copy the whole export anew; nothing of this delivery was loaded."
        raise IncompleteExport(message) from error
    except PermissionError as error:
        message = f"{path} may not be read by this user. Grant read permission on it and on its folder."
        raise PermissionMissing(message) from error


@dataclass(frozen=True)
class LocalStore:
    """A local folder, laid out as the provider lays out its bucket."""

    root: Path

    @property
    def location(self) -> str:
        """The folder."""
        return str(self.root)

    def list(self, prefix: str = "") -> Sequence[StoredObject]:
        """Walk the folder; modification time and size stand in for an ETag. Raises MissingExport where the location itself is not there."""
        if not self.root.is_dir():
            message = f"The folder {self.root} is not there. Correct `location` of the source, or have it delivered there."
            raise MissingExport(message)
        folder = self.root / prefix
        if not folder.is_dir():
            return []
        return [self._stored(path) for path in sorted(folder.rglob("*")) if path.is_file()]

    def read_bytes(self, key: str) -> bytes:
        """Read one small file."""
        with _readable(self.root / key):
            return (self.root / key).read_bytes()

    def download(self, stored: StoredObject, target: Path) -> None:
        """Copy without reading the file into memory, and look at its size and time before and after."""
        path = self.root / stored.key
        with _readable(path):
            self._require_unchanged(stored)
            shutil.copyfile(path, target)
            self._require_unchanged(stored)

    def content_digest(self, stored: StoredObject) -> str:
        """Return the MD5 of the content, so that copying an export elsewhere does not load it again."""
        path = self.root / stored.key
        with _readable(path), path.open("rb") as content:
            return file_digest(content, lambda: md5(usedforsecurity=False)).hexdigest()

    def _require_unchanged(self, stored: StoredObject) -> None:
        if self._stored(self.root / stored.key) != stored:
            raise replaced_meanwhile(str(self.root / stored.key))

    def _stored(self, path: Path) -> StoredObject:
        status = path.stat()
        modified_at = datetime.fromtimestamp(status.st_mtime, UTC)
        return StoredObject(path.relative_to(self.root).as_posix(), status.st_size, f"{status.st_size}-{status.st_mtime_ns}", modified_at)
