"""Validation of a table: what passes, what fails and what is remembered of it."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from costsieve.contracts.catalog import BY_NAME
from costsieve.gate_settings import Accepted
from costsieve.quality.check_files import check_files
from costsieve.quality.checks import CHECKED_TABLES, CheckOutcome
from costsieve.quality.expectations import expectations_of
from costsieve.quality.validation import validate
from costsieve.settings import Settings
from costsieve.source_settings import AwsCurSource
from costsieve.warehouse import Connection, Warehouse, query
from tests.quality.conftest import insert

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning"),  # Great Expectations 1.24 imports sre_constants
]
AS_OF = date(2026, 10, 1)
HOUR_ROW = {"provider": "AWS", "resource_id": "i-1", "metric": "cpu_percent", "usage_date": date(2026, 9, 30)}
DAY_ROW = {**HOUR_ROW, "hours_observed": 24, "average": 3.0, "maximum": 9.0}


def _outcome(outcomes: list[CheckOutcome], table_name: str, check_name: str) -> CheckOutcome:
    return next(outcome for outcome in outcomes if (outcome.name.table_name, outcome.name.check_name) == (table_name, check_name))


@pytest.fixture
def opened(warehouse: Warehouse) -> Iterator[Connection]:
    """The real work file, with the views that the usage stage would have made."""
    with warehouse.connect() as connection:
        connection.execute("CREATE VIEW usage.resource_hour AS SELECT * FROM usage.resource_day, (SELECT NULL::TIMESTAMP AS observed_at)")
        yield connection


@pytest.mark.parametrize("table_name", CHECKED_TABLES)
def test_an_empty_warehouse_passes_the_promises_of_its_contract_and_every_check_file(opened: Connection, table_name: str) -> None:
    outcomes = validate(opened, table_name, AS_OF)
    promises = [(promise.check_name, "critical") for promise in expectations_of(BY_NAME[table_name])]
    assert [(o.name.check_name, o.name.severity) for o in outcomes] == promises + [
        (check.check_name, check.severity) for check in check_files(table_name)
    ]
    assert [outcome for outcome in outcomes if not outcome.is_passed] == []


def test_a_null_is_told_with_the_key_of_its_row(connection: Connection) -> None:
    insert(connection, "usage.resource_day", [DAY_ROW, {**DAY_ROW, "resource_id": "i-2", "maximum": None}])
    outcome = _outcome(validate(connection, "usage.resource_day", AS_OF), "usage.resource_day", "maximum_is_never_null")
    assert outcome.name.severity == "critical"
    assert outcome.observed.startswith("1 offending row: ")
    assert "resource_id=i-2, metric=cpu_percent, usage_date=2026-09-30" in outcome.observed


def test_a_value_that_the_contract_does_not_allow_is_named(connection: Connection) -> None:
    insert(connection, "inventory.resources", [{"provider": "AWS", "resource_id": "i-1", "resource_type": "mainframe"}])
    outcome = _outcome(validate(connection, "inventory.resources", AS_OF), "inventory.resources", "resource_type_is_an_allowed_value")
    assert not outcome.is_passed
    assert "resource_type=mainframe" in outcome.observed


def test_keys_that_differ_in_nothing_but_null_are_no_two_keys(connection: Connection) -> None:
    """Null account ids are equal here, as in GROUP BY: two rows of one resource would be charged twice."""
    resource = {"ProviderName": "GCP", "SubAccountId": None, "ResourceId": "42", "BillingCurrency": "EUR"}
    insert(connection, "core.resource_costs", [resource, resource])
    outcome = _outcome(validate(connection, "core.resource_costs", AS_OF), "core.resource_costs", "key_is_unique")
    assert not outcome.is_passed
    assert "ProviderName=GCP, SubAccountId=null, ResourceId=42, BillingCurrency=EUR, row_count=2" in outcome.observed


def test_missing_columns_are_named_and_checks_on_them_fail_with_the_reason(connection: Connection) -> None:
    connection.execute("ALTER TABLE usage.resource_day DROP COLUMN average")
    outcomes = validate(connection, "usage.resource_day", AS_OF)
    columns = _outcome(outcomes, "usage.resource_day", "columns_are_those_of_the_contract")
    assert "missing columns: average" in columns.observed
    average = _outcome(outcomes, "usage.resource_day", "average_is_never_null")
    assert not average.is_passed
    assert average.observed.startswith("could not be checked: ")


def test_a_sql_check_shows_its_rows_and_what_to_do(connection: Connection) -> None:
    insert(connection, "core.daily_cost", [{"x_source": "org-bill", "x_pool": "usage", "usage_date": date(2026, 9, 20)}])
    outcome = _outcome(validate(connection, "core.daily_cost", AS_OF), "core.daily_cost", "usage_is_fresh")
    assert (outcome.name.severity, outcome.is_passed) == ("warning", False)
    assert "x_source=org-bill, latest_usage_date=2026-09-20, days_old=11" in outcome.observed
    assert "run the night again" in outcome.observed


def test_a_sql_check_that_cannot_run_has_failed(connection: Connection) -> None:
    connection.execute("DROP TABLE meta.load_totals")
    outcome = _outcome(validate(connection, "core.daily_cost", AS_OF), "core.daily_cost", "bills_have_charges")
    assert not outcome.is_passed
    assert "load_totals" in outcome.observed


def test_at_most_five_offending_rows_are_shown(connection: Connection) -> None:
    days = [{"x_source": "bill", "x_pool": "usage", "ResourceId": f"vol-{n}", "consumed_quantity": -n} for n in range(1, 9)]
    insert(connection, "core.daily_cost", days)
    outcome = _outcome(validate(connection, "core.daily_cost", AS_OF), "core.daily_cost", "usage_is_not_negative")
    assert outcome.observed.startswith("8 offending rows: ")
    assert outcome.observed.count("x_source=bill") == 5


def test_a_second_run_of_a_night_replaces_its_outcomes_and_keeps_other_nights(opened: Connection) -> None:
    validate(opened, "usage.resource_day", date(2026, 9, 30))
    validate(opened, "usage.resource_day", AS_OF)
    validate(opened, "usage.resource_day", AS_OF)
    nights = query(opened, "SELECT as_of, count(*) AS checks FROM quality.results GROUP BY as_of ORDER BY as_of").rows()
    expected = len(expectations_of(BY_NAME["usage.resource_day"])) + len(check_files("usage.resource_day"))
    assert nights == [(date(2026, 9, 30), expected), (AS_OF, expected)]


def test_a_table_leaves_the_outcomes_of_another_alone(opened: Connection) -> None:
    validate(opened, "core.daily_cost", AS_OF)
    validate(opened, "results.findings", AS_OF)
    tables = query(opened, "SELECT DISTINCT table_name FROM quality.results ORDER BY table_name")["table_name"].to_list()
    assert tables == ["core.daily_cost", "results.findings"]


def test_validation_leaves_the_connection_usable_and_no_table_behind(opened: Connection) -> None:
    before = opened.execute("SELECT count(*) FROM duckdb_tables()").fetchone()
    validate(opened, "results.findings", AS_OF)
    assert opened.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == before


HALVED = {"source": "org-bill", "period": "2026-09", "currency": "USD", "charge_type": "Usage"}
HALVED_CHECK = ("meta.source_reads", "period_total_is_not_halved")
BILL = AwsCurSource(name="org-bill", type="aws_cur", location="exports")


@pytest.fixture
def halved(connection: Connection) -> Connection:
    """September was published with 100 and is delivered with 40."""
    insert(connection, "meta.published_totals", [{**HALVED, "version": "v1", "billed_cost": 100, "row_count": 10}])
    insert(connection, "meta.loads", [{"source": "org-bill", "period": "2026-09", "version": "v2", "is_current": True}])
    insert(connection, "meta.load_totals", [{**HALVED, "version": "v2", "billed_cost": 40, "row_count": 10}])
    return connection


def test_a_halved_period_blocks_and_its_row_is_kept_with_title_remedy_and_count(halved: Connection) -> None:
    outcome = _outcome(validate(halved, HALVED_CHECK[0], AS_OF), *HALVED_CHECK)

    kept = query(halved, "SELECT * FROM quality.results WHERE check_name = 'period_total_is_not_halved'").row(0, named=True)
    assert outcome.is_blocking
    assert (kept["severity"], kept["is_passed"], kept["offending_rows"]) == ("critical", False, 1)
    assert json.loads(kept["sample"])[0]["published_cost"] == "100.00"
    assert "org-bill" in kept["observed"]
    assert kept["title"] == "No delivered period lost about half of its cost, or more"
    assert "under `accepted` with a reason" in kept["remedy"]


def test_a_drop_that_somebody_accepted_is_set_aside_and_said(halved: Connection) -> None:
    accepted = Accepted(check=HALVED_CHECK[1], source="org-bill", period="2026-09", reason="the research account left")
    settings = Settings(sources=(BILL,), accepted=(accepted,))

    outcome = _outcome(validate(halved, HALVED_CHECK[0], AS_OF, settings), *HALVED_CHECK)

    assert outcome.is_passed
    assert "accepted: 1 row of org-bill 2026-09 (the research account left)" in outcome.observed


def test_accepting_one_period_leaves_the_others_blocked(halved: Connection) -> None:
    accepted = Accepted(check=HALVED_CHECK[1], source="org-bill", period="2026-08", reason="the research account left")
    settings = Settings(sources=(BILL,), accepted=(accepted,))

    assert _outcome(validate(halved, HALVED_CHECK[0], AS_OF, settings), *HALVED_CHECK).is_blocking


def test_a_check_that_is_made_a_warning_does_not_block(halved: Connection) -> None:
    settings = Settings(checks={HALVED_CHECK[1]: {"severity": "warning"}})

    outcome = _outcome(validate(halved, HALVED_CHECK[0], AS_OF, settings), *HALVED_CHECK)

    assert (outcome.is_passed, outcome.name.severity, outcome.is_blocking) == (False, "warning", False)


def test_a_threshold_of_the_configuration_decides(halved: Connection) -> None:
    settings = Settings(checks={HALVED_CHECK[1]: {"max_drop_share": "0.7"}})

    assert _outcome(validate(halved, HALVED_CHECK[0], AS_OF, settings), *HALVED_CHECK).is_passed


def test_a_check_that_is_switched_off_leaves_no_result(halved: Connection) -> None:
    settings = Settings(checks={HALVED_CHECK[1]: {"severity": "off"}})

    outcomes = validate(halved, HALVED_CHECK[0], AS_OF, settings)

    assert HALVED_CHECK[1] not in [outcome.name.check_name for outcome in outcomes]
