"""Everything CloudWatch can tell of one account and region over some days, finder by finder. Days and files are the source's business."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from costsieve.errors import SourceError
from costsieve.period import Window
from costsieve.sources.aws.cloudwatch_answers import points_of
from costsieve.sources.aws.cloudwatch_finders import Finder
from costsieve.sources.aws.cloudwatch_series import DAY, HOUR, Series, batches
from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.sessions import explained
from costsieve.sources.gaps import Gap, reason_of
from costsieve.sources.hourly import hourly, no_points

_USD_PER_METRIC = 0.01 / 1000
"""GetMetricData, per metric requested: Amazon CloudWatch pricing, APIs, us-east-1."""

_LATE = {HOUR: timedelta(0), DAY: timedelta(days=2)}
"""S3 publishes the point of a day up to two days later, so the delivery of a day holds the bucket sizes of two days before."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetched:
    """What one finder's series gave for the deliveries of ``window``.

    ``hours`` has the columns of usage.resource_hour and `delivered_on`; ``error`` says why there is nothing.
    """

    window: Window
    hours: pl.DataFrame
    had_series: bool
    error: SourceError | None = None


@dataclass(frozen=True)
class Question:
    """Who asks, and how."""

    source: str
    place: Place
    window: Window
    percentiles: bool


def fetch(question: Question, finders: Sequence[Finder]) -> Iterator[tuple[Finder, Fetched]]:
    """Ask for all series that these finders know; one that is refused does not stop the others. The price is told first."""
    found = [(finder, _found(question.place, finder)) for finder in finders]
    asked = [len(series) for _, series in found if not isinstance(series, SourceError)]
    _log.info(
        "%s: asking CloudWatch in %s for %d metrics over %d days with %s: about %.2f USD",
        *(question.source, question.place.region, sum(asked), question.window.days, question.place.account.shown_as),
        sum(asked) * _USD_PER_METRIC,
    )
    for finder, series in found:
        yield finder, _fetched(question, series)


def gaps_of(place: Place, finder: Finder, error: SourceError) -> list[Gap]:
    """Return what is missing without one finder's series."""
    account = place.account
    return [
        Gap("AWS", account.account_id, account.role, place.region, subject, reason_of(error), str(error)) for subject in finder.subjects
    ]


def _found(place: Place, finder: Finder) -> list[Series] | SourceError:
    try:
        return sorted(set(finder.find(place)))  # ListMetrics may name a metric on two pages
    except SourceError as error:
        return error


def _fetched(question: Question, series: list[Series] | SourceError) -> Fetched:
    if isinstance(series, SourceError):
        return Fetched(question.window, _no_hours(question.window), had_series=True, error=series)
    try:
        frames = [frame for period in (HOUR, DAY) for frame in _hours(question, [each for each in series if each.period == period], period)]
    except SourceError as error:
        return Fetched(question.window, _no_hours(question.window), had_series=True, error=error)
    return Fetched(question.window, pl.concat([_no_hours(question.window), *frames]), had_series=bool(series))


def _hours(question: Question, series: Sequence[Series], period: int) -> Iterator[pl.DataFrame]:
    place, late = question.place, _LATE[period]
    window = Window(question.window.start - late, question.window.end - late)
    for batch in batches(series, percentiles=question.percentiles):
        with explained("cloudwatch", place.region, place.account.shown_as):
            points = points_of(place.client("cloudwatch"), batch, window)
        yield _deliverable(hourly(points, "AWS", window), late)


def _no_hours(window: Window) -> pl.DataFrame:
    return _deliverable(hourly(no_points(), "AWS", window), timedelta(0))


def _deliverable(hours: pl.DataFrame, late: timedelta) -> pl.DataFrame:
    """Say with which day hours are delivered, and hold repeated texts once: weeks of a large estate stay in memory till the last day."""
    return hours.with_columns(pl.col(pl.String).cast(pl.Categorical), delivered_on=(pl.col("observed_at") + late).dt.date())
