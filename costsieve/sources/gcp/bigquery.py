"""Bounded BigQuery queries: dry run first, a byte limit, retries, rows or Parquet out. Knows nothing of billing."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import google.auth
import pyarrow as pa
import pyarrow.parquet as pq
from google.api_core.exceptions import Forbidden, PermissionDenied
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError
from google.cloud import bigquery, bigquery_storage

from costsieve.errors import SourceError
from costsieve.sources.gcp.bigquery_errors import PATIENT, BackOff, explained, unusable_credentials

Parameters = Sequence[bigquery.ScalarQueryParameter]


@dataclass(frozen=True)
class TableShape:
    """What a table or view says of itself; ``has_partition_time`` is true where BigQuery partitions by the time of loading."""

    columns: frozenset[str]
    has_partition_time: bool


@dataclass(frozen=True)
class BigQuery:
    """A client with a byte limit per query. ``storage`` reads results through the Storage Read API; without it REST does."""

    client: bigquery.Client
    maximum_bytes_billed: int
    storage: bigquery_storage.BigQueryReadClient | None = None
    back_off: BackOff = PATIENT

    @cached_property
    def _retry(self) -> Any:  # noqa: ANN401 - google-api-core ships no types
        return self.back_off.retry()

    def rows(self, sql: str, parameters: Parameters) -> list[dict[str, Any]]:
        """Return all rows of a small result."""
        with explained(self.back_off):
            return [dict(row) for row in self._result(self._job(sql, parameters))]

    def shape(self, table: str) -> TableShape:
        """Return the columns of a table or view, and how it is partitioned."""
        with explained(self.back_off):
            described = self.client.get_table(table, retry=self._retry, timeout=self.back_off.deadline_seconds)
        partitioning = described.time_partitioning
        return TableShape(frozenset(field.name for field in described.schema), partitioning is not None and partitioning.field is None)

    def write_parquet(self, sql: str, parameters: Parameters, target: Path) -> None:
        """Stream a result of any size into one Parquet file; a result without rows gives no file.

        A stream that breaks off is read again from its beginning.
        """
        with explained(self.back_off):
            job = self._job(sql, parameters)
            self._retry(self._write)(job, target)

    def _write(self, job: bigquery.QueryJob, target: Path) -> None:
        writer: pq.ParquetWriter | None = None
        try:
            for batch in self._batches(job):
                writer = writer or pq.ParquetWriter(target, batch.schema, compression="zstd")
                writer.write_batch(batch)
        finally:
            if writer is not None:
                writer.close()

    def _batches(self, job: bigquery.QueryJob) -> Iterator[pa.RecordBatch]:
        """Read a result through the Storage Read API, or through REST where the credentials may not open a read session."""
        has_begun = False
        try:
            for batch in self._result(job).to_arrow_iterable(bqstorage_client=self.storage):
                has_begun = True
                yield batch
        except (Forbidden, PermissionDenied):
            if self.storage is None or has_begun:
                raise
            yield from self._result(job).to_arrow_iterable()

    def _result(self, job: bigquery.QueryJob) -> bigquery.table.RowIterator:
        return job.result(retry=self._retry, job_retry=self.back_off.job_retry())

    def _job(self, sql: str, parameters: Parameters) -> bigquery.QueryJob:
        """Start a query whose price was asked first; raises SourceError when it would read more than allowed."""
        asked = bigquery.QueryJobConfig(query_parameters=parameters, dry_run=True, use_query_cache=False)
        needed = self._start(sql, asked).total_bytes_processed or 0
        if needed > self.maximum_bytes_billed:
            message = (
                f"The query would read {needed:,} bytes, more than `maximum_bytes_billed` ({self.maximum_bytes_billed:,}) allows. "
                f"Raise that setting of the source in costsieve.yaml to at least {needed} to allow it; nothing was read or billed."
            )
            raise SourceError(message)
        return self._start(sql, bigquery.QueryJobConfig(query_parameters=parameters, maximum_bytes_billed=self.maximum_bytes_billed))

    def _start(self, sql: str, config: bigquery.QueryJobConfig) -> bigquery.QueryJob:
        # A job retry here would put the client's own deadline of ten minutes around the one of the back-off.
        return self.client.query(sql, job_config=config, retry=self._retry, job_retry=None)


def open_bigquery(table_project: str, maximum_bytes_billed: int, back_off: BackOff = PATIENT) -> BigQuery:
    """Connect with the default credentials; jobs run in their project, else in the table's. BIGQUERY_EMULATOR_HOST is honoured.

    Raises PermissionMissing when there are no credentials that can be used.
    """
    if os.environ.get("BIGQUERY_EMULATOR_HOST"):
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        return BigQuery(bigquery.Client(project=table_project, credentials=anonymous), maximum_bytes_billed, back_off=back_off)
    try:
        credentials, project = google.auth.default()
    except DefaultCredentialsError as error:
        raise unusable_credentials(error) from error
    client = bigquery.Client(project=project or table_project, credentials=credentials)
    storage = bigquery_storage.BigQueryReadClient(credentials=credentials)  # type: ignore[no-untyped-call]  # it ships no types
    return BigQuery(client, maximum_bytes_billed, storage, back_off)
