"""Bounded queries: a byte limit asked before, two ways to read results, and what a refusal tells."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]  # grpcio ships no types
import polars as pl
import pytest
from google.auth.credentials import Credentials
from google.auth.exceptions import RefreshError
from google.cloud import bigquery, bigquery_storage
from google.cloud.bigquery_storage_v1.services.big_query_read.transports import BigQueryReadGrpcTransport

from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.gcp.bigquery import BigQuery, open_bigquery
from costsieve.sources.gcp.bigquery_errors import BackOff
from tests.emulators.bigquery import BigQueryEmulator
from tests.sources.bigquery_answers import answering, failure
from tests.sources.billing_table import OLD_MODEL, PROJECT, BillingTable


@pytest.mark.filterwarnings("ignore:Retrieving Arrow record batches directly:PendingDeprecationWarning")  # one Google library about another
def test_the_storage_read_api_delivers_the_same_rows_as_rest(
    table: BillingTable, bigquery_emulator: BigQueryEmulator, tmp_path: Path
) -> None:
    table.append("2026-09-29", OLD_MODEL)
    rest = open_bigquery(PROJECT, 10**9)
    sql = f"SELECT sku, cost, credits, export_time FROM `{table.name}`"
    with grpc.insecure_channel(bigquery_emulator.storage) as channel:
        client = bigquery_storage.BigQueryReadClient(transport=BigQueryReadGrpcTransport(channel=channel))  # type: ignore[no-untyped-call]  # untyped
        BigQuery(rest.client, 10**9, client).write_parquet(sql, [], tmp_path / "storage.parquet")
    rest.write_parquet(sql, [], tmp_path / "rest.parquet")

    by_storage, by_rest = (pl.read_parquet(tmp_path / f"{name}.parquet").sort("cost") for name in ("storage", "rest"))
    assert by_storage.equals(by_rest)


def _refuse(_: bytes, context: grpc.ServicerContext) -> bytes:
    context.abort(grpc.StatusCode.PERMISSION_DENIED, "bigquery.readsessions.create is missing")
    return b""


def test_without_permission_for_read_sessions_rest_delivers(table: BillingTable, tmp_path: Path) -> None:
    table.append("2026-09-29", OLD_MODEL)
    handlers = {"CreateReadSession": grpc.unary_unary_rpc_method_handler(_refuse)}
    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("google.cloud.bigquery.storage.v1.BigQueryRead", handlers)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client = bigquery_storage.BigQueryReadClient(transport=BigQueryReadGrpcTransport(channel=channel))  # type: ignore[no-untyped-call]  # untyped
        refused = BigQuery(open_bigquery(PROJECT, 10**9).client, 10**9, client)
        refused.write_parquet(f"SELECT cost FROM `{table.name}`", [], tmp_path / "rows.parquet")
    server.stop(None).wait()

    assert pl.read_parquet(tmp_path / "rows.parquet").height == 4


DRY_RUN = {
    "jobReference": {"projectId": PROJECT, "jobId": "dry", "location": "US"},
    "configuration": {"dryRun": True, "query": {"query": "SELECT 1"}},
    "statistics": {"totalBytesProcessed": "12345678901", "query": {"totalBytesProcessed": "12345678901"}},
    "status": {"state": "DONE"},
}
AT_ONCE = BackOff(first_seconds=0.001, longest_seconds=0.002, deadline_seconds=30)
"""Hardly any waiting between attempts."""
BUSY = failure(429, "rateLimitExceeded", "Exceeded rate limits: too many api requests per user per method")
DOWN = failure(503, "backendError", "Visibility check was unavailable. Please retry the request")


def test_a_query_above_the_byte_limit_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering((200, DRY_RUN)) as (rest, asked):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        with pytest.raises(SourceError) as raised:
            open_bigquery(PROJECT, 10**10).rows("SELECT 1", [])

    assert len(asked) == 1
    assert str(raised.value) == (
        "The query would read 12,345,678,901 bytes, more than `maximum_bytes_billed` (10,000,000,000) allows. Raise that setting of the "
        "source in costsieve.yaml to at least 12345678901 to allow it; nothing was read or billed."
    )


@pytest.mark.parametrize(
    ("reason", "permission"),
    [
        (
            "Access Denied: Project p: User does not have bigquery.jobs.create permission in project p.",
            "need bigquery.jobs.create: grant the role",
        ),
        ("Access Denied: Table p:d.t: User does not have permission to query table p:d.t", "need bigquery.tables.getData: grant the role"),
    ],
)
def test_a_refusal_names_the_permission(monkeypatch: pytest.MonkeyPatch, reason: str, permission: str) -> None:
    with answering(failure(403, "accessDenied", reason)) as (rest, _):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        with pytest.raises(PermissionMissing, match=permission):
            open_bigquery(PROJECT, 10**10).rows("SELECT 1", [])


@pytest.mark.parametrize("content", ["{", '{"type": "reader"}', '{"type": "service_account"}'])
def test_a_file_of_credentials_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    key = tmp_path / "key.json"
    key.write_text(content, encoding="utf-8")
    monkeypatch.delenv("BIGQUERY_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key))

    with pytest.raises(PermissionMissing, match=rf"The Google credentials cannot be used: .*{key}.* must name a whole"):
        open_bigquery(PROJECT, 1)


def test_missing_credentials_are_told_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIGQUERY_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")

    with pytest.raises(PermissionMissing, match="No Google credentials were found"):
        open_bigquery(PROJECT, 1)


@pytest.mark.parametrize(
    "failures",
    [[BUSY, BUSY], [DOWN], [failure(500, "internalError", "Retry"), failure(502, "badGateway", "Retry")], [(504, {})], [(0, {}), (0, {})]],
    ids=["429", "503", "500 and 502", "504 without a reason", "connections that break off"],
)
def test_what_passes_is_tried_again(monkeypatch: pytest.MonkeyPatch, failures: Sequence[tuple[int, dict[str, Any]]]) -> None:
    with answering(*failures, (200, DRY_RUN)) as (rest, asked):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        with pytest.raises(SourceError, match="would read 12,345,678,901 bytes"):
            open_bigquery(PROJECT, 10**10, AT_ONCE).rows("SELECT 1", [])

    assert len(asked) == len(failures) + 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(BUSY, "Exceeded rate limits"), (DOWN, "Visibility check was unavailable"), ((0, {}), "Connection")],
    ids=["429", "503", "connections that break off"],
)
def test_what_does_not_pass_ends_at_the_deadline_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, answer: tuple[int, dict[str, Any]], reason: str
) -> None:
    with answering(answer) as (rest, asked):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        patience = BackOff(first_seconds=0.01, longest_seconds=0.02, deadline_seconds=0.2)
        with pytest.raises(
            SourceError, match=rf"BigQuery did not answer in 0\.2 seconds of repeated attempts: .*{reason}.* run again later"
        ):
            open_bigquery(PROJECT, 10**10, patience).rows("SELECT 1", [])

    assert len(asked) > 1


def test_a_mistake_in_a_query_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(failure(400, "invalidQuery", "Unrecognized name: costs at [1:8]")) as (rest, asked):
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", rest)
        with pytest.raises(SourceError, match=r"BigQuery could not answer: Unrecognized name: costs at \[1:8\]\."):
            open_bigquery(PROJECT, 10**10, AT_ONCE).rows("SELECT 1", [])

    assert len(asked) == 1


class _Spent(Credentials):
    """Credentials that were good once; those that have expired cannot be refreshed."""

    def __init__(self, *, has_expired: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # google-auth ships no types
        self.token = None if has_expired else "not-a-real-token"
        self._has_expired = has_expired

    def refresh(self, request: object) -> None:
        if self._has_expired:
            message = "Reauthentication is needed. Please run `gcloud auth application-default login` to reauthenticate."
            raise RefreshError(message, request)  # type: ignore[no-untyped-call]  # as above
        self.token = "not-a-real-token"  # noqa: S105 as it says


@pytest.mark.parametrize(
    ("has_expired", "reason"),
    [(True, "Reauthentication is needed"), (False, "Request had invalid authentication credentials")],
    ids=["Google's login", "BigQuery itself"],
)
def test_credentials_that_are_refused_are_told_how_to_renew_them(has_expired: bool, reason: str) -> None:  # noqa: FBT001 a parameter
    with answering(failure(401, "authError", "Request had invalid authentication credentials")) as (rest, _):
        client = bigquery.Client(project=PROJECT, credentials=_Spent(has_expired=has_expired), client_options={"api_endpoint": rest})
        with pytest.raises(PermissionMissing, match=f"Google refused the credentials: {reason}.*They have expired or were revoked: run"):
            BigQuery(client, 10**10, back_off=AT_ONCE).rows("SELECT 1", [])
