"""Blocking checks between the layers: one per contract, one per folder of sql/quality. They are judged in costsieve.quality."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg
import polars as pl

from assets.metadata import markdown_table, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import results
from costsieve.core.roll_up import forget_roll_ups
from costsieve.quality.check_files import check_files
from costsieve.quality.checks import CHECKED_TABLES, CheckOutcome
from costsieve.quality.validation import validate

_CONTRACT = "contract_holds"
_ROLLED_UP = ("core.daily_cost", "core.hourly_usage")


def _table_checks(table_name: str) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{table_name.replace('.', '_')}_checks",
        specs=_specs(table_name),
        description=f"What must hold of {table_name}.",
    )
    def checks(context: dg.AssetCheckExecutionContext, installation: Installation) -> Iterator[dg.AssetCheckResult]:
        with installation.warehouse.connect() as connection:
            outcomes = validate(connection, table_name, as_of(context))
            if table_name in _ROLLED_UP and any(outcome.severity == "critical" and not outcome.is_passed for outcome in outcomes):
                forget_roll_ups(connection)
        yield from _results(table_name, outcomes)

    return checks


def _specs(table_name: str) -> list[dg.AssetCheckSpec]:
    asset = table_name.split(".")
    contract = dg.AssetCheckSpec(_CONTRACT, asset=asset, blocking=True, description="Columns, nulls, allowed values, key.")
    return [
        contract,
        *(
            dg.AssetCheckSpec(check.check_name, asset=asset, blocking=check.severity == "critical", description=check.title)
            for check in check_files(table_name)
        ),
    ]


def _results(table_name: str, outcomes: Sequence[CheckOutcome]) -> Iterator[dg.AssetCheckResult]:
    named = {check.check_name for check in check_files(table_name)}
    promises = [outcome for outcome in outcomes if outcome.check_name not in named]
    broken = [f"{promise.check_name}: {promise.observed}" for promise in promises if not promise.is_passed]
    yield dg.AssetCheckResult(
        asset_key=table_name.split("."),
        check_name=_CONTRACT,
        passed=not broken,
        metadata={"observed": "; ".join(broken) or f"{len(promises)} promises hold", "promises": dg.MetadataValue.md(_table(promises))},
    )
    for outcome in outcomes:
        if outcome.check_name in named:
            yield _result(outcome)


def _table(promises: Sequence[CheckOutcome]) -> str:
    return markdown_table(pl.DataFrame([{"promise": p.check_name, "holds": p.is_passed, "observed": p.observed} for p in promises]))


def _result(outcome: CheckOutcome) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if outcome.severity == "critical" else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=outcome.table_name.split("."),
        check_name=outcome.check_name,
        passed=outcome.is_passed,
        severity=severity,
        metadata={"observed": outcome.observed},
    )


@dg.asset(
    key=["quality", "results"],
    deps=[["core", "daily_cost"], ["core", "hourly_usage"], ["core", "resource_costs"], ["usage", "resource_day"], ["usage", "resources"]],
    group_name="quality",
    kinds={"duckdb", "greatexpectations"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
    description=results.CHECKS.description,
)
def quality_results(installation: Installation) -> dg.MaterializeResult[Any]:
    """The outcomes of all checks; findings start only behind it."""
    with installation.warehouse.connect() as connection:
        return table_result(connection, results.CHECKS)


QUALITY = [quality_results]
CHECKS = [_table_checks(table_name) for table_name in CHECKED_TABLES]
