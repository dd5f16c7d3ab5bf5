"""Google's export tables and views in BigQuery -> Parquet with the table's own records. Only days with new rows are read.

A day is the day that rows were loaded on, never the day of usage: exports are append only, so a day that is over and whose newest
export time is known does not change. Tables that Google partitions by the time of loading are read by partition. Views (such as the FOCUS
view, or one that a user puts in front of an export) and tables with other partitions have no such time: their days are
those of `export_time` or `x_ExportTime`, in UTC, and BigQuery prunes nothing unless that column partitions the table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

from google.cloud import bigquery

from costsieve import sql_files
from costsieve.errors import MissingColumn, MissingExport
from costsieve.sources.gcp.bigquery import BigQuery, TableShape, open_bigquery
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff
from costsieve.sources.gcp.columns import Export
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery

_VERSION_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class GcpTable:
    """One export table or view. Version of a day = its newest export time and row count.

    ``kind_of`` tells by the column names which export it is.
    """

    name: str
    table: str
    maximum_bytes_billed: int
    kind_of: Callable[[frozenset[str]], Export]
    back_off: BackOff = PATIENT

    @property
    def source_type(self) -> str:
        """Folder in the lake; raises SourceError where BigQuery does not describe the table."""
        return self._export.source_type

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the days before ``as_of`` with one query over the times of loading and of export.

        Raises MissingExport when the table is not there or is empty, MissingColumn when it does not say when rows were
        exported, PermissionMissing when BigQuery refuses the query.
        """
        until = bigquery.ScalarQueryParameter("as_of", "TIMESTAMP", datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
        days = self._bigquery.rows(self._statement("gcp_export_days"), [until])
        deliveries = [self._delivery(row["load_day"], row["newest_export_time"], row["row_count"]) for row in days]
        if not deliveries:
            message = f"{self.table} has no partition before {as_of}. A new billing export delivers its first rows within 24 hours."
            raise MissingExport(message)
        return deliveries

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Read the day up to the newest export time that was listed, so that rows arriving meanwhile wait for the next night."""
        day = datetime.strptime(delivery.period, "%Y-%m-%d").replace(tzinfo=UTC)
        newest = datetime.strptime(delivery.version.rsplit("-", 1)[0], _VERSION_TIME).replace(tzinfo=UTC)
        parameters = [
            bigquery.ScalarQueryParameter("first_instant", "TIMESTAMP", day),
            bigquery.ScalarQueryParameter("next_day", "TIMESTAMP", day + timedelta(days=1)),
            bigquery.ScalarQueryParameter("newest_export_time", "TIMESTAMP", newest),
        ]
        present = {column.lower() for column in self._shape.columns}
        selected = ", ".join(column for column in self._export.columns if column.lower() in present)
        sql = self._statement("gcp_export_rows").replace("selected_columns", selected)
        self._bigquery.write_parquet(sql, parameters, landing_path(folder, delivery.files[0]))

    @cached_property
    def _bigquery(self) -> BigQuery:
        return open_bigquery(self.table.split(".", 1)[0], self.maximum_bytes_billed, self.back_off)

    @cached_property
    def _shape(self) -> TableShape:
        return self._bigquery.shape(self.table)

    @cached_property
    def _export(self) -> Export:
        return self.kind_of(self._shape.columns)

    def _delivery(self, day: date, newest_export_time: datetime, row_count: int) -> Delivery:
        version = f"{newest_export_time.astimezone(UTC).strftime(_VERSION_TIME)}-{row_count}"
        return Delivery(day.isoformat(), version, (f"{self.table}${day:%Y%m%d}",))

    def _statement(self, name: str) -> str:
        """Put checked names into one statement: BigQuery takes no parameters there."""
        exported_at = self._export.exported_at
        if exported_at.lower() not in {column.lower() for column in self._shape.columns}:
            message = (
                f"{self.table} lacks the column {exported_at}, which tells its new rows from those that were read before."
                " Add it to the view, or name the export table itself."
            )
            raise MissingColumn(message)
        loaded_at = "_PARTITIONTIME" if self._shape.has_partition_time else exported_at
        sql = sql_files.statement(f"sources/{name}.sql")
        return sql.replace("billing_export", self.table).replace("loaded_at_column", loaded_at).replace("exported_at_column", exported_at)
