"""Whose cost the sample night is: every table adds up to the same total, untagged and not split in plain sight.

Usage of 1824.05: vision 1060.00, serving 480.00, data 200.00, platform 50.00, untagged 24.00 + 10.05 = 34.05.
The tax of 91.20 is split by cost: vision 91.20 x 1060 / 1824.05 = 52.998..., serving 23.999..., data 9.999..., platform 2.499...,
untagged 1.702...; the largest remainders get the missing cents, so that they add up to 91.20.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from costsieve.contracts import results
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.period import Window
from costsieve.reports.allocation import OTHER_POOLS, read_allocation
from costsieve.reports.report_allocation import Allocation, DimensionCosts, UnsplitPool, ValueCost, cut
from costsieve.reports.summary import read_report
from tests.reports import sample_night as sample


@pytest.fixture
def found() -> Allocation:
    allocation = sample.sample_report().currencies[0].allocation
    assert allocation is not None
    return allocation


@pytest.fixture
def teams(found: Allocation) -> DimensionCosts:
    return found.dimensions[0]


def test_teams_own_their_usage_and_their_part_of_the_tax(teams: DimensionCosts) -> None:
    assert teams.pools == ("tax",)
    assert [(row.value, str(row.direct), str(row.shared_total)) for row in teams.values] == [
        ("vision", "1060.00", "53.00"),
        ("serving", "480.00", "24.00"),
        ("data", "200.00", "10.00"),
        ("platform", "50.00", "2.50"),
        (None, "34.05", "1.70"),
    ]


def test_what_no_key_splits_is_nobodys(teams: DimensionCosts) -> None:
    assert teams.not_split == (UnsplitPool("credit", Decimal("-30.00")),)


def test_every_dimension_adds_up_to_the_net_total_of_the_spend(found: Allocation) -> None:
    assert {dimension.dimension: dimension.total for dimension in found.dimensions} == dict.fromkeys(results.DIMENSIONS, sample.NET_TOTAL)
    assert found.window == Window(date(2026, 9, 1), sample.AS_OF)


def test_savings_by_team_add_up_to_the_plan(teams: DimensionCosts) -> None:
    savings = {value.value: value.net_savings for value in teams.values}

    assert (savings["vision"], savings[None]) == (Decimal("960.00"), Decimal("60.00"))
    assert sum(savings.values()) == sample.NET_SAVINGS


def test_a_team_without_cost_that_can_still_save_has_its_row() -> None:
    connection = sample.sample_night()
    sample.insert(connection, results.PLAN, sample.step(5, "7.00", team="speech"))

    allocation = read_report(connection, sample.AS_OF).currencies[0].allocation

    assert allocation is not None
    values = {value.value: value for value in allocation.dimensions[0].values}
    assert (values["speech"].total, values["speech"].net_savings) == (Decimal("0.00"), Decimal("7.00"))
    assert list(values)[-1] is None


def test_untagged_usage_is_listed_by_account_and_service(teams: DimensionCosts) -> None:
    assert [(row.account, row.service, row.untagged_cost, row.usage_cost) for row in teams.untagged] == [
        (sample.ACCOUNT, "AmazonEC2", Decimal("24.00"), Decimal("1614.00")),
        (sample.ACCOUNT, "AWSDataTransfer", Decimal("10.05"), Decimal("10.05")),
    ]


def test_the_tagged_share_is_of_usage(found: Allocation) -> None:
    shares = {dimension.dimension: dimension.tagged_share for dimension in found.dimensions}

    assert shares["team"] == Decimal("1790.00") / Decimal("1824.05")
    assert shares["owner"] == 0


def test_a_dimension_without_any_value_says_so(found: Allocation) -> None:
    assert {dimension.dimension: dimension.is_used for dimension in found.dimensions} == {
        "team": True,
        "project": True,
        "environment": False,
        "owner": False,
        "cost_center": False,
    }


def test_thirds_of_a_cent_give_every_dimension_the_same_totals() -> None:
    connection = sample.empty_night()
    day = sample.AS_OF - timedelta(days=1)
    tags = [{"x_team": "a", "x_project": "x"}, {"x_team": "b", "x_project": "x"}, {"x_team": "c", "x_project": "y"}]
    taxes = {"x_pool": "tax", "ChargeCategory": "Tax"}
    rows = [sample.charge(day, "3.333333333333", **tag) for tag in tags]
    sample.insert(connection, DAILY_COST, *rows, sample.charge(day, "1.006", **taxes))
    sample.add_allocation(connection)

    teams, projects, *_ = read_allocation(connection, sample.AS_OF)["USD"].dimensions

    assert [sum(value.direct for value in found.values) for found in (teams, projects)] == [Decimal("10.00")] * 2
    assert [sum(value.shared_total for value in found.values) for found in (teams, projects)] == [Decimal("1.01")] * 2


def test_more_pools_than_columns_share_the_last_one() -> None:
    connection = sample.empty_night()
    key = {"as_of": sample.AS_OF, "period": "last_30_days", "window_start": date(2026, 9, 1), "window_end": sample.AS_OF, "currency": "USD"}
    pools = [{"value": "vision", "share": "shared", "pool": f"pool-{number}", "cost": Decimal(number)} for number in range(1, 7)]
    rows = [{**key, "dimension": dimension, **pool} for dimension in results.DIMENSIONS for pool in pools]
    sample.insert(connection, results.ALLOCATED_COSTS, *rows)

    teams = read_allocation(connection, sample.AS_OF)["USD"].dimensions[0]

    assert teams.pools == ("pool-6", "pool-5", "pool-4", "pool-3", OTHER_POOLS)
    assert teams.values[0].shared == (Decimal(6), Decimal(5), Decimal(4), Decimal(3), Decimal(3))


@pytest.mark.parametrize(("count", "shown", "rest"), [(2, 2, 0), (3, 3, 0), (4, 2, 2)])
def test_a_line_stands_for_two_values_or_more(count: int, shown: int, rest: int) -> None:
    named = [ValueCost(f"team-{number}", Decimal(1), ()) for number in range(count)]

    assert [len(part) for part in cut([*named, ValueCost(None, Decimal(1), ())], 2)] == [shown, rest]
