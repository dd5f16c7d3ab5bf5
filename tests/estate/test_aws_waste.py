"""What is planted in the demo's AWS half is charged, listed and measured as the services do it. Whether rules find it: test_answer_key."""

from decimal import Decimal

import pytest

from costsieve.contracts.attributes import ATTRIBUTES
from costsieve.contracts.usage import INVENTORY, METRICS, UTILIZATION
from tests.estate.conftest import AwsEstate


def test_every_planted_resource_is_in_the_inventory_of_its_account(aws_estate: AwsEstate) -> None:
    listed = set(aws_estate.query("SELECT account_id, resource_id FROM inventory").iter_rows())

    assert {(answer.account_id, answer.resource_id) for answer in aws_estate.planted} <= listed


def test_savings_are_bounded_by_the_net_cost_of_the_last_month(aws_estate: AwsEstate) -> None:
    """A detached 2,000 GiB gp3 volume: 13 days of August and 17 of September at 0.08 USD, less 7 percent."""
    bound = {answer.resource_id: answer.monthly_savings_at_most for answer in aws_estate.planted if answer.expected == "finding"}
    volume = aws_estate.query("SELECT resource_id FROM inventory WHERE resource_name = 'imagenet-copy'").item()

    expected = Decimal(2000) * Decimal("0.08") * (Decimal(13) / 31 + Decimal(17) / 30) * Decimal("0.93")
    assert abs(Decimal(bound[volume] or 0) - expected) < Decimal("0.02")


def test_inventory_and_utilization_have_the_columns_of_their_contracts(aws_estate: AwsEstate) -> None:
    assert tuple(aws_estate.query("SELECT * FROM inventory").columns) == INVENTORY.column_names
    assert tuple(aws_estate.query("SELECT * FROM utilization").columns) == UTILIZATION.column_names
    assert set(aws_estate.query("SELECT DISTINCT metric FROM utilization").to_series()) <= set(METRICS)


def test_attributes_are_those_of_the_vocabulary(aws_estate: AwsEstate) -> None:
    told = aws_estate.query("SELECT DISTINCT resource_type, unnest(map_keys(attributes)) FROM inventory")

    assert {(kind, key) for kind, key in told.iter_rows() if kind not in ATTRIBUTES[key][0]} == set()


def test_a_resource_is_listed_once(aws_estate: AwsEstate) -> None:
    assert aws_estate.query("SELECT resource_id FROM inventory GROUP BY ALL HAVING count(*) > 1").is_empty()


def test_idle_machines_are_paid_for_in_three_ways(aws_estate: AwsEstate) -> None:
    idle = [answer.resource_id for answer in aws_estate.planted if answer.rule_id == "idle_vm" and answer.expected == "finding"]
    types = aws_estate.query(f"""
        SELECT DISTINCT line_item_line_item_type FROM bill
        WHERE line_item_resource_id IN {tuple(idle)} AND line_item_usage_start_date >= '2026-09-01'
    """)

    assert set(types.to_series()) == {"Usage", "DiscountedUsage", "SavingsPlanCoveredUsage"}


def test_a_detached_volume_stops_reporting_when_it_is_detached(aws_estate: AwsEstate) -> None:
    late = aws_estate.query(
        "SELECT 1 FROM utilization INNER JOIN inventory USING (resource_id) WHERE utilization.observed_at >= detached_at"
    )

    assert late.is_empty()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("licence-server", "no metric"),
        ("fresh-experiment", "too young"),
        ("edge-collector", "gaps"),
        ("partner-scoring", "no metric"),
        ("shared-workbench", "no activity signal"),
    ],
)
def test_some_resources_cannot_be_judged(aws_estate: AwsEstate, name: str, why: str) -> None:
    hours = aws_estate.query(f"""
        SELECT count(utilization.observed_at) FROM inventory LEFT JOIN utilization USING (resource_id)
        WHERE resource_name = '{name}' AND metric IS DISTINCT FROM 'network_bytes'
    """).item()

    assert hours < 0.9 * 60 * 24, why


def test_a_stopped_machine_is_listed_but_its_hours_are_not_charged(aws_estate: AwsEstate) -> None:
    charged = aws_estate.query("""
        SELECT DISTINCT line_item_usage_type FROM inventory INNER JOIN bill ON line_item_resource_id = resource_id
        WHERE resource_type = 'virtual_machine' AND state = 'stopped'
    """)

    assert charged.to_series().to_list() == ["USW2-SoftwareUsage:t3.large"]
