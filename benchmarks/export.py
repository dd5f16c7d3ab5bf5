"""Writes a CUR 2.0 export of any size: hourly line items of some months. For a bill that makes sense see costsieve.estate."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from costsieve.period import next_month

AS_OF = date(2026, 10, 1)
MONTHS = (date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1))
_ROWS_PER_FILE = 1_000_000
_EXPORT = "costs"


@dataclass(frozen=True)
class WrittenExport:
    """What was written: ``row_count`` is the asked number rounded up to whole things per hour."""

    location: Path
    row_count: int
    byte_count: int


def write_export(location: Path, line_items: int, months: Sequence[date] = MONTHS) -> WrittenExport:
    """Write about ``line_items`` rows under ``location`` with a manifest per month; the same number gives the same rows."""
    hours = {month: (next_month(month) - month).days * 24 for month in months}
    things = math.ceil(line_items / sum(hours.values()))
    files = [file for month, count in hours.items() for file in _write_month(location, month, count, things)]
    return WrittenExport(location, things * sum(hours.values()), sum(file.stat().st_size for file in files))


def refresh_month(location: Path, month: date) -> None:
    """Deliver a month again: the same line items under a new execution id, as a refresh that changes little does."""
    path = location / "metadata" / f"BILLING_PERIOD={month:%Y-%m}" / f"{_EXPORT}-Manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "executionId": f"{manifest['executionId']}-again"}), encoding="utf-8")


def _write_month(location: Path, month: date, hours: int, things: int) -> list[Path]:
    partition = f"BILLING_PERIOD={month:%Y-%m}"
    files = list(_write_data(location / "data" / partition, month, hours, things))
    manifest = {
        "executionId": f"benchmark-{things}-{month:%Y-%m}",
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:100000000001:export/{_EXPORT}-benchmark",
        "columns": _columns(files[0]),
        "dataFiles": [f"s3://example-billing/{file.relative_to(location.parent)}" for file in files],
    }
    folder = location / "metadata" / partition
    folder.mkdir(parents=True)
    (folder / f"{_EXPORT}-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return files


def _write_data(folder: Path, month: date, hours: int, things: int) -> Iterator[Path]:
    """Split the month by position, so that every file holds all hours and all things of it in no order."""
    folder.mkdir(parents=True)
    rows = hours * things
    parts = math.ceil(rows / _ROWS_PER_FILE)
    select = Path(__file__).with_name("line_items.sql").read_text(encoding="utf-8")
    with duckdb.connect(config={"preserve_insertion_order": "false"}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for part in range(parts):
            bound = {"things": things, "rows": rows, "part": part, "parts": parts, "month": month}
            path = folder / f"{_EXPORT}-{part + 1:05d}.snappy.parquet"
            connection.sql(select, params=bound).write_parquet(str(path), compression="snappy")
            yield path


def _columns(file: Path) -> list[dict[str, str]]:
    with duckdb.connect() as connection:
        described = connection.sql("FROM read_parquet($file)", params={"file": str(file)})
        types = {"TIMESTAMP": "timestamp", "DOUBLE": "double", "VARCHAR": "string"}
        return [
            {"name": name, "type": types.get(str(type_), "map")} for name, type_ in zip(described.columns, described.types, strict=True)
        ]
