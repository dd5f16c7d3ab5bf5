"""A loopback server with AWS's answers by operation, for what moto's server does not do: rare services, throttling, refusals."""

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

type Answer = tuple[int, Mapping[str, Any] | str]
type Answers = Mapping[str, Sequence[Answer]]
"""Operation, or method and path -> status and body (JSON, or XML as text) of each call in turn, the last one for ever."""

THROTTLED: Answer = (400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
REFUSED: Answer = (400, {"__type": "AccessDeniedException", "message": "not allowed"})
_OWN_ACCOUNT = "100000000002"


def ok(**body: object) -> Answer:
    """A call that is answered."""
    return 200, body


@contextmanager
def answering(answers: Answers) -> Iterator[tuple[str, list[str]]]:
    """Serve the answers; give the address and the operations that were asked for.

    Who asks is always told, and every role may be assumed, except those that an answer `AssumeRole <ARN>` is given for.
    """
    left, asked = {name: list(given) for name, given in answers.items()}, list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
            match form.get("Action"):
                case "GetCallerIdentity":
                    self._send(200, _identity(self.headers["Authorization"]))
                case "AssumeRole":
                    role = form["RoleArn"]
                    self._send(403, _NO_ROLE) if f"AssumeRole {role}" in answers else self._send(200, _credentials(role))
                case action:
                    self._answer(action or self.headers.get("X-Amz-Target", "").rpartition(".")[2])

        def do_GET(self) -> None:
            self._answer(f"GET {self.path.partition('?')[0]}")

        def _answer(self, name: str) -> None:
            asked.append(name)
            given = left.get(name, [REFUSED])
            status, body = given.pop(0) if len(given) > 1 else given[0]
            self._send(status, (body if isinstance(body, str) else json.dumps(body)).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

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


_NO_ROLE = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized</Message></Error></ErrorResponse>"


def _credentials(role: str) -> bytes:
    """Credentials of the role; the access key tells its account, so that later calls are known by it."""
    key = f"<AccessKeyId>ASIA{role.split(':')[4]}</AccessKeyId><SecretAccessKey>fake</SecretAccessKey><SessionToken>fake</SessionToken>"
    expires = "<Expiration>2099-01-01T00:00:00Z</Expiration>"
    return (
        f"<AssumeRoleResponse><AssumeRoleResult><Credentials>{key}{expires}</Credentials></AssumeRoleResult></AssumeRoleResponse>".encode()
    )


def _identity(authorization: str) -> bytes:
    found = re.search(r"Credential=ASIA(\d{12})/", authorization)
    account = f"<Account>{found[1] if found else _OWN_ACCOUNT}</Account><Arn>arn:aws:iam::1:user/reader</Arn><UserId>AIDA</UserId>"
    return f"<GetCallerIdentityResponse><GetCallerIdentityResult>{account}</GetCallerIdentityResult></GetCallerIdentityResponse>".encode()
