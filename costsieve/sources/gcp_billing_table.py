"""Partitions of the billing export table in BigQuery -> Parquet with the table's own records. Only changed partitions are read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from google.cloud import bigquery

from costsieve import sql_files
from costsieve.errors import ConfigurationError, MissingExport
from costsieve.sources.bigquery import BigQuery, open_bigquery
from costsieve.sources.lake import landing_path
from costsieve.sources.source import Delivery

COLUMNS = (
    "billing_account_id",
    "invoice",
    "cost_type",
    "service",
    "sku",
    "usage_start_time",
    "usage_end_time",
    "project",
    "labels",
    "system_labels",
    "location",
    "export_time",
    "cost",
    "currency",
    "usage",
    "credits",
    "adjustment_info",
    "cost_at_list",
    "cost_at_effective_price_default",
    "consumption_model",
    "resource",
    "subscription",
)
"""Columns of the export that the cost basis uses; those a table does not have (older exports) are left out. Others are not paid for."""

_TABLE = re.compile(r"^[a-z][a-z0-9:.-]*\.\w+\.[\w-]+$")
_VERSION_TIME = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class GcpBillingTable:
    """One export table, partitioned by the day of ingestion. Version of a partition = its newest export_time and row count."""

    name: str
    table: str
    maximum_bytes_billed: int

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "gcp_billing"

    @cached_property
    def _bigquery(self) -> BigQuery:
        if not _TABLE.match(self.table):
            message = f"source {self.name}: `table` is {self.table!r}, but must be project.dataset.table."
            raise ConfigurationError(message)
        return open_bigquery(self.table.split(".", 1)[0], self.maximum_bytes_billed)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the partitions before ``as_of`` with one query over export_time.

        Raises MissingExport when the table is not there or is empty, PermissionMissing when BigQuery refuses the query.
        """
        until = bigquery.ScalarQueryParameter("as_of", "TIMESTAMP", datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC))
        partitions = self._bigquery.rows(self._statement("gcp_billing_partitions"), [until])
        deliveries = [self._delivery(row["partition_day"], row["newest_export_time"], row["row_count"]) for row in partitions]
        if not deliveries:
            message = f"{self.table} has no partition before {as_of}. A new billing export delivers its first rows within 24 hours."
            raise MissingExport(message)
        return deliveries

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Read the partition up to the newest export_time that was listed, so that rows arriving meanwhile wait for the next night."""
        day = datetime.strptime(delivery.period, "%Y-%m-%d").replace(tzinfo=UTC)
        newest = datetime.strptime(delivery.version.rsplit("-", 1)[0], _VERSION_TIME).replace(tzinfo=UTC)
        parameters = [
            bigquery.ScalarQueryParameter("partition_time", "TIMESTAMP", day),
            bigquery.ScalarQueryParameter("newest_export_time", "TIMESTAMP", newest),
        ]
        present = self._bigquery.columns(self.table)
        selected = ", ".join(column for column in COLUMNS if column in present)
        sql = self._statement("gcp_billing_rows").replace("selected_columns", selected)
        self._bigquery.write_parquet(sql, parameters, landing_path(folder, delivery.files[0]))

    def _delivery(self, day: date, newest_export_time: datetime, row_count: int) -> Delivery:
        version = f"{newest_export_time.astimezone(UTC).strftime(_VERSION_TIME)}-{row_count}"
        return Delivery(day.isoformat(), version, (f"{self.table}${day:%Y%m%d}",))

    def _statement(self, name: str) -> str:
        """Put the table's checked name into one statement: BigQuery takes no parameter there."""
        return sql_files.statement(f"sources/{name}.sql").replace("billing_export", self.table)
