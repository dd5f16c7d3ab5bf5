"""Who hears of a failed night, and that a broken alert does not hide it."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import dagster as dg
import pytest

from assets.partitions import NIGHTS
from assets.quality import CHECKED_BY, SOURCES_STEP
from costsieve.home import Home
from costsieve.settings import Alerts
from costsieve.warehouse import Warehouse
from pipelines.alerts import alert_on_failed_sources, alert_on_failure, send

MESSAGE = {"job": "nightly", "step": "lake__aws_cur", "run_id": "1", "error": "no manifest"}
LOG = logging.getLogger("test")


class _Inbox(BaseHTTPRequestHandler):
    received: list[dict[str, str]]

    def do_POST(self) -> None:
        self.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the test's output clean."""


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[dict[str, str]]]]:
    received: list[dict[str, str]] = []
    server = HTTPServer(("127.0.0.1", 0), type("Inbox", (_Inbox,), {"received": received}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_command_reads_the_message_on_standard_input(tmp_path: Path) -> None:
    target = tmp_path / "alert.json"
    command = (sys.executable, "-c", f"import sys; open({str(target)!r}, 'w').write(sys.stdin.read())")

    send(Alerts(command=command), MESSAGE, LOG)

    assert json.loads(target.read_text(encoding="utf-8")) == MESSAGE


def test_the_webhook_gets_the_message_by_post(inbox: tuple[str, list[dict[str, str]]]) -> None:
    address, received = inbox

    send(Alerts(webhook=address), MESSAGE, LOG)

    assert received == [MESSAGE]


def test_a_broken_alert_is_logged_and_not_raised(caplog: pytest.LogCaptureFixture) -> None:
    send(Alerts(command=("/nonexistent/notify",)), MESSAGE, LOG)

    assert "could not be sent" in caplog.text


def test_without_alerts_nothing_is_sent(caplog: pytest.LogCaptureFixture) -> None:
    send(Alerts(), MESSAGE, LOG)

    assert caplog.text == ""


@pytest.fixture
def outbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the configured command appends every alert to, one a line."""
    outbox = tmp_path / "alerts.jsonl"
    program = f"import sys; open({str(outbox)!r}, 'a').write(sys.stdin.read() + chr(10))"
    config = tmp_path / "costsieve.yaml"
    config.write_text(json.dumps({"home": "home", "alerts": {"command": [sys.executable, "-c", program]}}), encoding="utf-8")
    monkeypatch.setenv("COSTSIEVE_CONFIG", str(config))
    return outbox


def alerts(outbox: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in outbox.read_text(encoding="utf-8").splitlines()] if outbox.is_file() else []


def run_step(name: str, error: str = "") -> None:
    """Run one step of this name in a night's run, with the job's alerts."""

    @dg.op(name=name)
    def step() -> None:
        if error:
            raise dg.Failure(error)

    @dg.job(partitions_def=NIGHTS, hooks={alert_on_failure, alert_on_failed_sources})
    def night() -> None:
        step()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with dg.DagsterInstance.ephemeral() as instance:
        night.execute_in_process(partition_key="2026-10-01", instance=instance, raise_on_error=False, run_config=quiet)


def test_a_failed_step_is_told_with_its_night_and_reason(outbox: Path) -> None:
    run_step("lake__aws_cur", error="no manifest")

    (alert,) = alerts(outbox)
    assert {**alert, "run_id": ""} == {
        "as_of": "2026-10-01",
        "job": "night",
        "step": "lake__aws_cur",
        "run_id": "",
        "kind": "failed",
        "error": "no manifest",
    }


def test_a_blocking_check_is_told_with_its_rows_and_what_to_do(outbox: Path, tmp_path: Path) -> None:
    step = next(step for step, table_name in CHECKED_BY.items() if table_name == "core.daily_cost")
    with Warehouse(Home(tmp_path / "home")).connect() as connection:
        connection.execute(
            "INSERT INTO quality.results BY NAME SELECT DATE '2026-10-01' AS as_of, 'core.daily_cost' AS table_name, 'pools' AS check_name,"
            " 'critical' AS severity, false AS is_passed, '1 offending row: x_source=org-bill. Report it.' AS observed"
        )

    run_step(step, error="1 blocking asset check failed")

    (alert,) = alerts(outbox)
    assert (alert["kind"], alert["error"]) == ("blocked", "pools: 1 offending row: x_source=org-bill. Report it.")


def test_each_source_that_failed_is_told_although_the_night_goes_on(outbox: Path, tmp_path: Path) -> None:
    with Warehouse(Home(tmp_path / "home")).connect() as connection:
        connection.execute(
            "INSERT INTO meta.source_reads VALUES"
            " (DATE '2026-10-01', 'org-bill', 'aws_cur', 'failed', 'access denied.', '2026-09'),"
            " (DATE '2026-10-01', 'gcp-bill', 'gcp_billing', 'read', NULL, '2026-09-30')"
        )

    run_step(SOURCES_STEP)

    (alert,) = alerts(outbox)
    assert (alert["as_of"], alert["kind"], alert["source"]) == ("2026-10-01", "source failed", "org-bill")
    assert alert["error"].startswith("org-bill could not be read since the night of 2026-10-01: access denied.")


def test_a_step_that_went_well_is_not_told(outbox: Path) -> None:
    run_step("lake__gcp_billing")

    assert alerts(outbox) == []
