"""Runs one check of sql/quality: selects its offending rows and sets aside those that somebody accepted. Recording is in validation."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from costsieve.gate_settings import Accepted
from costsieve.quality.configured_checks import ConfiguredCheck
from costsieve.quality.observation import Observation, observe
from costsieve.warehouse import Connection

if TYPE_CHECKING:
    from great_expectations.core import ExpectationSuiteValidationResult

    from costsieve.quality.duckdb_datasource import DuckDBDatasource


@dataclass(frozen=True)
class CheckRun:
    """What a check saw; ``validated`` is the framework's result, None where the check could not run."""

    observation: Observation
    validated: "ExpectationSuiteValidationResult | None"


def run_check(datasource: "DuckDBDatasource", connection: Connection, check: ConfiguredCheck) -> CheckRun:
    """Run one check; one that cannot run has failed, and says why."""
    from costsieve.quality.duckdb_datasource import batch_of
    from costsieve.quality.suites import suite_of_check

    try:
        with _offending_rows(connection, check) as relation:
            accepted = [text for entry in check.accepted if (text := _set_aside(connection, check, entry, relation))]
            observed = observe(batch_of(datasource, relation), suite_of_check(check.check, check.severity), key=())
    except duckdb.Error as error:
        seen = f"could not be checked: {str(error).splitlines()[0]}"
        return CheckRun(Observation(is_passed=False, seen=seen, offending_rows=None), None)
    observation = observed.observations[check.check.check_name]
    return CheckRun(replace(observation, seen="; ".join([observation.seen, *accepted])), observed.validated)


@contextmanager
def _offending_rows(connection: Connection, check: ConfiguredCheck) -> Iterator[str]:
    """Put the rows that a check selects into a temporary table: the framework binds no parameters, DuckDB does."""
    relation = f"rows_against_{check.check.check_name}"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {relation} AS {check.check.sql}", dict(check.parameters) or None)
    try:
        yield relation
    finally:
        connection.execute(f"DROP TABLE {relation}")


def _set_aside(connection: Connection, check: ConfiguredCheck, accepted: Accepted, relation: str) -> str:
    """Take the rows out that an entry of `accepted` is about, and say so; nothing when there are none."""
    source, period = check.check.row_names
    condition, bound = f'"{source}" = $source', {"source": accepted.source}
    if accepted.period:
        condition += f' AND ("{period}" = $period OR starts_with("{period}", $period || \'-\'))'
        bound["period"] = accepted.period
    removed = connection.execute(f"DELETE FROM {relation} WHERE {condition}", bound).fetchone()  # noqa: S608 - names come from the check's own SELECT
    count = int(removed[0]) if removed else 0
    about = f"{accepted.source} {accepted.period or ''}".strip()
    return f"accepted: {count} row{'s' if count != 1 else ''} of {about} ({accepted.reason})" if count else ""
