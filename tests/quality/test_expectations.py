"""What is expected of a table follows from its contract alone."""

import subprocess
import sys

from costsieve.contracts import catalog
from costsieve.contracts.table import Column, Table
from costsieve.quality.check_files import check_files
from costsieve.quality.checks import CHECKED_TABLES
from costsieve.quality.expectations import Expectation, expectations_of

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


def test_check_names_are_unique_within_a_table() -> None:
    for table_name in CHECKED_TABLES:
        names = [expectation.check_name for expectation in expectations_of(catalog.BY_NAME[table_name])]
        names += [check.check_name for check in check_files(table_name)]
        assert len(names) == len(set(names))


def test_the_code_location_loads_without_the_framework() -> None:
    """Loading it must not pay for the import of Great Expectations."""
    program = "import sys, pipelines.definitions; print('great_expectations' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"
