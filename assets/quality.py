"""Blocking checks between the layers: one per contract, one per folder of sql/quality. They are judged in costsieve.quality."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from assets.metadata import markdown_table, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import quality as quality_contracts
from costsieve.core.roll_up import forget_roll_ups
from costsieve.quality.check_files import CheckFile, check_files
from costsieve.quality.checks import CHECKED_TABLES, CheckOutcome
from costsieve.quality.expectations import REMEDY
from costsieve.quality.reconciliation import compare_invoices, reconcile
from costsieve.quality.validation import validate

_CONTRACT = "contract_holds"
_ROLLED_UP = ("core.daily_cost", "core.hourly_usage", "quality.reconciliation")


def _table_checks(table_name: str) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{table_name.replace('.', '_')}_checks",
        specs=_specs(table_name),
        description=f"What must hold of {table_name}.",
    )
    def checks(context: dg.AssetCheckExecutionContext, installation: Installation) -> Iterator[dg.AssetCheckResult]:
        night = as_of(context)
        data_docs = installation.home.data_docs / night.isoformat()
        with installation.warehouse.connect() as connection:
            outcomes = validate(connection, table_name, night, installation.settings, data_docs)
            if table_name in _ROLLED_UP and any(outcome.is_blocking for outcome in outcomes):
                forget_roll_ups(connection)
        yield from _results(table_name, outcomes, data_docs / f"{table_name}.html")

    return checks


def _specs(table_name: str) -> list[dg.AssetCheckSpec]:
    """Every check may block: the configuration decides by night which do, and a failed warning lets the night go on."""
    asset = table_name.split(".")
    contract = dg.AssetCheckSpec(_CONTRACT, asset=asset, blocking=True, description="Columns, nulls, allowed values, key.")
    return [
        contract,
        *(
            dg.AssetCheckSpec(check.check_name, asset=asset, blocking=True, description=check.title, metadata=_thresholds(check))
            for check in check_files(table_name)
        ),
    ]


def _thresholds(check: CheckFile) -> dict[str, str]:
    return {name: f"{parameter.value} {parameter.unit}: {parameter.why}" for name, parameter in check.params.items()}


def _results(table_name: str, outcomes: Sequence[CheckOutcome], data_docs: Path) -> Iterator[dg.AssetCheckResult]:
    by_name = {outcome.name.check_name: outcome for outcome in outcomes}
    checks = [check.check_name for check in check_files(table_name)]
    promises = [outcome for name, outcome in by_name.items() if name not in checks]
    broken = [promise for promise in promises if not promise.is_passed]
    yield dg.AssetCheckResult(
        asset_key=table_name.split("."),
        check_name=_CONTRACT,
        passed=not broken,
        metadata={
            "observed": "; ".join(f"{each.name.check_name}: {each.seen}" for each in broken) or f"{len(promises)} promises hold",
            "title": "The table is as its contract says",
            "remedy": REMEDY,
            "promises": dg.MetadataValue.md(_table(promises)),
            "data docs": dg.MetadataValue.path(str(data_docs)),
        },
    )
    for name in checks:
        yield _result(by_name[name], data_docs) if name in by_name else _switched_off(table_name, name)


def _table(promises: Sequence[CheckOutcome]) -> str:
    return markdown_table(pl.DataFrame([{"promise": p.name.check_name, "holds": p.is_passed, "observed": p.seen} for p in promises]))


def _result(outcome: CheckOutcome, data_docs: Path) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.ERROR if outcome.name.severity == "critical" else dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        asset_key=outcome.name.table_name.split("."),
        check_name=outcome.name.check_name,
        passed=outcome.is_passed,
        severity=severity,
        metadata={
            "observed": outcome.seen,
            "title": outcome.name.title,
            "remedy": outcome.name.remedy,
            "data docs": dg.MetadataValue.path(str(data_docs)),
        },
    )


def _switched_off(table_name: str, check_name: str) -> dg.AssetCheckResult:
    """The orchestrator wants an answer for every check; quality.results has none for this one."""
    return dg.AssetCheckResult(
        asset_key=table_name.split("."), check_name=check_name, passed=True, metadata={"observed": "switched off in costsieve.yaml"}
    )


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["quality", table.name],
            deps=[["core", "daily_cost"]],
            description=table.description,
            kinds={"duckdb", "sql"},
            owners=["team:finops"],
        )
        for table in (quality_contracts.RECONCILIATION, quality_contracts.INVOICES)
    ],
    name="reconciled",
    group_name="quality",
    partitions_def=NIGHTS,
)
def reconciled(installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Delivered files, charges, daily costs and given invoices side by side."""
    with installation.warehouse.transaction() as connection:
        reconcile(connection)
        compare_invoices(connection, installation.settings.invoices)
        for table in (quality_contracts.RECONCILIATION, quality_contracts.INVOICES):
            yield table_result(connection, table)


@dg.asset(
    key=["quality", "results"],
    deps=[
        ["meta", "source_reads"],
        ["core", "daily_cost"],
        ["core", "hourly_usage"],
        ["core", "resource_costs"],
        ["usage", "resource_day"],
        ["usage", "resources"],
        ["usage", "resource_charges"],
        ["quality", "reconciliation"],
        ["quality", "invoices"],
    ],
    group_name="quality",
    kinds={"duckdb", "greatexpectations"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
    description=quality_contracts.CHECKS.description,
)
def quality_results(installation: Installation) -> dg.MaterializeResult[Any]:
    """The outcomes of all checks; findings start only behind it."""
    with installation.warehouse.connect() as connection:
        return table_result(connection, quality_contracts.CHECKS)


QUALITY = [reconciled, quality_results]
CHECKS = [_table_checks(table_name) for table_name in CHECKED_TABLES]

SOURCES_STEP = "meta__source_reads"
"""The step behind which it is known how every source was read."""

CHECKED_BY = {f"{table_name.replace('.', '_')}_checks": table_name for table_name in CHECKED_TABLES}
"""The steps of the checks, by the table that they check."""
