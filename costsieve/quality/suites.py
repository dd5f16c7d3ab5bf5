"""From a table's contract to a Great Expectations suite: generated, never written by hand. Suites are run in validation.

Importing this module imports great_expectations, which takes seconds: import it where it is used.
"""

from collections.abc import Callable, Mapping

import great_expectations as gx
import great_expectations.expectations as gxe
from great_expectations.expectations.metadata_types import FailureSeverity

from costsieve.contracts.table import Table
from costsieve.quality.check_files import CheckFile
from costsieve.quality.checks import Severity
from costsieve.quality.expectations import Expectation, Promise, expectations_of


def suite_of(table: Table) -> gx.ExpectationSuite:
    """Return what the contract of ``table`` promises; every promise is critical, and is named in its ``meta``."""
    return gx.ExpectationSuite(name=table.full_name, expectations=[_BUILDERS[e.promise](e) for e in expectations_of(table)])


def suite_of_check(check: CheckFile, severity: Severity) -> gx.ExpectationSuite:
    """Return the expectation that the rows which a check of sql/quality selected are none."""
    expectation = gxe.UnexpectedRowsExpectation(
        unexpected_rows_query="SELECT * FROM {batch}",
        description=check.title,
        severity=FailureSeverity(severity),
        meta={"check_name": check.check_name},
    )
    return gx.ExpectationSuite(name=check.check_name, expectations=[expectation])


def _columns(expectation: Expectation) -> gxe.Expectation:
    return gxe.ExpectTableColumnsToMatchSet(
        column_set=list(expectation.columns), exact_match=True, severity=FailureSeverity.CRITICAL, meta=_meta(expectation)
    )


def _not_null(expectation: Expectation) -> gxe.Expectation:
    return gxe.ExpectColumnValuesToNotBeNull(column=expectation.columns[0], severity=FailureSeverity.CRITICAL, meta=_meta(expectation))


def _allowed(expectation: Expectation) -> gxe.Expectation:
    return gxe.ExpectColumnValuesToBeInSet(
        column=expectation.columns[0], value_set=list(expectation.allowed), severity=FailureSeverity.CRITICAL, meta=_meta(expectation)
    )


def _unique(expectation: Expectation) -> gxe.Expectation:
    """Compare keys as GROUP BY does, where nulls are equal: the framework's own compound key joins on `=` and overlooks them."""
    key = ", ".join(f'"{column}"' for column in expectation.columns)
    query = f"SELECT {key}, count(*) AS row_count FROM {{batch}} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608 - names come from contracts
    return gxe.UnexpectedRowsExpectation(unexpected_rows_query=query, severity=FailureSeverity.CRITICAL, meta=_meta(expectation))


def _meta(expectation: Expectation) -> dict[str, str]:
    return {"check_name": expectation.check_name}


_BUILDERS: Mapping[Promise, Callable[[Expectation], gxe.Expectation]] = {
    "columns": _columns,
    "not_null": _not_null,
    "allowed": _allowed,
    "unique": _unique,
}
