"""Whether each role may make each call that inventory and metrics need, in each region. Which calls these are is in aws_calls."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, EndpointConnectionError

from costsieve.diagnosis.aws_calls import GRANTED, Call, calls
from costsieve.diagnosis.observation import Observation, refused
from costsieve.errors import SourceError
from costsieve.source_settings import AwsInventorySource, CloudWatchSource
from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.inventory.s3 import buckets
from costsieve.sources.aws.sessions import BRISK, AwsAccount, accounts

_AT_ONCE = 8
"""Services that are asked at the same time, each of them call by call."""


def account_observations(entry: AwsInventorySource | CloudWatchSource) -> Iterator[Observation]:
    """Try every permission of this source, role by role and region by region."""
    for role in entry.roles or (None,):
        try:
            (account,) = accounts([role] if role else [], BRISK)
        except SourceError as error:
            yield Observation(entry.name, entry.type, "sts:AssumeRole" if role else "credentials", "failed", str(error))
            continue
        if role:
            yield Observation(entry.name, entry.type, "sts:AssumeRole", "ok", f"granted: {role}")
        for region in entry.regions:
            yield from _in_region(entry, account, region)


def _in_region(entry: AwsInventorySource | CloudWatchSource, account: AwsAccount, region: str) -> list[Observation]:
    """Where nothing at all is granted the night has nothing to go on with, whatever each permission is for."""
    place = Place(account, region, datetime.now(UTC).date())
    asked = list(calls(place, entry.type, _some_bucket(place)))
    services = list(dict.fromkeys(call.service for call in asked))
    for service in services:
        place.client(service)  # boto3 makes clients in one thread only
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        of_service = list(pool.map(lambda service: _in_turn(entry, place, [call for call in asked if call.service == service]), services))
    told = {each.point: each for answers in of_service for each in answers}
    in_order = [told[_point(place, call)] for call in asked]
    if any(each.state == "ok" for each in in_order):
        return in_order
    return [replace(each, state="failed") if each.state == "warning" else each for each in in_order]


def _some_bucket(place: Place) -> str | None:
    try:
        return next((bucket["Name"] for bucket in buckets(place)), None)
    except SourceError:
        return None


def _in_turn(entry: AwsInventorySource | CloudWatchSource, place: Place, asked: Sequence[Call]) -> list[Observation]:
    """Try the calls of one service; one that cannot be reached is not waited for again."""
    told: list[Observation] = []
    unreachable = False
    for call in asked:
        point = _point(place, call)
        if unreachable or call.parameters is None:
            why = f"not tried: {call.service} cannot be reached" if unreachable else "there is no bucket in this region to try it on"
            told.append(Observation(entry.name, entry.type, point, "unknown", why))
            continue
        try:
            _ask(place, call)
        except SourceError as error:
            unreachable = isinstance(error.__cause__, BotoCoreError)
            told.append(refused(entry.name, entry.type, point, error, without=call.without))
        else:
            told.append(Observation(entry.name, entry.type, point, "ok", "granted"))
    return told


def _ask(place: Place, call: Call) -> None:
    """Ask; a service that is not offered in the region has nothing that could be missed."""
    try:
        place.asked_if_any(call.service, call.operation, GRANTED, **(call.parameters or {}))
    except SourceError as error:
        if not isinstance(error.__cause__, EndpointConnectionError) or place.has(call.service):
            raise


def _point(place: Place, call: Call) -> str:
    return f"{call.permission} in {place.region} ({place.account.account_id})"
