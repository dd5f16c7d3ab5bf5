"""What is expected of a table follows from its contract alone."""

import subprocess
import sys

from costsieve.contracts.table import Column, Table
from costsieve.quality.checks import CHECKED_TABLES, CheckName
from costsieve.quality.expectations import Expectation, expectations_of
from costsieve.quality.validation import check_names

VOLUMES = Table(
    "core",
    "volumes",
    "Volumes.",
    "volume",
    (
        Column("SubAccountId", "VARCHAR", "Account"),
        Column("volume_id", "VARCHAR", "Id", nullable=False),
        Column("volume_type", "VARCHAR", "Type", allowed=("gp2", "gp3")),
    ),
    key=("SubAccountId", "volume_id"),
)


def test_a_contract_promises_its_columns_nulls_values_and_key() -> None:
    assert expectations_of(VOLUMES) == (
        Expectation("columns_are_those_of_the_contract", "columns", ("SubAccountId", "volume_id", "volume_type")),
        Expectation("volume_id_is_never_null", "not_null", ("volume_id",)),
        Expectation("volume_type_is_an_allowed_value", "allowed", ("volume_type",), ("gp2", "gp3")),
        Expectation("key_is_unique", "unique", ("SubAccountId", "volume_id")),
    )


def test_focus_names_become_snake_case() -> None:
    table = Table("core", "t", "", "", (Column("BillingAccountId", "VARCHAR", "", nullable=False),))
    assert expectations_of(table)[1].check_name == "billing_account_id_is_never_null"


def test_checks_of_a_table_are_contract_promises_and_sql_checks() -> None:
    names = check_names("core.daily_cost")
    assert CheckName("core.daily_cost", "usage_date_is_never_null", "critical") in names
    assert CheckName("core.daily_cost", "usage_is_fresh", "warning") in names


def test_check_names_are_unique_within_a_table() -> None:
    names = [(check.table_name, check.check_name) for table_name in CHECKED_TABLES for check in check_names(table_name)]
    assert len(names) == len(set(names))


def test_check_names_need_no_framework() -> None:
    """Loading the code location must not pay for the import of Great Expectations."""
    program = """
import sys
from costsieve.quality.validation import check_names
check_names('core.daily_cost')
print('great_expectations' in sys.modules)
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
