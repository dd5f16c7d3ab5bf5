"""Whether the credentials may do with an export table what a night does with it, permission by permission. No row is read."""

from collections.abc import Iterator

from google.cloud import bigquery as google_bigquery

from costsieve.diagnosis.observation import Observation, tried
from costsieve.errors import SourceError
from costsieve.sources.gcp.bigquery import BigQuery, open_bigquery
from costsieve.sources.gcp.bigquery_errors import BRISK, explained
from costsieve.sources.permissions import permissions_of

_PARTITIONED = "partitioned by the day of loading: only changed days are read"
_UNPARTITIONED = "not partitioned by the day of loading, so every night reads all of it; name the export's own table instead of a view"


def table_observations(source: str, source_type: str, table: str, maximum_bytes_billed: int) -> Iterator[Observation]:
    """Describe the table, dry-run a query over it, and say whether the Storage Read API will be used."""
    try:
        bigquery = open_bigquery(table.split(".", 1)[0], maximum_bytes_billed, BRISK)
    except SourceError as error:
        yield Observation(source, source_type, "credentials", "failed", str(error))
        return
    described = tried(source, source_type, "bigquery.tables.get", lambda: bigquery.shape(table))
    yield described
    if described.state == "ok":
        yield _partitions(source, source_type, bigquery, table)
        yield tried(source, source_type, "bigquery.jobs.create", lambda: _dry_run(bigquery, "SELECT 1"))
        rows = f"SELECT * FROM `{table}`"  # noqa: S608 - the table's checked name, and a dry run
        yield tried(source, source_type, "bigquery.tables.getData", lambda: _dry_run(bigquery, rows))
    yield _read_sessions(source, source_type, bigquery)


def _partitions(source: str, source_type: str, bigquery: BigQuery, table: str) -> Observation:
    if bigquery.shape(table).has_partition_time:
        return Observation(source, source_type, "partitions", "ok", _PARTITIONED)
    return Observation(source, source_type, "partitions", "warning", _UNPARTITIONED)


def _dry_run(bigquery: BigQuery, sql: str) -> None:
    """Let BigQuery check the rights to run the query and to the table's data; nothing is read or billed."""
    with explained(bigquery.back_off):
        checked = google_bigquery.QueryJobConfig(dry_run=True, use_query_cache=False)
        bigquery.client.query(sql, job_config=checked, retry=bigquery.back_off.retry(), timeout=bigquery.back_off.deadline_seconds)


def _read_sessions(source: str, source_type: str, bigquery: BigQuery) -> Observation:
    permission = next(p for p in permissions_of(source_type) if p.permission == "bigquery.readsessions.create")
    if bigquery.storage is None:
        return Observation(source, source_type, permission.permission, "unknown", f"not tried against an emulator; {permission.without}")
    return Observation(source, source_type, permission.permission, "unknown", f"tried by the first night; {permission.without}")
