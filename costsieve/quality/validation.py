"""Runs the checks of a table inside DuckDB and records them in quality.results. Blocking is the orchestrator's part."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import duckdb
import polars as pl

from costsieve.contracts import catalog
from costsieve.contracts.results import CHECKS
from costsieve.contracts.table import Table
from costsieve.quality.check_files import CheckFile, check_files
from costsieve.quality.checks import CheckName, CheckOutcome
from costsieve.quality.expectations import REMEDY, expectations_of
from costsieve.quality.observation import Observation, observe
from costsieve.warehouse import Connection, replace_frame

if TYPE_CHECKING:
    from costsieve.quality.duckdb_datasource import DuckDBDatasource


def validate(connection: Connection, table_name: str, as_of: date) -> list[CheckOutcome]:
    """Run the checks of one of CHECKED_TABLES and replace what quality.results says about them for this night.

    The connection must not be inside a transaction. A check that cannot run has failed: it says why instead of offending rows.
    """
    from costsieve.quality.duckdb_datasource import lend

    with lend(connection) as datasource:
        outcomes = _contract_outcomes(datasource, catalog.BY_NAME[table_name])
        outcomes += [_file_outcome(datasource, connection, check, as_of) for check in check_files(table_name)]
    _record(connection, outcomes, as_of)
    return outcomes


def _contract_outcomes(datasource: "DuckDBDatasource", table: Table) -> list[CheckOutcome]:
    from costsieve.quality.duckdb_datasource import batch_of
    from costsieve.quality.suites import suite_of

    observations = observe(batch_of(datasource, table.full_name), suite_of(table), table.key)
    return [
        _outcome(CheckName(table.full_name, expectation.check_name, "critical"), observations[expectation.check_name], REMEDY)
        for expectation in expectations_of(table)
    ]


def _file_outcome(datasource: "DuckDBDatasource", connection: Connection, check: CheckFile, as_of: date) -> CheckOutcome:
    from costsieve.quality.duckdb_datasource import batch_of
    from costsieve.quality.suites import suite_of_check

    name = CheckName(check.table, check.check_name, check.severity)
    try:
        with _offending_rows(connection, check, as_of) as relation:
            observation = observe(batch_of(datasource, relation), suite_of_check(check), key=())[check.check_name]
    except duckdb.Error as error:
        observation = Observation(is_passed=False, seen=f"could not be checked: {str(error).splitlines()[0]}")
    return _outcome(name, observation, f"{check.title}. {check.remedy}")


@contextmanager
def _offending_rows(connection: Connection, check: CheckFile, as_of: date) -> Iterator[str]:
    """Put the rows that a check selects into a temporary table: the framework binds no parameters, DuckDB does."""
    parameters = {"as_of": as_of} if "$as_of" in check.sql else None
    relation = f"rows_against_{check.check_name}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {check.sql}", parameters)
    try:
        yield relation
    finally:
        connection.execute(f"DROP TABLE {relation}")


def _outcome(name: CheckName, observation: Observation, remedy: str) -> CheckOutcome:
    observed = observation.seen if observation.is_passed else f"{observation.seen}. {remedy}"
    return CheckOutcome(name.table_name, name.check_name, name.severity, observation.is_passed, observed)


def _record(connection: Connection, outcomes: Sequence[CheckOutcome], as_of: date) -> None:
    """Replace the rows of the checked table, all or none."""
    rows = pl.DataFrame([{"as_of": as_of, **asdict(outcome)} for outcome in outcomes], schema=CHECKS.polars_schema())
    connection.begin()
    try:
        for (table_name,), of_table in rows.group_by("table_name"):
            replace_frame(connection, CHECKS, of_table, where={"as_of": as_of, "table_name": table_name})
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
