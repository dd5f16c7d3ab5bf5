"""How long BigQuery is waited for, and what its refusals mean to the user. Sends no query."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests.exceptions
from google.api_core.exceptions import (
    Forbidden,
    GoogleAPICallError,
    GoogleAPIError,
    NotFound,
    PermissionDenied,
    RetryError,
    ServerError,
    TooManyRequests,
    Unauthenticated,
    Unauthorized,
)
from google.api_core.retry import Retry
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError, TransportError
from google.cloud.bigquery.retry import DEFAULT_JOB_RETRY

from costsieve.errors import MissingExport, PermissionMissing, SourceError

_PASSING = (
    TooManyRequests,
    ServerError,
    TransportError,
    ConnectionError,
    requests.exceptions.ConnectionError,
    requests.exceptions.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
_PERMISSIONS = (
    ("bigquery.jobs.create", "the role BigQuery Job User on the project that runs the query"),
    ("bigquery.tables.get", "the role BigQuery Data Viewer on the billing dataset"),
    ("bigquery.tables.getData", "the role BigQuery Data Viewer on the billing dataset"),
)


@dataclass(frozen=True)
class BackOff:
    """Waiting times between attempts: they double (with jitter) from the first to the longest, until the deadline."""

    first_seconds: float = 1.0
    longest_seconds: float = 32.0
    deadline_seconds: float = 300.0

    def retry(self) -> Any:  # noqa: ANN401 - google-api-core ships no types
        """Return the retry of one request: on 429, any 5xx and broken connections."""
        return Retry(
            predicate=_is_passing,
            initial=self.first_seconds,
            maximum=self.longest_seconds,
            multiplier=2.0,
            timeout=self.deadline_seconds,
        )

    def job_retry(self) -> Any:  # noqa: ANN401 - as above
        """Return the retry of a query that BigQuery itself gave up for a passing reason."""
        return DEFAULT_JOB_RETRY.with_delay(self.first_seconds, self.longest_seconds, 2.0).with_timeout(2 * self.deadline_seconds)


PATIENT = BackOff()
"""What a night waits for before it calls a source unreachable."""

BRISK = BackOff(longest_seconds=2.0, deadline_seconds=8.0)
"""For somebody who waits for the answer."""


def unusable_credentials(error: DefaultCredentialsError) -> PermissionMissing:
    """Say that there are no credentials, or which file of them cannot be used."""
    if "default credentials were not found" in (said := _first_line(error)):
        message = "No Google credentials were found. `gcloud auth application-default login` or a service account provides them."
        return PermissionMissing(message)
    return PermissionMissing(f"The Google credentials cannot be used: {said} GOOGLE_APPLICATION_CREDENTIALS must name a whole key file.")


@contextmanager
def explained(back_off: BackOff) -> Iterator[None]:
    """Turn what BigQuery says into what the user can do."""
    try:
        yield
    except (Forbidden, PermissionDenied) as error:
        raise _refusal(error) from error
    except NotFound as error:
        message = f"BigQuery found no such table: {_said(error)} Check `table` of the source, and that the export is enabled."
        raise MissingExport(message) from error
    except (RefreshError, Unauthorized, Unauthenticated) as error:
        message = (
            f"Google refused the credentials: {_first_line(error)} They have expired or were revoked: run"
            " `gcloud auth application-default login`, or give the service account a new key."
        )
        raise PermissionMissing(message) from error
    except (RetryError, *_PASSING) as error:
        reason = error.cause if isinstance(error, RetryError) and error.cause is not None else error
        message = (
            f"BigQuery did not answer in {back_off.deadline_seconds:g} seconds of repeated attempts: {_first_line(reason)}"
            " Nothing of this source was loaded; run again later."
        )
        raise SourceError(message) from error
    except (GoogleAPIError, GoogleAuthError) as error:
        message = f"BigQuery could not answer: {_first_line(error)} Run again; if it stays, look the job up in its console."
        raise SourceError(message) from error


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, _PASSING) and not isinstance(error, requests.exceptions.SSLError)


def _refusal(error: GoogleAPICallError) -> PermissionMissing:
    """Name the permission that BigQuery names; it names none when it hides the table."""
    permission, grant = next((entry for entry in reversed(_PERMISSIONS) if entry[0] in _said(error)), _PERMISSIONS[-1])
    return PermissionMissing(f"BigQuery refused: {_said(error)} The credentials need {permission}: grant {grant}.")


def _first_line(error: BaseException) -> str:
    if isinstance(error, GoogleAPICallError):
        return _said(error)
    # Errors of the login carry what they were told as a second argument.
    said = error.args[0] if isinstance(error, GoogleAuthError) and error.args else error
    lines = str(said).splitlines()
    return f"{lines[0] if lines else type(error).__name__}".rstrip(".") + "."


def _said(error: GoogleAPICallError) -> str:
    """Return the service's own sentence, without the request's address and the job's trailer."""
    message: str = error.errors[0]["message"] if error.errors and isinstance(error.errors[0], dict) else error.message
    return message.splitlines()[0].rstrip(".") + "." if message else f"{type(error).__name__}."
