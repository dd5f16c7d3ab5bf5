"""What has changed for days that were known already, by how much and why. What each night knew is kept by core.known_costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import polars as pl

from costsieve.errors import ConfigurationError
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, query

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "late_rows": "line items that were delivered after the night",
        "withdrawn_rows": "line items that a later delivery no longer has",
        "repriced": "the same line items at another price",
        "commitment": "Savings Plans, reservations or CUDs assigned to other usage, or used more or less",
        "credit_or_refund": "credits, promotions and refunds",
        "correction": "adjustments, and line items that take back earlier ones",
        "finalisation": "tax, support and fees, and amounts that changed as the invoice was issued",
        "new_period": "a source or a month that was not read then: new, or back from quarantine",
        "withdrawn_period": "a period that is not read any more: withdrawn, in quarantine, or its source was removed",
        "reclassified": "the same delivery, named or spread in another way by the configuration or the software",
    }
)
"""Why a cost changed, in reading order; sql/core/restated decides which."""

_AMOUNTS = ("billed_change", "effective_change")


@dataclass(frozen=True)
class Comparison:
    """Two nights, and the days that both are asked about.

    Args:
        days_before: only days before this one are compared.
        known_then: the earlier night.
        known_now: the later night.
    """

    days_before: date
    known_then: date
    known_now: date


@dataclass(frozen=True)
class ReasonChange:
    """What one reason changed, in one currency."""

    reason: str
    billed_change: Decimal
    effective_change: Decimal


@dataclass(frozen=True)
class Bridge:
    """From what was known to what is known, in one currency: then + sum of ``reasons`` = now, to the last decimal, for both costs."""

    currency: str
    billed_then: Decimal
    billed_now: Decimal
    effective_then: Decimal
    effective_now: Decimal
    reasons: tuple[ReasonChange, ...]


@dataclass(frozen=True)
class MonthChange:
    """What changed for the days of one billing month, in one currency; the reasons add up to the changes."""

    billing_month: str
    currency: str
    billed_change: Decimal
    effective_change: Decimal
    reasons: tuple[ReasonChange, ...]


@dataclass(frozen=True)
class Restatement:
    """What a night says about days that the published night before it knew already.

    ``comparison`` is None where that is unknown: on the first night, and for a night that the history does not remember (a backfill).
    No months beside a comparison means that nothing changed.
    """

    comparison: Comparison | None
    months: tuple[MonthChange, ...]


def compare_since(connection: Connection, since: date) -> Comparison:
    """Return the comparison of the last published night up to ``since`` with the latest one, about the days before ``since``.

    Raises ConfigurationError where nothing is known of what that night knew: it is older than the history, or there is no history.
    """
    nights = _nights(connection, since, date.max)
    if nights.first_known is None:
        message = "no published night has kept what it knew, so changes cannot be told. Run `costsieve night`; the next night can tell."
        raise ConfigurationError(message)
    if nights.known_then is None or nights.known_now is None:
        message = f"it is unknown what was known on {since}: the history begins with the night of {nights.first_known}."
        raise ConfigurationError(message)
    return Comparison(since, nights.known_then, nights.known_now)


def restatement(connection: Connection, as_of: date) -> Restatement:
    """Compare the night of ``as_of`` with the published night before it, about the days before that earlier night."""
    nights = _nights(connection, as_of - timedelta(days=1), as_of)
    if nights.known_then is None or nights.known_now != as_of:
        return Restatement(None, ())
    comparison = Comparison(nights.known_then, nights.known_then, as_of)
    return Restatement(comparison, _months(read_changes(connection, comparison)))


def read_changes(connection: Connection, comparison: Comparison) -> pl.DataFrame:
    """Return one row per night and kind of charge whose cost changed, with its reason; columns as in sql/core/restated."""
    changes = query(connection, model_sql("core/restated"), vars(comparison))
    return changes.sort(*(name for name, data_type in changes.schema.items() if not data_type.is_numeric()), nulls_last=True)


def read_bridges(connection: Connection, comparison: Comparison, changes: pl.DataFrame) -> tuple[Bridge, ...]:
    """Return the bridge of each currency that is known at either end, from what read_changes gives; currencies are never added."""
    then = _known_at(connection, comparison, comparison.known_then)
    now = _known_at(connection, comparison, comparison.known_now)
    reasons = _reasons_by(changes, ["BillingCurrency"])
    return tuple(
        Bridge(
            currency=currency,
            billed_then=then.get(currency, _NOTHING)[0],
            billed_now=now.get(currency, _NOTHING)[0],
            effective_then=then.get(currency, _NOTHING)[1],
            effective_now=now.get(currency, _NOTHING)[1],
            reasons=reasons.get((currency,), ()),
        )
        for currency in sorted({*then, *now})
    )


def summarise(changes: pl.DataFrame) -> pl.DataFrame:
    """Return the changes per currency, provider, billing month, service and reason."""
    keys = ["BillingCurrency", "ProviderName", "billing_month", "ServiceName", "reason"]
    return changes.group_by(keys).agg(pl.col("charge_count_change", *_AMOUNTS).sum()).sort(keys)


_NOTHING = (Decimal(0), Decimal(0))


@dataclass(frozen=True)
class _Nights:
    """The nights that the history has to offer; None where there is none."""

    first_known: date | None
    known_then: date | None
    known_now: date | None


def _nights(connection: Connection, since: date, until: date) -> _Nights:
    return _Nights(*query(connection, statement("core/compared_nights.sql"), {"since": since, "until": until}).row(0))


def _known_at(connection: Connection, comparison: Comparison, night: date) -> dict[str, tuple[Decimal, Decimal]]:
    bound = {"days_before": comparison.days_before, "known_at": night}
    rows = query(connection, statement("core/known_at.sql"), bound).rows()
    return {currency: (billed, effective) for currency, billed, effective in rows}


def _months(changes: pl.DataFrame) -> tuple[MonthChange, ...]:
    by_month = _reasons_by(changes, ["billing_month", "BillingCurrency"])
    return tuple(
        MonthChange(
            billing_month=month,
            currency=currency,
            billed_change=sum((reason.billed_change for reason in reasons), Decimal(0)),
            effective_change=sum((reason.effective_change for reason in reasons), Decimal(0)),
            reasons=reasons,
        )
        for (month, currency), reasons in sorted(by_month.items())
    )


def _reasons_by(changes: pl.DataFrame, keys: Sequence[str]) -> dict[tuple[Any, ...], tuple[ReasonChange, ...]]:
    """Sum the changes per key and reason; reasons in the order of REASONS."""
    order = list(REASONS)
    sums = changes.group_by(*keys, "reason").agg(pl.col(*_AMOUNTS).sum())
    grouped: dict[tuple[Any, ...], list[ReasonChange]] = {}
    for row in sums.to_dicts():
        grouped.setdefault(tuple(row[key] for key in keys), []).append(ReasonChange(row["reason"], *(row[amount] for amount in _AMOUNTS)))
    return {key: tuple(sorted(found, key=lambda change: order.index(change.reason))) for key, found in grouped.items()}
