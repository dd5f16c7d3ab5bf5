"""Run a rule's SELECT and check what it returned. What a finding saves is not known here: see savings."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import polars as pl

from costsieve.contracts.verdicts import CLEAN, CONFIDENCES, REASONS
from costsieve.errors import ConfigurationError
from costsieve.findings.parameters import Parameters, applied_parameters, rule_parameters
from costsieve.findings.rule import Rule
from costsieve.settings import Settings
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

COLUMNS = (
    "provider",
    "account_id",
    "resource_id",
    "currency",
    "verdict",
    "confidence",
    "confidence_reason",
    "remaining_cost_share",
    "evidence",
)
"""What every rule.sql returns, one row per resource that the rule applies to; `verdict` is `finding`, or a word of REASONS or CLEAN."""

_OPTIONAL = {"target": pl.String(), "accrued_cost": pl.Decimal(38, 12)}
"""What a rule returns besides where it has it."""


_BOUND_BY_THE_ENGINE = ("as_of", "time_zone")


@dataclass(frozen=True)
class Judged:
    """One resource as a rule judged it by `parameters`, with its costs (exact) and tags; `evidence` is JSON text.

    ``remaining_cost_share`` is None where nobody knows what the action saves; ``reason_detail`` says what could not be collected.
    """

    finding_id: str
    first_seen: date
    provider: str
    account_id: str | None
    region: str | None
    service: str | None
    resource_id: str
    resource_name: str | None
    resource_type: str | None
    currency: str | None
    currency_rank: int
    owner: str | None
    team: str | None
    project: str | None
    environment: str | None
    cost_center: str | None
    attached_to: str | None
    monthly_list_cost: Decimal
    monthly_cost: Decimal
    monthly_committed_cost: Decimal
    monthly_instance_cost: Decimal
    monthly_instance_list_cost: Decimal
    outcome: str
    reason: str | None
    confidence: str
    confidence_reason: str
    remaining_cost_share: Decimal | None
    target: str | None
    accrued_cost: Decimal | None
    evidence: str
    parameters: Mapping[str, int | Decimal]
    reason_detail: str | None = None

    @property
    def exact_costs(self) -> dict[str, Decimal]:
        """Monthly costs as the bill has them, by the name of their column."""
        return {
            "monthly_cost": self.monthly_cost,
            "monthly_list_cost": self.monthly_list_cost,
            "monthly_instance_cost": self.monthly_instance_cost,
            "monthly_instance_list_cost": self.monthly_instance_list_cost,
            "monthly_committed_cost": self.monthly_committed_cost,
        }

    @property
    def tags(self) -> dict[str, str | None]:
        """Values of the allocation dimensions."""
        return {
            "owner": self.owner,
            "team": self.team,
            "project": self.project,
            "environment": self.environment,
            "cost_center": self.cost_center,
        }


def run_rule(connection: Connection, rule: Rule, as_of: date, settings: Settings, parameters: Parameters | None = None) -> pl.DataFrame:
    """Return what rule.sql selects, its verdict as outcome and reason, with `parameters` or those that apply where no override does.

    Raises ConfigurationError when the SELECT and rule.yaml disagree about parameters, or a column is missing.
    """
    engine = {"as_of": as_of, "time_zone": settings.schedule.time_zone}
    bound: dict[str, Any] = {name: engine[name] for name in _BOUND_BY_THE_ENGINE if re.search(rf"\${name}\b", rule.sql)}
    bound |= rule_parameters(rule, settings) if parameters is None else parameters
    try:
        candidates = query(connection, rule.sql, bound)
    except duckdb.InvalidInputException as error:
        message = f"rules/{rule.id}/rule.sql and the params of its rule.yaml do not agree: {error}"
        raise ConfigurationError(message) from error
    missing = sorted(set(COLUMNS) - set(candidates.columns))
    if missing:
        message = f"rules/{rule.id}/rule.sql does not return the column {missing[0]}."
        raise ConfigurationError(message)
    return _with_outcome(candidates)


def _with_outcome(candidates: pl.DataFrame) -> pl.DataFrame:
    """Tell findings from what is clean and from what could not be judged; the verdict of these two is the reason."""
    verdict = pl.col("verdict")
    unknown_or_clean = pl.when(verdict.is_in(REASONS)).then(pl.lit("not_evaluable")).otherwise(pl.lit("clean"))
    return candidates.select(
        *(name for name in COLUMNS if name != "verdict"),
        pl.when(verdict == "finding").then(pl.lit("finding")).otherwise(unknown_or_clean).alias("outcome"),
        pl.when(verdict != "finding").then(verdict).alias("reason"),
        *(pl.col(name) if name in candidates.columns else pl.lit(None, dtype).alias(name) for name, dtype in _OPTIONAL.items()),
    )


def judge(connection: Connection, rule: Rule, as_of: date, settings: Settings) -> list[Judged]:
    """Return every resource that the rule applies to with the rule's verdict by the parameters that apply to this resource.

    The rule runs once for every distinct set of parameters. Raises ConfigurationError when the rule returns a resource twice, one that
    usage.resources does not have, or a word that the contracts do not know.
    """
    applied = applied_parameters(rule, settings)
    return [
        row
        for parameters in applied.distinct
        for row in _judged(connection, rule, run_rule(connection, rule, as_of, settings, parameters), as_of, parameters)
        if applied.for_resource(row.account_id, row.tags) == parameters
    ]


def _judged(connection: Connection, rule: Rule, candidates: pl.DataFrame, as_of: date, parameters: Parameters) -> list[Judged]:
    connection.register("candidates", candidates)
    try:
        frame = query(connection, statement("findings/judged.sql"), {"rule_id": rule.id, "as_of": as_of})
    finally:
        connection.unregister("candidates")
    judged = [Judged(**row, parameters=parameters) for row in frame.iter_rows(named=True)]
    if len(judged) != candidates.height or len({row.finding_id for row in judged}) != len(judged):
        message = f"rules/{rule.id}/rule.sql must return each resource of usage.resources at most once, with its own keys."
        raise ConfigurationError(message)
    for row in judged:
        _check_words(rule, row)
    return judged


def _check_words(rule: Rule, row: Judged) -> None:
    words = {"finding": (None,), "clean": CLEAN, "not_evaluable": REASONS}
    if (
        row.reason not in words.get(row.outcome, ())
        or row.confidence not in CONFIDENCES
        or not 0 <= (row.remaining_cost_share or 0) <= 1
        or (rule.action == "review" and row.outcome == "finding" and row.remaining_cost_share is not None)
    ):
        message = (
            f"rules/{rule.id}/rule.sql returned for {row.resource_id}: outcome {row.outcome!r}, reason {row.reason!r}, "
            f"confidence {row.confidence!r}, remaining_cost_share {row.remaining_cost_share}. See contracts/verdicts.py for the words; "
            "the share lies between 0 and 1 or is null where it is not known, as it is for what is to be reviewed."
        )
        raise ConfigurationError(message)
