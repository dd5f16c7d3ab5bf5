"""What must be known before any figure is read, in order of importance. Whether the numbers agree: see costsieve.reports.agreement."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from costsieve.quality.notices import FailedSource, Quarantined, failed_sources, quarantined
from costsieve.reports import amounts
from costsieve.reports.evidence import words
from costsieve.reports.queries import Row, rows
from costsieve.reports.report_quality import Check, Notice
from costsieve.reports.report_reconciliation import LeftOut, Reconciliation
from costsieve.reports.report_restated import Restated
from costsieve.reports.wording import counted, reason_words
from costsieve.warehouse import Connection

_SAID_IN_FULL = ("sources_were_read", "nothing_is_quarantined", "no_quarantine_has_expired", "accounts_are_delivered_once")
"""Checks whose rows are notices of their own."""


def read_source_notices(connection: Connection, as_of: date) -> tuple[Notice, ...]:
    """Return what could not be read or is held back, and quarantines that have expired."""
    versions = rows(connection, "standing_versions")
    return (
        *(_failed(source) for source in failed_sources(connection, as_of)),
        *(_quarantined(held, versions) for held in quarantined(connection, as_of)),
        *(_expired(row) for row in rows(connection, "expired_quarantines", as_of=as_of)),
    )


def repeated_accounts(reconciled: Mapping[str, Reconciliation]) -> Iterator[Notice]:
    """Yield the accounts that were delivered twice."""
    for currency, found in sorted(reconciled.items()):
        for left_out in found.left_out:
            yield _left_out(left_out, currency)


def restated_days(restated: Mapping[str, Restated] | None) -> Iterator[Notice]:
    """Yield what changed for past days since the last night, where anything did."""
    for currency, found in sorted((restated or {}).items()):
        bridge = found.since_last_night
        if bridge.top_reason:
            night = amounts.long_day(bridge.known_then)
            detail = (
                f"Days before {night}: {amounts.signed_money(bridge.billed_change, currency)} billed, "
                f"{amounts.signed_money(bridge.effective_change, currency)} effective; mostly {reason_words(bridge.top_reason)}."
            )
            yield Notice("Restated", "note", f"Past days changed since the night of {night}", detail, currency=currency)


def failed_checks(checks: Sequence[Check]) -> Iterator[Notice]:
    """Yield the checks that did not hold and are no notice yet, critical ones first."""
    for check in checks:
        if not check.is_passed and check.check_name not in _SAID_IN_FULL:
            topic, level = ("Failed", "bad") if check.severity == "critical" else ("Warning", "warn")
            title = check.title or words(check.check_name)
            yield Notice(topic, level, f"{title}: not so", _sentence(check.seen), check.remedy)


def _failed(source: FailedSource) -> Notice:
    known = f"Its data end with {_period(source.latest_period)}." if source.latest_period else "Nothing of it was ever loaded."
    return Notice(
        topic="Not read",
        level="bad",
        title=f"{source.source} could not be read since the night of {amounts.long_day(source.failing_since)}",
        detail=f"{known} {source.message}",
        remedy="Do what the message says and run the night again. `costsieve doctor` tells what every source may read.",
    )


def _quarantined(held: Quarantined, versions: list[Row]) -> Notice:
    about = f"{held.source}, {_period(held.period)}," if held.period else f"All of {held.source}"
    end = f"until the night of {amounts.long_day(held.until)}" if held.until else "without an end"
    return Notice(
        topic="Held back",
        level="warn",
        title=f"{about} is quarantined {end}",
        detail=f"{_stands_in(held, versions)} Reason given: {_sentence(held.reason)}",
        remedy="Take the entry out of `quarantine` in costsieve.yaml once the provider has delivered it again.",
    )


def _stands_in(held: Quarantined, versions: list[Row]) -> str:
    if held.state == "left_out":
        return "No version of it was ever published, so it is left out of every figure."
    used = [row for row in versions if row["source"] == held.source and held.period in (None, row["period"])]
    if not used:
        return "The version of the last published night stands in."
    newest = max(used, key=lambda row: (row["loaded_at"], row["period"]))
    landed = f"landed on {amounts.long_day(newest['loaded_at'].date())}"
    if held.period:
        return f"Version {newest['version']}, {landed}, stands in."
    return f"The versions of the last published night stand in: {counted(len(used), 'period')}, the last {landed}."


def _expired(row: Row) -> Notice:
    about = f"{row['source']}, {_period(row['period'])}," if row["period"] else row["source"]
    return Notice(
        topic="Expired",
        level="warn",
        title=f"The quarantine of {about} ended with the night of {amounts.long_day(row['until'])}",
        detail=f"It is read as delivered again. Reason given: {_sentence(row['reason'])}",
        remedy="Take the entry out of `quarantine` in costsieve.yaml, or give it a later `until` if the delivery is still wrong.",
    )


def _left_out(found: LeftOut, currency: str) -> Notice:
    first, last = amounts.month_name(found.first_month), amounts.month_name(found.last_month)
    months = first if first == last else f"{first} to {last}"
    return Notice(
        topic="Duplicate",
        level="warn",
        title=f"{found.source} delivers what {found.kept_source} delivers too",
        detail=(
            f"{counted(found.account_count, 'account')}, {months}: {amounts.money(found.billed_cost, currency)} in "
            f"{counted(found.row_count, 'line item')} left out, so that nothing is counted twice."
        ),
        remedy="Remove the source that is not needed from costsieve.yaml.",
        currency=currency,
    )


def _sentence(text: str) -> str:
    """Write what somebody gave as a phrase."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def _period(period: str | None) -> str:
    """Write a billing month or a day in words."""
    if period is None:
        return ""
    try:
        return amounts.long_day(date.fromisoformat(period))
    except ValueError:
        return amounts.month_name(period)
