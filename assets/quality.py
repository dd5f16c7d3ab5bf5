"""Blocking checks between the layers, one per expectation. What is expected is in costsieve.quality and sql/quality."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import results
from costsieve.core.roll_up import forget_roll_ups
from costsieve.quality.checks import CHECKED_TABLES, CheckName, CheckOutcome
from costsieve.quality.validation import check_names, validate

_ROLLED_UP = ("core.daily_cost", "core.hourly_usage")
_SEVERITIES = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def _table_checks(table_name: str) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{table_name.replace('.', '_')}_checks",
        specs=[_spec(check) for check in check_names(table_name)],
        description=f"What must hold of {table_name}.",
    )
    def checks(context: dg.AssetCheckExecutionContext, installation: Installation) -> Iterator[dg.AssetCheckResult]:
        with installation.warehouse.connect() as connection:
            outcomes = validate(connection, table_name, as_of(context))
            if table_name in _ROLLED_UP and any(outcome.severity == "critical" and not outcome.is_passed for outcome in outcomes):
                forget_roll_ups(connection)
        yield from (_result(outcome) for outcome in outcomes)

    return checks


def _spec(check: CheckName) -> dg.AssetCheckSpec:
    schema, name = check.table_name.split(".")
    return dg.AssetCheckSpec(check.check_name, asset=[schema, name], blocking=check.severity == "critical")


def _result(outcome: CheckOutcome) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=outcome.table_name.split("."),
        check_name=outcome.check_name,
        passed=outcome.is_passed,
        severity=_SEVERITIES[outcome.severity],
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
