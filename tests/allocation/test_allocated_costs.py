"""Whose cost a small bill is: from roll-ups to results, every dimension and currency adding up."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.allocation.allocated_costs import allocate_costs, measure_tag_coverage
from costsieve.allocation_settings import SharedCost
from costsieve.cli.allocation import by_value
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.settings import Allocation
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, Warehouse, query
from tests.sql.conftest import insert

AS_OF = date(2026, 10, 1)
CHARGE = {
    "x_source": "org-bill",
    "x_period": "2026-09",
    "ProviderName": "AWS",
    "BillingAccountId": "111122223333",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-09-01",
    "usage_date": "2026-09-30",
    "ServiceName": "AmazonEC2",
    "x_pool": "usage",
}


@pytest.fixture
def connection(warehouse: Warehouse) -> Iterator[Connection]:
    with warehouse.connect() as opened:
        columns = ", ".join(f'"{column.name}" {column.type}' for column in DAILY_COST.columns)
        opened.execute(f"CREATE OR REPLACE TABLE core.daily_cost ({columns})")
        yield opened


def charge(connection: Connection, cost: str, **columns: Any) -> None:  # noqa: ANN401 - any column
    insert(connection, "core.daily_cost", [{**CHARGE, "x_net_effective_cost": Decimal(cost), "ContractedCost": Decimal(cost), **columns}])


def test_every_dimension_and_currency_adds_up_to_all_cost(connection: Connection) -> None:
    charge(connection, "10.01", x_team="vision", x_owner="ada", PricingCategory="Committed")
    charge(connection, "3.33", x_team="speech")
    charge(connection, "1")
    charge(connection, "0.07", x_pool="unused_commitment")
    charge(connection, "1.01", x_pool="tax", usage_date="2026-09-01")
    charge(connection, "-0.5", x_pool="credit")
    charge(connection, "2", BillingCurrency="EUR", x_team="vision")
    charge(connection, "1", BillingCurrency="EUR", BillingAccountId="999988887777", x_pool="tax")
    allocate_costs(connection, AS_OF, Allocation())
    totals = connection.sql("SELECT DISTINCT period, currency, sum(cost) FROM results.allocated_costs GROUP BY period, dimension, currency")
    assert sorted(totals.fetchall()) == [
        ("billing_month", "EUR", Decimal(3)),
        ("billing_month", "USD", Decimal("14.92")),
        ("last_30_days", "EUR", Decimal(3)),
        ("last_30_days", "USD", Decimal("14.92")),
    ]
    assert connection.execute(statement("quality/allocated_costs_add_up/check.sql"), {"as_of": AS_OF}).fetchall() == []


def test_nobody_pays_for_the_commitments_of_another_payer(connection: Connection) -> None:
    charge(connection, "10", x_team="vision", PricingCategory="Committed")
    charge(connection, "4", x_pool="unused_commitment", BillingAccountId="999988887777")
    charge(connection, "2", x_pool="unused_commitment")
    allocate_costs(connection, AS_OF, Allocation())
    assert shares(connection, "unused_commitment") == {("vision", "shared"): Decimal(2), (None, "not split"): Decimal(4)}


def test_traffic_that_everybody_shares_is_split_where_it_is_configured(connection: Connection) -> None:
    charge(connection, "3", x_team="vision", x_usage_type="BoxUsage:m5.large")
    charge(connection, "1", x_team="speech", x_usage_type="BoxUsage:m5.large")
    charge(connection, "8", x_team="network", x_usage_type="NatGateway-Bytes")
    nat = SharedCost(name="nat", service="AmazonEC2", usage_type="NatGateway")
    allocate_costs(connection, AS_OF, Allocation(shared=(nat,)))
    assert shares(connection, "nat") == {("vision", "shared"): Decimal(6), ("speech", "shared"): Decimal(2)}
    allocate_costs(connection, AS_OF, Allocation())
    assert shares(connection, "usage")["network", "direct"] == 8


def test_hostile_values_are_allocated_exactly_as_they_are(connection: Connection) -> None:
    values = ["x" * 10_240, 'O\'Brien "and" sons', "<script>", "a\x01b\u202e"]
    for value in values:
        charge(connection, "1", x_team=value)
    charge(connection, "4", x_pool="tax")
    allocate_costs(connection, AS_OF, Allocation())
    assert shares(connection, "tax") == {(value, "shared"): Decimal(1) for value in values}


def test_twenty_thousand_values_share_to_the_last_decimal(connection: Connection) -> None:
    charge(connection, "0.333333333333")
    many = "SELECT daily_cost.* REPLACE ('team ' || n AS x_team) FROM core.daily_cost, range(20000) AS many (n)"
    connection.execute(f"INSERT INTO core.daily_cost {many}")
    charge(connection, "1000", x_pool="tax")
    allocate_costs(connection, AS_OF, Allocation())
    assert sum(shares(connection, "tax").values()) == 1000
    assert connection.execute(statement("quality/allocated_costs_add_up/check.sql"), {"as_of": AS_OF}).fetchall() == []


def test_a_night_without_bills_allocates_nothing(connection: Connection) -> None:
    assert allocate_costs(connection, AS_OF, Allocation()) == 0
    assert measure_tag_coverage(connection, AS_OF) == 0


def test_a_second_run_replaces_the_first(connection: Connection) -> None:
    charge(connection, "1", x_team="vision")
    for _ in range(2):
        allocate_costs(connection, AS_OF, Allocation())
        measure_tag_coverage(connection, AS_OF)
    assert connection.sql("SELECT count(*) FROM results.allocated_costs").fetchall() == [(10,)]
    assert connection.sql("SELECT count(*) FROM results.tag_coverage").fetchall() == [(5,)]


def test_coverage_and_untagged_spend_are_told_by_dimension_and_account(connection: Connection) -> None:
    charge(connection, "6", x_team="vision", SubAccountId="1")
    charge(connection, "2", SubAccountId="1", ServiceName="AmazonS3")
    measure_tag_coverage(connection, AS_OF)
    coverage = query(connection, statement("reports/tag_coverage.sql"), {"as_of": AS_OF}).to_dicts()
    assert [row["tagged_share"] for row in coverage if row["dimension"] == "team"] == [0.75]
    (row,) = query(connection, statement("reports/untagged_spend.sql"), {"dimension": "team"}).to_dicts()
    assert (row["account_id"], row["service"], row["untagged_cost"], row["untagged_percent"]) == ("1", "AmazonS3", Decimal(2), 100)


def test_the_command_shows_a_column_for_each_pool_and_a_line_for_what_is_not_split(connection: Connection) -> None:
    charge(connection, "6", x_team="vision")
    charge(connection, "2")
    charge(connection, "4", x_pool="tax")
    charge(connection, "1", x_pool="fee")
    allocate_costs(connection, AS_OF, Allocation())
    found = query(connection, statement("reports/allocated_costs.sql"), {"dimension": "team", "period": "last_30_days"})
    assert by_value(found, "team").rows() == [
        ("USD", "vision", Decimal(6), Decimal(3), Decimal(9)),
        ("USD", "(untagged)", Decimal(2), Decimal(1), Decimal(3)),
        ("USD", "not split: fee", Decimal(1), Decimal(0), Decimal(1)),
    ]


def shares(connection: Connection, pool: str) -> dict[tuple[str | None, str], Decimal]:
    rows = connection.execute(
        "SELECT value, share, cost FROM results.allocated_costs WHERE pool = ? AND dimension = 'team' AND period = 'last_30_days'", [pool]
    ).fetchall()
    return {(value, share): cost for value, share, cost in rows}
