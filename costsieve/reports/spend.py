"""What was spent: the bridge from usage to the total, the days, the comparisons. No savings are estimated here."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from costsieve.contracts.charges import POOLS
from costsieve.money import to_cents
from costsieve.period import DAYS_PER_MONTH, Window, first_of_month, look_back
from costsieve.reports.amounts import cents_that_add_up
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_spend import BridgeRow, DaySpend, Spend
from costsieve.warehouse import Connection

_NAMED_SERVICES = 6
"""Services with a colour of their own in the picture; the rest is one colour."""

_ZERO = Decimal("0.00")
OTHER_SERVICES = "Other services"


def billed_month(connection: Connection, as_of: date) -> Window:
    """Return the 30 days that savings are stated for: days that no bill has reached yet are not known, so they are no part of it."""
    month_end: date | None = rows(connection, "month_end", as_of=as_of)[0]["month_end"]
    return look_back(month_end or as_of, DAYS_PER_MONTH)


def read_spend(connection: Connection, as_of: date) -> dict[str, Spend]:
    """Return the spend of every currency that has any charge, over the last 30 days of the bill before ``as_of``."""
    month = billed_month(connection, as_of)
    found = {
        "extent": by_currency(rows(connection, "bill_extent", as_of=as_of)),
        "month": _in_window(connection, month),
        "before": _in_window(connection, look_back(month.start, DAYS_PER_MONTH)),
        "to_date": _in_window(connection, _month_to_date(month.end)),
        "pools": by_currency(rows(connection, "spend_by_pool", window_start=month.start, window_end=month.end)),
        "days": _in_days(connection, look_back(month.end, 2 * DAYS_PER_MONTH)),
    }
    return {currency: _spend(month, {name: groups.get(currency, []) for name, groups in found.items()}) for currency in found["extent"]}


def empty_spend(as_of: date) -> Spend:
    """Return the spend of a currency that no bill has charged yet."""
    return _spend(look_back(as_of, DAYS_PER_MONTH), {key: [] for key in ("extent", "month", "before", "to_date", "pools", "days")})


def spend_change(connection: Connection, as_of: date, previous_as_of: date) -> dict[str, Decimal]:
    """Return by how much each currency's 30-day usage spend differs from the previous night's, both as the bills say today.

    The previous night's 30 days lie as far back as that night does, as if its bill had lagged as today's.
    """
    month = billed_month(connection, as_of)
    now = _in_window(connection, month)
    before = _in_window(connection, look_back(month.end - (as_of - previous_as_of), DAYS_PER_MONTH))
    return {currency: _usage_cost(now.get(currency, [])) - _usage_cost(before.get(currency, [])) for currency in {*now, *before}}


def _month_to_date(end: date) -> Window:
    """The calendar month of the last billed day, so that the first of a month looks back on a whole one."""
    return Window(first_of_month(end - timedelta(days=1)), end)


def _in_window(connection: Connection, window: Window) -> dict[str, list[Row]]:
    return by_currency(rows(connection, "spend_in_window", window_start=window.start, window_end=window.end))


def _in_days(connection: Connection, window: Window) -> dict[str, list[Row]]:
    return by_currency(rows(connection, "spend_by_day", window_start=window.start, window_end=window.end))


def _usage_cost(found: list[Row]) -> Decimal:
    return to_cents(found[0]["usage_cost"]) if found else _ZERO


def _spend(month: Window, found: dict[str, list[Row]]) -> Spend:
    first_day = found["extent"][0]["first_day"] if found["extent"] else month.end
    month_before = look_back(month.start, DAYS_PER_MONTH)
    before = _usage_cost(found["before"]) if first_day <= month_before.start else None
    services = _services(found["days"], month)
    usage_cost = _usage_cost(found["month"])
    return Spend(
        window=month,
        usage_cost=usage_cost,
        days_charged=found["month"][0]["days_charged"] if found["month"] else 0,
        last_day=found["extent"][0]["last_day"] if found["extent"] else None,
        cost_before=before,
        month_to_date=_month_to_date(month.end),
        month_to_date_cost=_usage_cost(found["to_date"]),
        bridge=_bridge(found["pools"], usage_cost),
        services=services,
        days=_days(found["days"], services, month, first_day),
    )


def _bridge(found: list[Row], usage_cost: Decimal) -> tuple[BridgeRow, ...]:
    """Usage is rounded as everywhere else in the report; the other pools are rounded so that the whole adds up."""
    ordered = sorted(found, key=lambda row: POOLS.index(row["pool"]))
    net = _around_usage(ordered, "net_cost", usage_cost)
    billed = cents_that_add_up([row["billed_cost"] for row in ordered])
    return tuple(BridgeRow(row["pool"], *amounts) for row, amounts in zip(ordered, zip(net, billed, strict=True), strict=True))


def _around_usage(ordered: list[Row], column: str, usage_cost: Decimal) -> list[Decimal]:
    amounts: list[Decimal] = [row[column] for row in ordered]
    if not ordered or ordered[0]["pool"] != "usage" or len(ordered) == 1:
        return cents_that_add_up(amounts)
    return [usage_cost, *cents_that_add_up(amounts[1:], to_cents(sum(amounts, Decimal(0))) - usage_cost)]


def _services(found: list[Row], month: Window) -> tuple[str, ...]:
    """The services with the largest cost in the month, then one name for the rest."""
    costs: dict[str, Decimal] = defaultdict(Decimal)
    for row in found:
        costs[row["service"]] += row["cost"] if row["usage_date"] >= month.start else 0
    ranked = sorted(costs, key=lambda service: (-costs[service], service))
    named = ranked[:_NAMED_SERVICES]
    return (*named, OTHER_SERVICES) if len(ranked) > _NAMED_SERVICES else tuple(named)


def _days(found: list[Row], services: tuple[str, ...], month: Window, first_day: date) -> tuple[DaySpend, ...]:
    """One entry per day of the month and of the one before, from the first day that the bill knows; each month adds up to its total."""
    place = {service: index for index, service in enumerate(services)}
    window = look_back(month.end, 2 * DAYS_PER_MONTH)
    days = [window.start + timedelta(days=offset) for offset in range(window.days)]
    costs = {day: [_ZERO] * len(services) for day in days if day >= first_day}
    for row in found:
        costs[row["usage_date"]][place.get(row["service"], len(services) - 1)] += row["cost"]
    before = [cost for day, amounts in costs.items() if day < month.start for cost in amounts]
    since = [cost for day, amounts in costs.items() if day >= month.start for cost in amounts]
    cents = iter([*cents_that_add_up(before), *cents_that_add_up(since)])
    return tuple(DaySpend(day, tuple(next(cents) for _ in services)) for day in costs)
