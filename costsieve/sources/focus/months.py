"""Which billing months the rows of a FOCUS file belong to, remembered by the file's content. What a month's rows cost is not known here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from costsieve.sources.aws.cur_columns import LandedCsv
from costsieve.sources.aws.cur_csv import convert_csv
from costsieve.sources.files.parquet_files import read_footer
from costsieve.sources.focus.csv_files import landed_focus
from costsieve.sources.focus.values import read_value
from costsieve.sources.required_columns import require_columns
from costsieve.sources.scratch import scratch_connection
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

_MONTH_COLUMN = "BillingPeriodStart"


@dataclass(frozen=True)
class MonthIndex:
    """Billing months by content of a file, kept in ``path`` where one is given: a file that did not change is not read again."""

    path: Path | None = None

    def months(self, store: ObjectStore, stored: StoredObject) -> tuple[str, ...]:
        """Return the sorted billing months, such as 2026-09; none for a file without rows.

        Raises MissingColumn or UnreadableExport, naming the file, when it cannot tell them.
        """
        digest = store.content_digest(stored)
        if digest not in self._known:
            self._known[digest] = list(_read_months(store, stored))
            self._keep()
        return tuple(self._known[digest])

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        try:
            known: dict[str, list[str]] = json.loads(self.path.read_text(encoding="utf-8")) if self.path else {}
        except (FileNotFoundError, ValueError):
            return {}
        return known

    def _keep(self) -> None:
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = self.path.with_suffix(".new")
        written.write_text(json.dumps(self._known), encoding="utf-8")
        written.rename(self.path)


def month_of_row(connection: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Return the SQL of the billing month of a row in a Parquet file."""
    described = connection.read_parquet(str(path), hive_partitioning=False)
    column = next(name for name in described.columns if name.lower() == _MONTH_COLUMN.lower())
    delivered = described.types[described.columns.index(column)]
    return f"strftime({read_value(f'"{column}"', delivered, 'TIMESTAMP')}, '%Y-%m')"


def _read_months(store: ObjectStore, stored: StoredObject) -> Sequence[str]:
    if stored.size == 0:
        return ()
    name = uri(store, stored.key)
    with TemporaryDirectory() as folder:
        delivered = Path(folder, stored.name)
        store.download(stored, delivered)
        if stored.name.endswith(".parquet"):
            require_columns("focus", read_footer(delivered, name).columns, name)
            return _distinct_months(delivered)
        converted = Path(folder, "months.parquet")
        convert_csv(delivered, converted, name, lambda header: _month_column(header, name))
        return _distinct_months(converted) if converted.is_file() else ()


def _month_column(header: Sequence[str], name: str) -> LandedCsv:
    require_columns("focus", {column.lower() for column in header}, name)
    landed = landed_focus(header)
    column = next(column for column in header if column.lower() == _MONTH_COLUMN.lower())
    return LandedCsv(landed.read_as, (landed.columns[header.index(column)],), landed.null_texts)


def _distinct_months(path: Path) -> Sequence[str]:
    with scratch_connection(path.parent) as connection:
        rows = connection.read_parquet(str(path), hive_partitioning=False)
        months = rows.project(f"{month_of_row(connection, path)} AS month").distinct().fetchall()
    return sorted(month for (month,) in months if month is not None)
