"""The findings of a published night, what changed of them and what was saved, as far as they are asked for. Computes no result."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

import polars as pl

from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.findings.rule import load_rules
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query


@dataclass(frozen=True)
class Selection:
    """Which findings are meant; None means all. Of changes, ``least_savings`` is the least difference, up or down."""

    rule_id: str | None = None
    team: str | None = None
    provider: str | None = None
    least_savings: Decimal | None = None


def published_night(connection: Connection, asked: date | None) -> date:
    """Return the night that was asked for, or the latest; raises CostsieveError where that night has not published."""
    nights = [row[0] for row in connection.execute("SELECT as_of FROM meta.nights ORDER BY as_of").fetchall()]
    if not nights or (asked is not None and asked not in nights):
        known = f"Published nights: {nights[0]} to {nights[-1]}." if nights else "No night has published yet. Run `costsieve night`."
        message = f"the night of {asked} has not published. {known}" if asked else known
        raise CostsieveError(message)
    return asked or nights[-1]


def findings_of(connection: Connection, as_of: date, selection: Selection) -> pl.DataFrame:
    """Return the night's findings, those that save most first; raises ConfigurationError for a rule that neither exists nor has any."""
    return _listed(connection, "findings/listed.sql", as_of, selection)


def changes_of(connection: Connection, as_of: date, selection: Selection) -> pl.DataFrame:
    """Return what changed since the published night before; no row on the first night. Raises ConfigurationError as findings_of does."""
    return _listed(connection, "findings/listed_changes.sql", as_of, selection)


def savings_of(connection: Connection, as_of: date, selection: Selection) -> pl.DataFrame:
    """Return what was done about findings and what it saved up to the night. Raises ConfigurationError as findings_of does."""
    return _listed(connection, "findings/listed_savings.sql", as_of, selection)


def bridge_of(connection: Connection, as_of: date, selection: Selection) -> pl.DataFrame:
    """Return the changes as a bridge, by currency: the savings before, a row for each change and reason, the savings now.

    Columns: currency, night_or_change, findings, monthly_savings. Whatever is chosen adds up; ``least_savings`` is left out of account.
    """
    chosen = replace(selection, least_savings=None)
    changes = changes_of(connection, as_of, chosen)
    if changes.is_empty():
        return pl.DataFrame(schema=_BRIDGE)
    previous = changes["previous_night"][0]
    steps = changes.group_by("currency", "change", "reason", maintain_order=True).agg(pl.len(), pl.col("difference").sum())
    rows: list[tuple[object, ...]] = []
    for currency in sorted(steps["currency"].unique()):
        rows.append((currency, f"night of {previous}", *_total(connection, previous, chosen, currency)))
        moved = steps.filter(pl.col("currency") == currency).sort("difference", descending=True).to_dicts()
        rows += [(currency, f"{step['change']}: {step['reason']}", step["len"], step["difference"]) for step in moved]
        rows.append((currency, f"night of {as_of}", *_total(connection, as_of, chosen, currency)))
    return pl.DataFrame(rows, schema=_BRIDGE, orient="row")


_BRIDGE = {"currency": pl.String(), "night_or_change": pl.String(), "findings": pl.Int64(), "monthly_savings": pl.Decimal(38, 2)}


def _total(connection: Connection, night: date, selection: Selection, currency: str) -> tuple[int, Decimal]:
    found = findings_of(connection, night, selection).filter(pl.col("currency") == currency)
    return found.height, sum(found["monthly_savings"].drop_nulls(), Decimal("0.00"))


def _listed(connection: Connection, path: str, as_of: date, selection: Selection) -> pl.DataFrame:
    _require_rule(connection, selection.rule_id)
    return query(connection, statement(path), {"as_of": as_of} | asdict(selection))


def _require_rule(connection: Connection, rule_id: str | None) -> None:
    """A rule that was removed has findings in former nights still."""
    if rule_id is None or rule_id in {rule.id for rule in load_rules()}:
        return
    if not connection.execute("SELECT 1 FROM results.findings WHERE rule_id = $rule_id LIMIT 1", {"rule_id": rule_id}).fetchall():
        message = f"there is no rule {rule_id!r}. `costsieve rules` lists them."
        raise ConfigurationError(message)
