"""The files of one FOCUS delivery -> Parquet in a folder, split by billing month where need be. It decides on no files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import md5
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_parts import land_parts
from costsieve.sources.focus.csv_files import landed_focus
from costsieve.sources.focus.months import MonthIndex, month_of_row
from costsieve.sources.lake import landing_path, landing_paths
from costsieve.sources.scratch import scratch_connection
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

_MOST_OF_A_KEY = 120
"""Letters of a file's key that its name in the lake repeats where its name alone is not enough."""


@dataclass(frozen=True)
class FocusPart:
    """One file of a delivery; ``month`` where only the rows of that billing month belong to it."""

    stored: StoredObject
    month: str | None

    @property
    def folder(self) -> str:
        """Folder of the file below the location."""
        return self.stored.key.rpartition("/")[0]


def require_different(store: ObjectStore, parts: Sequence[FocusPart], index: MonthIndex) -> None:
    """Raise UnreadableExport when a delivery has the same file twice; files without rows may be alike."""
    seen: dict[str, str] = {}
    for part in parts:
        digest, name = store.content_digest(part.stored), uri(store, part.stored.key)
        if digest in seen and index.months(store, part.stored):
            message = f"{name} and {seen[digest]} are the same file, so its charges would count twice. Remove one of them."
            raise UnreadableExport(message)
        seen[digest] = name


def land_focus_parts(store: ObjectStore, parts: Sequence[FocusPart], folder: Path) -> None:
    """Copy Parquet files as they are and convert CSV, folder by folder, under names that differ; split what has a month."""
    repeated = {name for name, count in Counter(part.stored.name for part in parts).items() if count > 1}
    for _, together in groupby(sorted(parts, key=lambda part: (part.folder, part.stored.key)), key=lambda part: part.folder):
        _land_folder(store, list(together), folder, repeated)


def _land_folder(store: ObjectStore, parts: Sequence[FocusPart], folder: Path, repeated: set[str]) -> None:
    with TemporaryDirectory(dir=folder.parent) as scratch:
        arrived = Path(scratch, "arrived")
        arrived.mkdir()
        paths = landing_paths(arrived, [part.stored.name for part in parts])
        land_parts(store, [part.stored for part in parts], arrived, landed_focus)
        for part, path in zip(parts, paths, strict=True):
            if path.is_file():
                target = landing_path(folder, _named_by_key(part.stored) if part.stored.name in repeated else part.stored.name)
                _move(path, target, part.month)


def _move(path: Path, target: Path, month: str | None) -> None:
    if month is None:
        path.rename(target)
        return
    with scratch_connection(path.parent) as connection:
        rows = connection.read_parquet(str(path), hive_partitioning=False)
        rows.filter(f"{month_of_row(connection, path)} = '{month}'").write_parquet(str(target), compression="zstd")


def _named_by_key(stored: StoredObject) -> str:
    """Return a name that says where the file came from: several folders of one delivery have a part_0."""
    digest = md5(stored.key.encode(), usedforsecurity=False).hexdigest()[:8]
    return f"{digest}-{stored.key[-_MOST_OF_A_KEY:].replace('/', '~')}"
