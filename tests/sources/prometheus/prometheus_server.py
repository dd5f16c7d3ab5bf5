"""A Prometheus on loopback that answers range queries as the HTTP API documents it. No test is here."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

Answer = tuple[int, str]


@dataclass
class PrometheusServer:
    """What it answers, and what it was asked.

    ``series`` are label sets with (unix time, value as text) by a part of the query; everything else has an empty result. ``told``
    are answers (status and body) that come first, in order; ``spoiled`` are bodies by a part of the query.
    """

    series: dict[str, list[tuple[dict[str, str], list[tuple[float, str]]]]] = field(default_factory=dict)
    told: list[Answer] = field(default_factory=list)
    spoiled: dict[str, Answer] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    url: str = ""

    def answer(self, parameters: dict[str, str]) -> Answer:
        """Return what the API says to one query."""
        if self.told:
            return self.told.pop(0)
        for part, answer in self.spoiled.items():
            if part in parameters["query"]:
                return answer
        found = next((series for part, series in self.series.items() if part in parameters["query"]), [])
        return 200, success([{"metric": labels, "values": values} for labels, values in found])


def success(result: list[dict[str, Any]], **more: object) -> str:
    """Return the body of an answer."""
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}, **more})


def failure(kind: str, said: str) -> str:
    """Return the body of a refusal."""
    return json.dumps({"status": "error", "errorType": kind, "error": said})


@contextmanager
def serving() -> Iterator[PrometheusServer]:
    """Serve on a free port of loopback, and stop when the test ends."""
    known = PrometheusServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            parameters = {name: values[0] for name, values in parse_qs(body).items()}
            known.asked.append(parameters)
            known.tokens.append(self.headers.get("Authorization"))
            status, said = known.answer(parameters)
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", str(len(said.encode())))
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
