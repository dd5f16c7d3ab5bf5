"""The files of one billing month -> Parquet in a folder, several at a time. Which files these are is decided by their manifest."""

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from costsieve.errors import UnreadableExport
from costsieve.sources.aws.cur_csv import CSV_ENDINGS, Layout, convert_csv_on
from costsieve.sources.lake import landing_paths
from costsieve.sources.scratch import scratch_connection
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

_MOST_AT_ONCE = 4
"""Each conversion buffers the columns of its own file: with more at once, a night would need more memory than it may use."""


@dataclass(frozen=True)
class _Part:
    stored: StoredObject
    name: str
    target: Path


def land_parts(store: ObjectStore, parts: Sequence[StoredObject], folder: Path, layout: Layout) -> None:
    """Copy Parquet parts as they are and convert CSV parts as ``layout`` says; empty parts give no file.

    As many at once as there are cores, at most four: a gz file is read by one core only. Raises UnreadableExport when a part is damaged.
    """
    names = [uri(store, part.key) for part in parts]
    for name in names:
        _require_known_format(name)
    targets = landing_paths(folder, names)
    work = [_Part(*each) for each in zip(parts, names, targets, strict=True)]
    with (
        tempfile.TemporaryDirectory(dir=folder.parent) as scratch,
        scratch_connection(folder.parent) as connection,
        ThreadPoolExecutor(min(len(work), os.process_cpu_count() or 1, _MOST_AT_ONCE) or 1) as pool,
    ):
        landings = [pool.submit(_land, store, part, Path(scratch) / str(number), connection, layout) for number, part in enumerate(work)]
        try:
            for landing in landings:
                landing.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _land(store: ObjectStore, part: _Part, scratch: Path, connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    if part.stored.size == 0:
        return
    if part.name.endswith(".parquet"):
        store.download(part.stored, part.target)
        return
    scratch.mkdir()
    delivered = scratch / part.stored.name
    store.download(part.stored, delivered)
    with connection.cursor() as cursor:
        convert_csv_on(cursor, delivered, part.target, part.name, layout)
    for path in scratch.iterdir():
        path.unlink()


def _require_known_format(name: str) -> None:
    if not name.endswith((".parquet", *CSV_ENDINGS)):
        message = f"{name} is neither Parquet nor CSV (.csv, .csv.gz, .zip). Set the export's format to Parquet."
        raise UnreadableExport(message)
