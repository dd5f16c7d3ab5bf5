"""One account in one region, asked call by call. Each answer is kept, so that two listers may need it. Which calls are made is theirs."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.aws.sessions import AwsAccount, explained

_PREFIXES = {
    "autoscaling": "autoscaling",
    "application-autoscaling": "application-autoscaling",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "resourcegroupstaggingapi": "tag",
}
"""Prefix of the service's permissions where it is not the name of the service."""

VANISHED = ("ValidationException", "ResourceNotFound")
"""What SageMaker answers of a name that it listed a moment ago and that was deleted since."""

_log = logging.getLogger(__name__)


@dataclass
class Place:
    """One account and region. ``since`` is the first day of the jobs that are listed, the running ones apart."""

    account: AwsAccount
    region: str
    since: date
    answered_at: datetime | None = field(default=None, init=False)
    _answers: dict[tuple[str, ...], Any] = field(default_factory=dict, init=False, repr=False)
    _clients: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    def listed(self, service: str, operation: str, of: str, **parameters: object) -> list[Any]:
        """Return the entries ``of`` all pages of one call, as boto3 gives them.

        Raises PermissionMissing or SourceError, naming permission, region and caller; the second time as the first.
        """
        entries: list[Any] = self._once((service, operation, of, repr(parameters)), lambda: self._pages(service, operation, of, parameters))
        return entries

    def asked(self, service: str, operation: str, **parameters: object) -> Any:  # noqa: ANN401 - each call has its own answer
        """Return the answer to one call that has no pages; raises as `listed` does."""
        return self._once((service, operation, repr(parameters)), lambda: self._answer(service, operation, parameters))

    def asked_if_any(self, service: str, operation: str, absent: Collection[str], **parameters: object) -> Any:  # noqa: ANN401 - as asked
        """Return the answer to one call, or None where AWS answers with one of the error codes ``absent``: there is no such thing."""
        try:
            return self.asked(service, operation, **parameters)
        except SourceError as error:
            if isinstance(error.__cause__, ClientError) and error.__cause__.response["Error"]["Code"] in absent:
                return None
            raise

    def arn(self, service: str, tail: str) -> str:
        """Return the ARN of something that its API names without one."""
        partition = self.account.session.get_partition_for_region(self.region)
        return f"arn:{partition}:{service}:{self.region}:{self.account.account_id}:{tail}"

    def client(self, service: str) -> Any:  # noqa: ANN401 - as AwsAccount.client
        """Return the one client of a service in this place."""
        if service not in self._clients:
            self._clients[service] = self.account.client(service, self.region)
        return self._clients[service]

    def has(self, service: str) -> bool:
        """Tell whether botocore knows the service in this region."""
        return self.region in self.account.session.get_available_regions(
            service, self.account.session.get_partition_for_region(self.region)
        )

    def _once(self, key: tuple[str, ...], call: Any) -> Any:  # noqa: ANN401 - whatever the call returns
        if key not in self._answers:
            try:
                self._answers[key] = call()
            except SourceError as error:
                self._answers[key] = error
        answer = self._answers[key]
        if isinstance(answer, SourceError):
            raise answer
        return answer

    def _pages(self, service: str, operation: str, of: str, parameters: Mapping[str, object]) -> list[Any]:
        with explained(_PREFIXES.get(service, service), self.region, self.account.shown_as):
            pages = list(self.client(service).get_paginator(operation).paginate(**parameters))
        self._note(pages[-1])
        return [entry for page in pages for entry in page.get(of, [])]

    def _answer(self, service: str, operation: str, parameters: Mapping[str, object]) -> Mapping[str, Any]:
        with explained(_PREFIXES.get(service, service), self.region, self.account.shown_as):
            answer: Mapping[str, Any] = getattr(self.client(service), operation)(**parameters)
        self._note(answer)
        return answer

    def _note(self, answer: Mapping[str, Any]) -> None:
        """Remember when AWS answered, by its own clock."""
        told = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
        if told:
            self.answered_at = parsedate_to_datetime(told).astimezone(UTC).replace(tzinfo=None)


def unless_refused[Answer](call: Callable[[], Answer]) -> Answer | None:
    """Return what the call returns, or None, and a warning in the log, where AWS refuses it: the detail stays unknown, the rest goes on."""
    try:
        return call()
    except PermissionMissing as error:
        _log.warning("%s What it would tell stays unknown.", error)
        return None
