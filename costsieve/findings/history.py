"""From night to night: what changed of the findings, and why, in a bridge that adds up. What was saved: see costsieve.findings.realized.

Everything is told from stored rows of the published nights and of the night that runs, so a night that runs again, or late, leads to the
same history as if all had run once and in order. A night that never published is compared with nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

import polars as pl

from costsieve.contracts.history import FINDING_CHANGES, FINDING_HISTORY, OBSERVED_ACTIONS, RESOURCE_STATES, RULE_PARAMETERS
from costsieve.findings.change_reasons import Key, RuleBook, Thresholds, change_of
from costsieve.findings.parameters import Parameters, applied_parameters
from costsieve.findings.rule import Rule
from costsieve.settings import Settings
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, query, replace_frame, replace_rows

SETTINGS = (
    *("minimum_capacity", "desired_capacity", "maximum_capacity", "is_spot", "provisioned_iops", "provisioned_throughput_mibps"),
    *("engine_version", "is_multi_az", "versioning", "has_lifecycle", "aborts_incomplete_uploads", "expires_noncurrent_versions"),
    *("intelligent_tiering", "retention_days", "log_group_class", "variant_count", "idle_shutdown_minutes", "model_units"),
    *("online_node_count", "checkpoint_location", "max_wait_seconds"),
)
"""Attributes of the inventory that somebody sets: a difference from night to night is something that was done."""

_COMPARED = "compared_nights"
_COPIED = (
    *("as_of", "previous_night", "finding_id", "rule_id", "provider", "account_id", "region", "service", "resource_id", "resource_name"),
    *("resource_type", "owner", "team", "action", "currency", "previous_monthly_savings", "monthly_savings"),
)


@dataclass(frozen=True)
class Recorded:
    """What was recorded: the nights that were told anew, and the changes of the night itself by their word."""

    as_of: date
    nights_told: int
    changes: dict[str, int]


def record_states(connection: Connection, as_of: date) -> int:
    """Keep what every resource is like in this night; returns their number. Run it while usage.resources is of this night."""
    parameters = {"as_of": as_of, "settings": list(SETTINGS)}
    return replace_rows(connection, RESOURCE_STATES, model_sql("history/resource_states"), parameters, where={"as_of": as_of})


def record_parameters(connection: Connection, rules: Sequence[Rule], as_of: date, settings: Settings) -> int:
    """Keep by which thresholds every rule judges in this night, overrides included; returns the number of rows.

    Raises ConfigurationError as applied_parameters does.
    """
    rows = [row for rule in rules for row in _parameter_rows(connection, rule, as_of, settings)]
    frame = pl.DataFrame(rows, schema=_PARAMETER_SCHEMA, orient="row")
    connection.register("incoming_parameters", frame)
    try:
        return replace_rows(connection, RULE_PARAMETERS, statement("history/rule_parameters.sql"), {"as_of": as_of}, where={"as_of": as_of})
    finally:
        connection.unregister("incoming_parameters")


def record_changes(connection: Connection, as_of: date) -> Recorded:
    """Tell what changed from each published night to the next, from this night on: later nights may have been compared with another one.

    Run it inside a transaction, once the findings, states and parameters of the night are written.
    """
    bound = {"as_of": as_of}
    since = query(connection, statement("history/recomputed_from.sql"), bound).item()
    compared = query(connection, statement("history/compared_nights.sql"), bound | {"recomputed_from": since})
    connection.execute(statement("history/forget_actions.sql"), {"since": since})
    connection.execute(statement("history/forget_changes.sql"), {"since": since})
    connection.register(_COMPARED, compared)
    try:
        connection.execute(f"INSERT INTO {OBSERVED_ACTIONS.full_name} BY NAME {model_sql('history/observed_actions')}")
        moved = query(connection, model_sql("history/moved_findings")).to_dicts()
    finally:
        connection.unregister(_COMPARED)
    rules = _rule_book(connection, compared)
    changes = [_change_row(row, rules) for row in moved]
    told = pl.DataFrame(changes, schema=FINDING_CHANGES.polars_schema(), orient="row")
    for night in compared["as_of"]:
        replace_frame(connection, FINDING_CHANGES, told.filter(pl.col("as_of") == night), {"as_of": night})
    replace_rows(connection, FINDING_HISTORY, model_sql("history/finding_history"), bound)
    words = [row["change"] for row in changes if row["as_of"] == as_of]
    return Recorded(as_of, compared.height, {word: words.count(word) for word in sorted(set(words))})


_PARAMETER_SCHEMA = {
    "rule_id": pl.String(),
    "provider": pl.String(),
    "account_id": pl.String(),
    "resource_id": pl.String(),
    "names": pl.List(pl.String()),
    "contents": pl.List(pl.String()),
    "definition": pl.String(),
}


def _parameter_rows(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> list[tuple[object, ...]]:
    applied = applied_parameters(rule, settings)
    definition = sha256(f"{rule.action}\n{rule.sql}".encode()).hexdigest()[:12]
    rows = [_parameter_row(rule, (None, None, None), applied.default, definition)]
    if not applied.overridden:
        return rows
    judged = query(connection, statement("history/judged_resources.sql"), {"as_of": as_of, "rule_id": rule.id})
    for resource in judged.to_dicts():
        tags = {name: resource[name] for name in ("owner", "team", "project", "environment", "cost_center")}
        own = applied.for_resource(resource["account_id"], tags)
        if own != applied.default:
            rows.append(_parameter_row(rule, (resource["provider"], resource["account_id"], resource["resource_id"]), own, definition))
    return rows


def _parameter_row(rule: Rule, resource: tuple[str | None, ...], parameters: Parameters, definition: str) -> tuple[object, ...]:
    names = sorted(parameters)
    return (rule.id, *resource, names, [_number(parameters[name]) for name in names], definition)


def _number(value: int | Decimal) -> str:
    """5, 5.0 and 5.00 are one threshold."""
    return format(Decimal(value).normalize(), "f")


def _rule_book(connection: Connection, compared: pl.DataFrame) -> RuleBook:
    nights = sorted({*compared["as_of"].to_list(), *compared["previous_night"].to_list()})
    known: dict[Key, Thresholds] = {}
    for row in query(connection, statement("history/known_parameters.sql"), {"nights": nights}).to_dicts():
        parameters = dict(zip(row["names"], row["contents"], strict=True))
        key = (row["as_of"], row["rule_id"], row["provider"], row["account_id"], row["resource_id"])
        known[key] = Thresholds(parameters, row["definition"])
    return RuleBook(known)


def _change_row(row: dict[str, Any], rules: RuleBook) -> dict[str, Any]:
    change = change_of(row, rules)
    return {name: row[name] for name in _COPIED} | vars(change)
