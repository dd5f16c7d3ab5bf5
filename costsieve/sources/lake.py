"""Where each delivered version lies in the lake, and what a landed one consists of. Decides nothing about what is current."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import duckdb
import polars as pl

from costsieve.home import Home
from costsieve.sources.control_totals import control_totals
from costsieve.sources.parquet_files import read_footer
from costsieve.sources.required_columns import require_columns
from costsieve.sources.source import Delivery, Source


@dataclass(frozen=True)
class LandedVersion:
    """One version in the lake; ``totals`` has the columns of meta.load_totals that describe charges."""

    delivery: Delivery
    files: tuple[Path, ...]
    row_count: int
    byte_count: int
    totals: pl.DataFrame


def version_folder(home: Home, source: Source, delivery: Delivery) -> Path:
    """Return the immutable folder of one version."""
    version = quote(delivery.version, safe="")
    return home.lake / source.source_type / f"source={source.name}" / f"period={delivery.period}" / f"version={version}"


def version_folders(home: Home) -> Iterator[Path]:
    """Return every version folder of the lake."""
    return home.lake.glob("*/source=*/period=*/version=*")


def drop_empty_parts(folder: Path, delivery: Delivery) -> None:
    """Remove files without rows: providers overwrite surplus parts with empty ones, which may even lack columns."""
    for path in _parquet_files(folder):
        if read_footer(path, _delivered_name(path, delivery.files)).row_count == 0:
            path.unlink()


def examine(connection: duckdb.DuckDBPyConnection, folder: Path, source: Source, delivery: Delivery) -> LandedVersion:
    """Prove that every file of a version is readable and complete, and sum it.

    Raises UnreadableExport or MissingColumn, naming the file as it was delivered.
    """
    files = _parquet_files(folder)
    row_count = 0
    for path in files:
        shown_as = f"{source.name} {delivery.period}: {_delivered_name(path, delivery.files)}"
        footer = read_footer(path, shown_as)
        require_columns(source.source_type, footer.columns, shown_as)
        row_count += footer.row_count
    totals = control_totals(connection, source.source_type, files, f"{source.name} {delivery.period}: {', '.join(delivery.files)}")
    return LandedVersion(delivery, tuple(files), row_count, sum(path.stat().st_size for path in files), totals)


def _parquet_files(folder: Path) -> Sequence[Path]:
    return sorted(folder.glob("*.parquet"))


def _delivered_name(path: Path, delivered: Sequence[str]) -> str:
    """Return the delivered file that a landed file was made of: the same last part, but for the ending of converted files."""
    return next((name for name in delivered if path.name.startswith(landed_name(name).removesuffix(".parquet"))), path.name)


def landed_name(delivered: str) -> str:
    """Return the file name in the lake for a delivered file, whatever its format was."""
    name = quote(delivered.rsplit("/", 1)[-1], safe="")
    return name if name.endswith(".parquet") else f"{name}.parquet"
