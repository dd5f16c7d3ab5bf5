"""How Google's gRPC services are reached and waited for, and what their refusals mean to the user. Makes no call of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import google.auth
import grpc  # type: ignore[import-untyped]  # grpcio ships no types
from google.api_core.exceptions import (
    Forbidden,
    GoogleAPICallError,
    GoogleAPIError,
    NotFound,
    RetryError,
    ServerError,
    TooManyRequests,
    Unauthenticated,
)
from google.auth.credentials import Credentials
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError

from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.gcp.bigquery_errors import unusable_credentials

_LOOPBACK = re.compile(r"^(localhost|127(\.\d+){3}|\[::1\]):\d+$")
_DISABLED = ("has not been used", "it is disabled", "SERVICE_DISABLED")


@dataclass(frozen=True)
class Service:
    """One Google API: its name for messages, its address, and the permission that its calls need."""

    name: str
    address: str
    permission: str
    role: str


def plain_channel(endpoint: str | None) -> "grpc.Channel | None":
    """Return an unencrypted channel where the endpoint is on this machine; None where TLS and credentials must be used."""
    return grpc.insecure_channel(endpoint) if endpoint and _LOOPBACK.match(endpoint) else None


def default_credentials() -> Credentials:
    """Return the application default credentials; raises PermissionMissing when there are none."""
    try:
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    except DefaultCredentialsError as error:
        raise unusable_credentials(error) from error
    return credentials


@contextmanager
def explained(service: Service, asked_for: str) -> Iterator[None]:
    """Turn what a service says into what the user can do; ``asked_for`` names the project, folder or organization.

    Raises PermissionMissing for a refusal, SourceError for everything else that is no success.
    """
    try:
        yield
    except Forbidden as error:
        raise _refusal(service, asked_for, error) from error
    except (RefreshError, Unauthenticated) as error:
        message = f"Google refused the credentials: {_said(error)} Run `gcloud auth application-default login`, or renew the account's key."
        raise PermissionMissing(message) from error
    except NotFound as error:
        message = f"{service.name} does not know {asked_for}: {_said(error)} Check the name in costsieve.yaml."
        raise SourceError(message) from error
    except (RetryError, ServerError, TooManyRequests) as error:
        reason = error.cause if isinstance(error, RetryError) and error.cause is not None else error
        message = f"{service.name} did not answer for {asked_for} in repeated attempts: {_said(reason)} The next night asks again."
        raise SourceError(message) from error
    except (GoogleAPIError, GoogleAuthError) as error:
        message = f"{service.name} could not answer for {asked_for}: {_said(error)}"
        raise SourceError(message) from error


def _refusal(service: Service, asked_for: str, error: GoogleAPICallError) -> PermissionMissing:
    said = _said(error)
    if any(phrase in said for phrase in _DISABLED):
        return PermissionMissing(f"{service.name} is switched off: {said} Enable {service.address} in the project of the credentials.")
    grant = f"The credentials need {service.permission}: grant {service.role} on {asked_for}."
    return PermissionMissing(f"{service.name} refused {asked_for}: {said} {grant}")


def _said(error: BaseException) -> str:
    """Return the first sentence of what was said."""
    text = error.message if isinstance(error, GoogleAPICallError) else str(error.args[0] if error.args else error)
    lines = str(text).splitlines()
    return f"{lines[0] if lines else type(error).__name__}".rstrip(".") + "."
