"""Blocking checks between the layers, one per expectation. What is expected is in costsieve.quality and sql/quality."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import results
from costsieve.quality.validation import CheckName, CheckOutcome, check_names, validate

_SEVERITIES = {"critical": dg.AssetCheckSeverity.ERROR, "warning": dg.AssetCheckSeverity.WARN}


def _stage_checks(stage: str) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{stage}_checks", specs=[_spec(check) for check in check_names(stage)], description=f"Expectations on the tables of {stage}."
    )
    def checks(context: dg.AssetCheckExecutionContext, installation: Installation) -> Iterator[dg.AssetCheckResult]:
        with installation.warehouse.connect() as connection:
            outcomes = validate(connection, stage, as_of(context))
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
CHECKS = [_stage_checks(stage) for stage in ("core", "usage", "results")]
