"""Runs the checks of a table inside DuckDB and records them in quality.results. Blocking is the orchestrator's part."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from costsieve.contracts import catalog
from costsieve.contracts.quality import CHECKS
from costsieve.contracts.table import Table
from costsieve.quality.check_run import run_check
from costsieve.quality.checks import CheckName, CheckOutcome
from costsieve.quality.configured_checks import ConfiguredCheck, configured_checks
from costsieve.quality.expectations import REMEDY, expectations_of
from costsieve.quality.observation import Observation, Observed, observe
from costsieve.settings import Settings
from costsieve.warehouse import Connection, replace_frame

if TYPE_CHECKING:
    from costsieve.quality.duckdb_datasource import DuckDBDatasource

_DEFAULTS = Settings()


def validate(
    connection: Connection, table_name: str, as_of: date, settings: Settings = _DEFAULTS, data_docs: Path | None = None
) -> list[CheckOutcome]:
    """Run the checks of one of CHECKED_TABLES and replace what quality.results says about them for this night.

    ``data_docs`` is the folder of the night's Data Docs; None writes none. The connection must not be inside a transaction.
    A check that cannot run has failed: it says why instead of offending rows.
    Raises ConfigurationError for what costsieve.yaml says about checks and is wrong.
    """
    from costsieve.quality.duckdb_datasource import lend

    table = catalog.BY_NAME[table_name]
    checks = configured_checks(table_name, as_of, settings)
    with lend(connection) as datasource:
        promised = _observe_contract(datasource, table)
        runs = [run_check(datasource, connection, check) for check in checks]
    outcomes = _promise_outcomes(table, promised)
    outcomes += [_check_outcome(check, run.observation) for check, run in zip(checks, runs, strict=True)]
    _record(connection, table_name, outcomes, as_of)
    if data_docs:
        from costsieve.quality.data_docs import DocumentedTable, write_data_docs

        validated = [promised.validated, *(run.validated for run in runs if run.validated)]
        write_data_docs(connection, data_docs, DocumentedTable(table_name, outcomes, validated), as_of)
    return outcomes


def _observe_contract(datasource: "DuckDBDatasource", table: Table) -> Observed:
    from costsieve.quality.duckdb_datasource import batch_of
    from costsieve.quality.suites import suite_of

    return observe(batch_of(datasource, table.full_name), suite_of(table), table.key)


def _promise_outcomes(table: Table, observed: Observed) -> list[CheckOutcome]:
    return [
        _outcome(CheckName(table.full_name, each.check_name, "critical", each.title, REMEDY), observed.observations[each.check_name])
        for each in expectations_of(table)
    ]


def _check_outcome(configured: ConfiguredCheck, observation: Observation) -> CheckOutcome:
    check = configured.check
    return _outcome(CheckName(check.table, check.check_name, configured.severity, check.title, check.remedy), observation)


def _outcome(name: CheckName, observation: Observation) -> CheckOutcome:
    sample = json.dumps([dict(row) for row in observation.sample], default=str)
    return CheckOutcome(name, observation.is_passed, observation.seen, observation.offending_rows, sample)


def _row(outcome: CheckOutcome, as_of: date) -> dict[str, Any]:
    """Return the row of quality.results."""
    told = {
        "is_passed": outcome.is_passed,
        "observed": outcome.observed,
        "offending_rows": outcome.offending_rows,
        "sample": outcome.sample,
    }
    return {"as_of": as_of, **asdict(outcome.name), **told}


def _record(connection: Connection, table_name: str, outcomes: Sequence[CheckOutcome], as_of: date) -> None:
    """Replace the rows of the checked table, all or none."""
    rows = pl.DataFrame([_row(outcome, as_of) for outcome in outcomes], schema=CHECKS.polars_schema())
    connection.begin()
    try:
        replace_frame(connection, CHECKS, rows, where={"as_of": as_of, "table_name": table_name})
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
