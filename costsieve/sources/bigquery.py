"""Bounded BigQuery queries: dry run first, a byte limit, rows or Parquet out. Knows nothing of billing."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import google.auth
import pyarrow as pa
import pyarrow.parquet as pq
from google.api_core.exceptions import Forbidden, GoogleAPICallError, NotFound, PermissionDenied
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError
from google.cloud import bigquery, bigquery_storage

from costsieve.errors import MissingExport, PermissionMissing, SourceError

Parameters = Sequence[bigquery.ScalarQueryParameter]

_PERMISSIONS = (
    ("bigquery.jobs.create", "the role BigQuery Job User on the project that runs the query"),
    ("bigquery.tables.get", "the role BigQuery Data Viewer on the billing dataset"),
    ("bigquery.tables.getData", "the role BigQuery Data Viewer on the billing dataset"),
)


@dataclass(frozen=True)
class BigQuery:
    """A client with a byte limit per query. ``storage`` reads results through the Storage Read API; without it REST does."""

    client: bigquery.Client
    maximum_bytes_billed: int
    storage: bigquery_storage.BigQueryReadClient | None = None

    def rows(self, sql: str, parameters: Parameters) -> list[dict[str, Any]]:
        """Return all rows of a small result."""
        with _explained():
            return [dict(row) for row in self._job(sql, parameters).result()]

    def columns(self, table: str) -> frozenset[str]:
        """Return the names of a table's columns."""
        with _explained():
            return frozenset(field.name for field in self.client.get_table(table).schema)

    def write_parquet(self, sql: str, parameters: Parameters, target: Path) -> None:
        """Stream a result of any size into one Parquet file; a result without rows gives no file."""
        with _explained():
            writer: pq.ParquetWriter | None = None
            try:
                for batch in self._batches(self._job(sql, parameters)):
                    writer = writer or pq.ParquetWriter(target, batch.schema, compression="zstd")
                    writer.write_batch(batch)
            finally:
                if writer is not None:
                    writer.close()

    def _batches(self, job: bigquery.QueryJob) -> Iterator[pa.RecordBatch]:
        """Read a result through the Storage Read API, or through REST where the credentials may not open a read session."""
        has_begun = False
        try:
            for batch in job.result().to_arrow_iterable(bqstorage_client=self.storage):
                has_begun = True
                yield batch
        except (Forbidden, PermissionDenied):
            if self.storage is None or has_begun:
                raise
            yield from job.result().to_arrow_iterable()

    def _job(self, sql: str, parameters: Parameters) -> bigquery.QueryJob:
        """Start a query whose price was asked first; raises SourceError when it would read more than allowed."""
        asked = bigquery.QueryJobConfig(query_parameters=parameters, dry_run=True, use_query_cache=False)
        needed = self.client.query(sql, job_config=asked).total_bytes_processed or 0
        if needed > self.maximum_bytes_billed:
            message = (
                f"The query would read {needed:,} bytes, more than `maximum_bytes_billed` ({self.maximum_bytes_billed:,}) allows. "
                f"Raise that setting of the source in costsieve.yaml to at least {needed} to allow it; nothing was read or billed."
            )
            raise SourceError(message)
        allowed = bigquery.QueryJobConfig(query_parameters=parameters, maximum_bytes_billed=self.maximum_bytes_billed)
        return self.client.query(sql, job_config=allowed)


def open_bigquery(table_project: str, maximum_bytes_billed: int) -> BigQuery:
    """Connect with the default credentials; jobs run in their project, else in the table's. BIGQUERY_EMULATOR_HOST is honoured.

    Raises PermissionMissing when there are no credentials.
    """
    if os.environ.get("BIGQUERY_EMULATOR_HOST"):
        anonymous = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        return BigQuery(bigquery.Client(project=table_project, credentials=anonymous), maximum_bytes_billed)
    try:
        credentials, project = google.auth.default()
    except DefaultCredentialsError as error:
        message = "No Google credentials were found. `gcloud auth application-default login` or a service account provides them."
        raise PermissionMissing(message) from error
    client = bigquery.Client(project=project or table_project, credentials=credentials)
    storage = bigquery_storage.BigQueryReadClient(credentials=credentials)  # type: ignore[no-untyped-call]  # it ships no types
    return BigQuery(client, maximum_bytes_billed, storage)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what BigQuery says into what the user can do."""
    try:
        yield
    except (Forbidden, PermissionDenied) as error:
        raise _refusal(error) from error
    except NotFound as error:
        message = f"BigQuery found no such table: {_said(error)} Check `table` in costsieve.yaml and that the export is enabled."
        raise MissingExport(message) from error
    except (GoogleAPICallError, GoogleAuthError) as error:
        message = f"BigQuery could not answer: {error} Run again; if it stays, look the job up in its console."
        raise SourceError(message) from error


def _refusal(error: GoogleAPICallError) -> PermissionMissing:
    """Name the permission that BigQuery names; it names none when it hides the table."""
    permission, grant = next((entry for entry in reversed(_PERMISSIONS) if entry[0] in _said(error)), _PERMISSIONS[-1])
    return PermissionMissing(f"BigQuery refused: {_said(error)} The credentials need {permission}: grant {grant}.")


def _said(error: GoogleAPICallError) -> str:
    """Return the service's own sentence, without the request's address and the job's trailer."""
    message: str = error.errors[0]["message"] if error.errors else error.message
    return message.splitlines()[0].rstrip(".") + "."
