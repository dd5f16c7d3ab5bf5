"""One range query of the Prometheus HTTP API, whole or not at all. What is asked, and what the values mean, is in the other modules."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from costsieve.errors import PermissionMissing, SourceError
from costsieve.period import Window

HOUR = timedelta(hours=1)
_CONNECT_SECONDS, _ANSWER_SECONDS = 10, 180
_PASSING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.GATEWAY_TIMEOUT)
_SHOWN = 200


@dataclass(frozen=True)
class Point:
    """One value of one series: the hour before it was evaluated is what it is about."""

    labels: tuple[tuple[str, str], ...]
    observed_at: datetime
    value: float


@dataclass(frozen=True)
class Prometheus:
    """A server and the session that asks it."""

    url: str
    session: requests.Session

    def hourly(self, query: str, window: Window) -> list[Point]:
        """Return the values of ``query`` at the end of every hour of the window.

        Raises PermissionMissing when the token is refused, and SourceError, naming URL and query, when the server does not answer, refuses
        the query, or warns: a part of the machines would look as if nobody had measured them.
        """
        first, last = datetime.combine(window.start, time(), UTC) + HOUR, datetime.combine(window.end, time(), UTC)
        asked = {"start": first.timestamp(), "end": last.timestamp(), "step": int(HOUR.total_seconds()), "partial_response": "false"}
        answer = self._answer("query_range", {"query": query, **asked})
        return [point for series in answer.get("result", []) for point in _points(series)]

    def is_ready(self) -> None:
        """Ask for the simplest answer there is; raises as `hourly` does."""
        self._answer("query", {"query": "vector(1)"})

    def _answer(self, call: str, parameters: dict[str, Any]) -> dict[str, Any]:
        address = f"{self.url.rstrip('/')}/api/v1/{call}"
        query = parameters["query"]
        with _explained(address, query):
            # A redirect could lead the token elsewhere.
            response = self.session.post(address, parameters, timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS), allow_redirects=False)
            if response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                message = f"{address} refused the token ({response.status_code}): check the variable that `token_variable` names."
                raise PermissionMissing(message)
            told = _json(response)
        if response.status_code != HTTPStatus.OK or told.get("status") != "success":
            said = told.get("error") or f"HTTP {response.status_code}"
            message = f"{address} could not answer {query}: {str(said)[:_SHOWN]}"
            raise SourceError(message)
        if told.get("warnings"):
            message = f"{address} answered {query} with a warning, so the answer may be partial: {str(told['warnings'][0])[:_SHOWN]}"
            raise SourceError(message)
        data: dict[str, Any] = told.get("data", {})
        return data


def connect(url: str, token_variable: str | None, first_seconds: float = 1.0, retries: int = 5) -> Prometheus:
    """Return a client that asks again, with doubling pauses, when the server is busy; nothing is asked yet.

    Raises PermissionMissing when the environment has no token though the configuration names a variable.
    """
    session = requests.Session()
    session.trust_env = False  # a .netrc would replace the token
    if token_variable:
        if not (token := os.environ.get(token_variable)):
            message = f"The environment variable {token_variable} is not set: `token_variable` says that it holds the token for {url}."
            raise PermissionMissing(message)
        session.headers["Authorization"] = f"Bearer {token}"
    retry = Retry(
        total=retries,
        backoff_factor=first_seconds,
        backoff_jitter=first_seconds,
        status_forcelist=_PASSING,
        allowed_methods={"POST"},
        raise_on_status=False,
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=retry))
    return Prometheus(url, session)


@contextmanager
def _explained(address: str, query: str) -> Iterator[None]:
    try:
        yield
    except requests.RequestException as error:
        message = f"{address} did not answer {query}: {error}. Check `url` of the source and the network; the next night asks again."
        raise SourceError(message) from error


def _json(response: requests.Response) -> dict[str, Any]:
    """Read the answer; what is no JSON (a proxy's page) is shown by its beginning."""
    try:
        told = response.json()
    except requests.JSONDecodeError:
        return {"error": f"HTTP {response.status_code}, no JSON: {response.text[:_SHOWN]!r}"}
    return told if isinstance(told, dict) else {"error": f"HTTP {response.status_code}, no object"}


def _points(series: dict[str, Any]) -> Iterator[Point]:
    labels = tuple(sorted(series.get("metric", {}).items()))
    for moment, value in series.get("values", []):
        observed_at = datetime.fromtimestamp(float(moment), UTC).replace(tzinfo=None) - HOUR
        yield Point(labels, observed_at, float(value))


def midnight(day: date) -> datetime:
    """Return the first instant of a day."""
    return datetime.combine(day, time())
