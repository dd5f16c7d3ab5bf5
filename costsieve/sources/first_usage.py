"""Refuses a night that lies before everything that the bills are about: its report would say that nothing was spent. Lands nothing."""

from collections.abc import Sequence
from datetime import date, timedelta

from costsieve import sql_files
from costsieve.errors import MissingExport, SourceError
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.sources.configured import sources_of
from costsieve.sources.holding import holds_on
from costsieve.sources.reads import Night
from costsieve.sources.source import Source
from costsieve.warehouse import Warehouse

_BILLS = ("aws_cur", "gcp_billing", "focus")
_DAY = timedelta(days=1)


def require_usage_before(warehouse: Warehouse, settings: Settings, night: Night) -> None:
    """Raise MissingExport when no bill has usage of a day before ``night.as_of``; it names what is delivered first and the first night.

    Run it after all sources were read. Without bills in the configuration, or with every one of them held by `quarantine`, there is
    nothing to require.
    """
    configured = [(source, holds_on(settings, source.name, night.as_of)) for asset in _BILLS for source in sources_of(settings, asset)]
    bills = [(source, holds) for source, holds in configured if not any(hold.period is None for hold in holds)]
    if not bills:
        return
    known = warehouse.query(sql_files.statement("sources/first_usage.sql"), {"sources": [source.name for source, _ in bills]}).rows()
    if known and known[0][1] < night.as_of:
        return
    advice = _from_day(*known[0]) if known else _from_period(bills, night)
    message = f"no bill has usage of a day before {night.as_of}, so this night would report that nothing was spent. {advice}"
    raise MissingExport(message)


def _from_day(source: str, first_day: date) -> str:
    return f"The first delivered day is {first_day}, in {source}: run the night with --as-of {first_day + _DAY} or later."


def _from_period(bills: Sequence[tuple[Source, Sequence[Quarantine]]], night: Night) -> str:
    """Sources offer what began before the night; asked for today, they tell what began later."""
    today = night.observed_at.date()
    offered = sorted((period, source.name) for source, holds in bills for period in _periods(source, holds, today + _DAY))
    if not offered:
        return "Nothing else is delivered yet; what `quarantine` in costsieve.yaml holds does not count."
    period, source = offered[0]
    first_night = date.fromisoformat(f"{period}-01"[:10]) + _DAY
    return f"The first delivered period is {period}, in {source}: run the night with --as-of {first_night} or later."


def _periods(source: Source, holds: Sequence[Quarantine], as_of: date) -> list[str]:
    """Return the dated periods on offer; none of a source that cannot be asked, since meta.source_reads says why."""
    try:
        periods = [delivery.period for delivery in source.deliveries(as_of)]
    except (SourceError, OSError):
        return []
    return [period for period in periods if period[:1].isdigit() and not any(hold.covers(period) for hold in holds)]
