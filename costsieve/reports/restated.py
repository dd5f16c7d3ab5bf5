"""Reads what is known better about past days than on the last night, and than a week ago. Reasons come from costsieve.core.restatement."""

from datetime import date, timedelta
from decimal import Decimal

from costsieve.core.restatement import (
    Bridge,
    Comparison,
    MonthChange,
    compare_since,
    read_bridges,
    read_changes,
    restatement,
)
from costsieve.errors import ConfigurationError
from costsieve.money import to_cents
from costsieve.reports.amounts import cents_that_add_up
from costsieve.reports.report_restated import NightBridge, Reason, Restated, RestatedMonth
from costsieve.warehouse import Connection

_WEEK = timedelta(days=7)


def read_restated(connection: Connection, as_of: date) -> dict[str, Restated] | None:
    """Return what changed for past days, by currency; None where nothing is known of the night before, as on the first night."""
    since_last = restatement(connection, as_of)
    if since_last.comparison is None:
        return None
    last_night = _bridges(connection, since_last.comparison)
    week = _last_week(connection, as_of, since_last.comparison)
    last_week = _bridges(connection, week) if week else {}
    return {
        currency: Restated(bridge, last_week.get(currency), _months(since_last.months, currency)) for currency, bridge in last_night.items()
    }


def _last_week(connection: Connection, as_of: date, last_night: Comparison) -> Comparison | None:
    """Compare with the last night that is at least a week old, about the days before it; None where that is the last night, or unknown."""
    try:
        found = compare_since(connection, as_of - _WEEK)
    except ConfigurationError:  # the history is younger than a week
        return None
    if found.known_now != as_of or found.known_then == last_night.known_then:
        return None
    return Comparison(found.known_then, found.known_then, as_of)


def _bridges(connection: Connection, comparison: Comparison) -> dict[str, NightBridge]:
    bridges = read_bridges(connection, comparison, read_changes(connection, comparison))
    return {bridge.currency: _bridge(bridge, comparison) for bridge in bridges}


def _bridge(bridge: Bridge, comparison: Comparison) -> NightBridge:
    """Round both columns so that they add up to what is known now."""
    billed = _column(bridge.billed_then, [reason.billed_change for reason in bridge.reasons])
    effective = _column(bridge.effective_then, [reason.effective_change for reason in bridge.reasons])
    names = [reason.reason for reason in bridge.reasons]
    reasons = tuple(Reason(*cells) for cells in zip(names, billed[1:], effective[1:], strict=True))
    return NightBridge(comparison.known_then, billed[0], effective[0], reasons)


def _column(then: Decimal, changes: list[Decimal]) -> list[Decimal]:
    return cents_that_add_up([then, *changes])


def _months(months: tuple[MonthChange, ...], currency: str) -> tuple[RestatedMonth, ...]:
    return tuple(
        RestatedMonth(
            month.billing_month,
            to_cents(month.billed_change),
            to_cents(month.effective_change),
            tuple(reason.reason for reason in month.reasons),
        )
        for month in months
        if month.currency == currency
    )
