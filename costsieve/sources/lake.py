"""Where each delivered version lies in the lake, and what a landed one consists of. Decides nothing about what is current."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import duckdb
import polars as pl

from costsieve.errors import UnreadableExport
from costsieve.home import Home
from costsieve.sources.column_types import require_types
from costsieve.sources.control_totals import control_totals
from costsieve.sources.files.parquet_files import read_footer
from costsieve.sources.record_types import require_record_types
from costsieve.sources.required_columns import require_columns
from costsieve.sources.source import Delivery, Source


@dataclass(frozen=True)
class LakeUnit:
    """What identifies one version in the lake."""

    source_type: str
    source: str
    period: str
    version: str


@dataclass(frozen=True)
class LandedVersion:
    """One version in the lake; ``totals`` has the columns of meta.load_totals that describe charges."""

    delivery: Delivery
    files: tuple[Path, ...]
    row_count: int
    byte_count: int
    totals: pl.DataFrame


def version_folder(home: Home, unit: LakeUnit) -> Path:
    """Return the immutable folder of one version."""
    version = quote(unit.version, safe="")
    return home.lake / unit.source_type / f"source={unit.source}" / f"period={unit.period}" / f"version={version}"


def unit_of(source: Source, delivery: Delivery) -> LakeUnit:
    """Return what identifies the version that ``delivery`` offers."""
    return LakeUnit(source.source_type, source.name, delivery.period, delivery.version)


def version_folders(home: Home) -> Iterator[Path]:
    """Return every version folder of the lake."""
    return home.lake.glob("*/source=*/period=*/version=*")


def landing_path(folder: Path, delivered: str) -> Path:
    """Return where a delivered file goes; raises UnreadableExport when another file of the delivery has the same name."""
    return landing_paths(folder, [delivered])[0]


def landing_paths(folder: Path, delivered: Sequence[str]) -> list[Path]:
    """Return where several delivered files go; raises UnreadableExport when two files of the delivery have the same name."""
    taken = {path.name for path in folder.iterdir()}
    for name in delivered:
        if _landed_name(name) in taken:
            message = f"{name}: two files of this delivery have this name, so one would hide the other. Give them different names."
            raise UnreadableExport(message)
        taken.add(_landed_name(name))
    return [folder / _landed_name(name) for name in delivered]


def drop_empty_parts(folder: Path, source: Source, delivery: Delivery) -> None:
    """Remove files without rows: providers overwrite surplus parts with empty ones, which may even lack columns."""
    for path in _parquet_files(folder):
        if read_footer(path, _shown_name(path, source, delivery)).row_count == 0:
            path.unlink()


def examine(connection: duckdb.DuckDBPyConnection, folder: Path, source: Source, delivery: Delivery) -> LandedVersion:
    """Prove that every file of a version is readable and complete, and sum it.

    Raises UnreadableExport or MissingColumn, naming the file as it was delivered.
    """
    files = _parquet_files(folder)
    row_count = 0
    for path in files:
        shown_as = _shown_name(path, source, delivery)
        footer = read_footer(path, shown_as)
        require_columns(source.source_type, footer.columns, shown_as)
        require_types(connection, source.source_type, path, shown_as)
        require_record_types(connection, source.source_type, path, shown_as)
        row_count += footer.row_count
    totals = control_totals(connection, source.source_type, files, f"{source.name} {delivery.period} ({', '.join(delivery.files)})")
    return LandedVersion(delivery, tuple(files), row_count, sum(path.stat().st_size for path in files), totals)


def _parquet_files(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob("*.parquet"))


def _shown_name(path: Path, source: Source, delivery: Delivery) -> str:
    """Name a landed file by the delivered one that it was made of."""
    delivered = next((name for name in delivery.files if _landed_name(name) == path.name), path.name)
    return f"{source.name} {delivery.period}: {delivered}"


def _landed_name(delivered: str) -> str:
    """Keep the last part of the delivered name; what was converted gets a second ending."""
    name = quote(delivered.rsplit("/", 1)[-1], safe="")
    return name if name.endswith(".parquet") else f"{name}.parquet"
