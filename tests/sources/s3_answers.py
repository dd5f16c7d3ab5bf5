"""A loopback server that speaks S3's answers, for what moto's server does not do: throttling, expired tokens, broken connections."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; ``length`` is the announced size where it is not the sent one."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None


def error(status: int, code: str, message: str = "said by S3") -> Answer:
    """An error as S3 words it."""
    return Answer(status, f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())


def listing(*keys: str) -> Answer:
    """A listing of three-byte objects."""
    about = "<Size>3</Size><ETag>&quot;e&quot;</ETag><LastModified>2026-09-01T00:00:00.000Z</LastModified>"
    entries = "".join(f"<Contents><Key>{key}</Key>{about}</Contents>" for key in keys)
    return Answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode())


def content(body: bytes) -> Answer:
    """An object."""
    return Answer(200, body, {"ETag": '"e"'})


def broken_off(body: bytes) -> Answer:
    """An object of which only the beginning arrives."""
    return Answer(200, body, {"ETag": '"e"'}, length=len(body) + 2)


@contextmanager
def answering(answers: Sequence[Answer]) -> Iterator[tuple[str, list[str]]]:
    """Serve the answers in their order, the last one for ever; give the address and the paths that were asked for."""
    left, asked = list(answers), list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            answer = left.pop(0) if len(left) > 1 else left[0]
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Keep the test's output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
