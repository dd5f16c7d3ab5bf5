"""How an export is configured, as Billing and Cost Management tells it. The service is a loopback server that answers in its protocol."""

import json
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from costsieve.diagnosis.aws_export import export_observations

LOCATION = "s3://example-billing/cur/costs"
EXPORT = {
    "ExportArn": "arn:aws:bcm-data-exports:us-east-1:100000000001:export/costs-1",
    "Name": "costs",
    "DataQuery": {
        "QueryStatement": "SELECT line_item_unblended_cost FROM COST_AND_USAGE_REPORT",
        "TableConfigurations": {"COST_AND_USAGE_REPORT": {"TIME_GRANULARITY": "DAILY", "INCLUDE_RESOURCES": "TRUE"}},
    },
    "DestinationConfigurations": {
        "S3Destination": {
            "S3Bucket": "example-billing",
            "S3Prefix": "cur",
            "S3Region": "us-east-1",
            "S3OutputConfigurations": {
                "OutputType": "CUSTOM",
                "Format": "TEXT_OR_CSV",
                "Compression": "GZIP",
                "Overwrite": "OVERWRITE_REPORT",
            },
        }
    },
    "RefreshCadence": {"Frequency": "SYNCHRONOUS"},
}
REPORT = {
    "ReportName": "costs",
    "TimeUnit": "HOURLY",
    "Format": "Parquet",
    "Compression": "Parquet",
    "AdditionalSchemaElements": [],
    "S3Bucket": "example-billing",
    "S3Prefix": "cur",
    "S3Region": "us-east-1",
    "RefreshClosedReports": False,
    "ReportVersioning": "OVERWRITE_REPORT",
    "ReportStatus": {"lastDelivery": "20260930T101500Z", "lastStatus": "ERROR_PERMISSIONS"},
}
REFUSED = {"__type": "AccessDeniedException", "message": "not authorized"}


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Mapping[str, Any]]]:
    """Serve these answers by operation; an operation without one is refused."""
    served: dict[str, Mapping[str, Any]] = {}

    class Service(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rsplit(".", 1)[-1]
            body = json.dumps(served.get(operation, REFUSED)).encode()
            self.send_response(200 if operation in served else 403)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Keep test output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    yield served
    server.shutdown()
    thread.join()
    server.server_close()


def _seen() -> dict[str, tuple[str, str]]:
    return {observed.point: (observed.state, observed.finding) for observed in export_observations("org-bill", LOCATION)}


def test_a_daily_export_in_csv_is_told_what_would_be_better(answers: dict[str, Mapping[str, Any]]) -> None:
    answers["ListExports"] = {
        "Exports": [{"ExportArn": EXPORT["ExportArn"], "ExportName": "costs", "ExportStatus": {"StatusCode": "HEALTHY"}}]
    }
    answers["GetExport"] = {"Export": EXPORT, "ExportStatus": {"StatusCode": "HEALTHY"}}

    seen = _seen()

    assert seen["granularity"] == ("warning", "DAILY, better HOURLY: commitments are sized on hourly usage")
    assert seen["resource ids"] == ("ok", "TRUE")
    assert seen["format"][0] == "warning"
    assert seen["write mode"] == ("ok", "OVERWRITE_REPORT")


def test_an_unhealthy_export_has_failed(answers: dict[str, Mapping[str, Any]]) -> None:
    answers["ListExports"] = {
        "Exports": [{"ExportArn": EXPORT["ExportArn"], "ExportName": "costs", "ExportStatus": {"StatusCode": "UNHEALTHY"}}]
    }
    answers["GetExport"] = {"Export": EXPORT, "ExportStatus": {"StatusCode": "UNHEALTHY", "StatusReason": "INSUFFICIENT_PERMISSION"}}

    assert _seen()["export status"] == ("failed", "unhealthy: INSUFFICIENT_PERMISSION")


def test_a_legacy_report_is_found_where_no_export_delivers(answers: dict[str, Mapping[str, Any]]) -> None:
    answers["ListExports"] = {"Exports": []}
    answers["DescribeReportDefinitions"] = {"ReportDefinitions": [REPORT]}

    seen = _seen()

    assert seen["report status"] == ("failed", "last delivery 20260930T101500Z: ERROR_PERMISSIONS")
    assert seen["resource ids"][0] == "warning"
    assert seen["refresh of closed months"][0] == "warning"


def test_without_the_optional_permission_the_setting_is_unknown_and_the_permission_named(answers: dict[str, Mapping[str, Any]]) -> None:
    assert answers == {}
    state, finding = _seen()["export"]

    assert state == "unknown"
    assert "bcm-data-exports:GetExport" in finding


def test_another_export_of_the_account_is_not_taken_for_this_one(answers: dict[str, Mapping[str, Any]]) -> None:
    answers["ListExports"] = {"Exports": []}
    answers["DescribeReportDefinitions"] = {"ReportDefinitions": [{**REPORT, "ReportName": "costs-2"}]}

    assert _seen() == {}


def test_no_permission_is_advised_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    (only,) = _seen().values()

    assert only[0] == "unknown"
    assert "Check the network" in only[1]
    assert "policy" not in only[1]
