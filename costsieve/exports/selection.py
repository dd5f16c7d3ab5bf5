"""Which billing months and providers an export is about, checked against what is published. Reads no bill."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from costsieve.errors import ConfigurationError
from costsieve.sql_files import statement
from costsieve.warehouse import Connection

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True)
class Selection:
    """Part of the published bills; everything if nothing is given.

    Args:
        since: first billing month, as 2026-09.
        months: billing months.
        providers: as in core.charges.ProviderName.
    """

    since: str | None = None
    months: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


def chosen_months(connection: Connection, selection: Selection) -> dict[str, Sequence[str]]:
    """Return the selected billing months in order, each with the periods of the loads that have its charges.

    Raises ConfigurationError when a month or provider is none of the published ones, naming these.
    """
    for month in (*selection.months, *([selection.since] if selection.since else [])):
        if not _MONTH.fullmatch(month):
            message = f"{month} is not a billing month; write it as YYYY-MM, for example 2026-09."
            raise ConfigurationError(message)
    published = connection.execute(statement("exports/billing_months.sql")).fetchall()
    _require("billing month", selection.months, [month for month, _, _ in published])
    _require("provider", selection.providers, sorted({provider for _, _, providers in published for provider in providers}))
    chosen = {
        month: periods
        for month, periods, providers in published
        if (not selection.months or month in selection.months)
        and month >= (selection.since or "")
        and (not selection.providers or set(selection.providers) & set(providers))
    }
    if not chosen:
        message = f"no published charge is selected; published billing months: {_listed(month for month, _, _ in published)}."
        raise ConfigurationError(message)
    return chosen


def _require(what: str, asked: Sequence[str], published: Sequence[str]) -> None:
    unknown = [each for each in asked if each not in published]
    if unknown:
        message = f"no published bill has the {what} {_listed(unknown)}; published: {_listed(published)}."
        raise ConfigurationError(message)


def _listed(values: Iterable[str]) -> str:
    return ", ".join(values) or "none"
