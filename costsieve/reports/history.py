"""Reads what changed since the last night and what was saved so far. Reasons and savings are told by costsieve.findings, not here."""

from collections import defaultdict
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from costsieve.findings.rule import load_rules
from costsieve.reports.history_words import place
from costsieve.reports.queries import Row, by_currency, rows
from costsieve.reports.report_history import BridgeStep, ChangedFinding, Changes, FindingTotal, Realized, RealizedFinding, RealizedRule
from costsieve.reports.spend import spend_change
from costsieve.warehouse import Connection

_NOTHING = Decimal("0.00")


def read_changes(connection: Connection, as_of: date) -> dict[str, Changes] | None:
    """Return what changed since the previous night, for every currency that knows of a change; None on the first night."""
    previous = previous_night(connection, as_of)
    if previous is None:
        return None
    found = by_currency(rows(connection, "finding_changes", as_of=as_of))
    then, now = _totals(connection, previous), _totals(connection, as_of)
    savings_then, savings_now = _net_savings(connection, previous), _net_savings(connection, as_of)
    spend = spend_change(connection, as_of, previous)
    return {
        currency: Changes(
            previous_as_of=previous,
            then=then.get(currency, FindingTotal(0, _NOTHING)),
            now=now.get(currency, FindingTotal(0, _NOTHING)),
            steps=_steps(found.get(currency, [])),
            found=tuple(ChangedFinding(**_fields(ChangedFinding, row)) for row in found.get(currency, [])),
            spend_delta=spend.get(currency),
            savings_delta=savings_now.get(currency, _NOTHING) - savings_then.get(currency, _NOTHING),
        )
        for currency in {*found, *then, *now, *spend, *savings_now, *savings_then}
    }


def no_change(previous: date) -> Changes:
    """Return the changes of a currency that knows of none."""
    nothing = FindingTotal(0, _NOTHING)
    return Changes(previous, nothing, nothing, (), (), _NOTHING, _NOTHING)


def read_realized(connection: Connection, as_of: date) -> dict[str, Realized]:
    """Return what was saved up to the night, for every currency in which something was done."""
    found = by_currency(rows(connection, "realized_savings", as_of=as_of))
    return {currency: Realized(_by_rule(acted)) for currency, acted in found.items()}


def previous_night(connection: Connection, as_of: date) -> date | None:
    """Return the published night before ``as_of``; None on the first night."""
    found: date | None = rows(connection, "previous_night", as_of=as_of)[0]["previous_as_of"]
    return found


def _totals(connection: Connection, night: date) -> dict[str, FindingTotal]:
    found = rows(connection, "finding_totals", night=night)
    return {row["currency"]: FindingTotal(row["finding_count"], row["savings"]) for row in found}


def _net_savings(connection: Connection, night: date) -> dict[str, Decimal]:
    return {row["currency"]: row["net_savings"] for row in rows(connection, "net_savings", night=night)}


def _steps(found: list[Row]) -> tuple[BridgeStep, ...]:
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    sums: defaultdict[tuple[str, str], Decimal] = defaultdict(lambda: _NOTHING)
    for row in found:
        counts[row["change"], row["reason"]] += 1
        sums[row["change"], row["reason"]] += row["difference"]
    return tuple(BridgeStep(*step, counts[step], sums[step]) for step in sorted(counts, key=lambda step: place(*step)))


def _by_rule(acted: list[Row]) -> tuple[RealizedRule, ...]:
    titles = {rule.id: rule.title for rule in load_rules()}
    grouped: defaultdict[str, list[RealizedFinding]] = defaultdict(list)
    for row in acted:
        grouped[row["rule_id"]].append(RealizedFinding(**_fields(RealizedFinding, row)))
    rules = [RealizedRule(name, titles.get(name, name), tuple(findings)) for name, findings in grouped.items()]
    return tuple(sorted(rules, key=lambda rule: (-rule.realized, rule.rule_id)))


def _fields(kind: type[Any], row: Row) -> dict[str, Any]:
    return {each.name: row[each.name] for each in fields(kind)}
