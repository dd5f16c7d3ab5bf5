"""Who hears of a failed night, and that a broken alert does not hide it."""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from costsieve.settings import Alerts
from pipelines.alerts import send

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
