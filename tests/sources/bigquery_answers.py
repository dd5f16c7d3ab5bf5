"""A loopback server that speaks BigQuery's answers, for what the emulator does not do: refusals, throttling, broken connections."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from socket import SHUT_RDWR
from threading import Thread
from typing import Any


class _Answers(BaseHTTPRequestHandler):
    """Answers every request as BigQuery does where the emulator cannot: it never refuses, and its dry runs cost nothing.

    Answers are given in order, the last one again and again; status 0 breaks the connection off.
    """

    answers: list[tuple[int, dict[str, Any]]] = []  # noqa: RUF012 set by the test that starts the server
    asked: list[str] = []  # noqa: RUF012 as above

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def _answer(self) -> None:
        self.asked.append(self.path)
        status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if status == 0:
            self.connection.shutdown(SHUT_RDWR)
            return
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the name of the base class
        """Say nothing."""


@contextmanager
def answering(*answers: tuple[int, dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Give the address of a server and the list of what it was asked."""
    asked: list[str] = []
    handler = type("_Fixed", (_Answers,), {"answers": list(answers), "asked": asked})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", asked
        finally:
            server.shutdown()
            thread.join()


def failure(status: int, reason: str, message: str) -> tuple[int, dict[str, Any]]:
    """An error as BigQuery words it."""
    return status, {"error": {"code": status, "message": message, "errors": [{"reason": reason, "message": message}]}}
