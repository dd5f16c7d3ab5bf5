"""Pods take over what they used of their node: hand-worked on one node that costs 9.60 a day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from costsieve.allocation.allocated_costs import allocate_costs
from costsieve.allocation_settings import SharedCost
from costsieve.core.container_costs import compute_container_costs
from costsieve.core.roll_up import roll_up_changes
from costsieve.settings import Allocation
from tests.core.bills import CUR_ROW
from tests.core.conftest import Lake

AS_OF = date(2026, 10, 1)
POD = "arn:aws:eks:us-east-1:444455556666:pod/training/{namespace}/{pod}/4711"
SPLIT_COLUMNS = """
    , NULL::VARCHAR AS line_item_operation, NULL::VARCHAR AS split_line_item_parent_resource_id
    , NULL::DOUBLE AS split_line_item_split_cost, NULL::DOUBLE AS split_line_item_unused_cost, MAP {} AS resource_tags
"""


def node(cost: float, team: str = "platform", usage_type: str = "USW2-BoxUsage:m5.large") -> str:
    tags = f"MAP {{'user_team': '{team}'}} AS resource_tags, '{usage_type}' AS line_item_usage_type"
    return f"SELECT * REPLACE ({cost}::DOUBLE AS line_item_unblended_cost, {tags}) FROM (SELECT *{SPLIT_COLUMNS} FROM ({CUR_ROW}))"


def pod(team: str | None, split_cost: float, unused_cost: float, parent: str = "i-1") -> str:
    tags = f"MAP {{'user_team': '{team}'}}" if team else "MAP {}"
    return f"""
        SELECT * REPLACE (0::DOUBLE AS line_item_unblended_cost, 'EKSPod-EC2' AS line_item_operation,
            '{POD.format(namespace=team or "default", pod="p")}' AS line_item_resource_id, '{parent}' AS split_line_item_parent_resource_id,
            {split_cost}::DOUBLE AS split_line_item_split_cost, {unused_cost}::DOUBLE AS split_line_item_unused_cost,
            {tags} AS resource_tags,
            'USW2-EKS-EC2-vCPU-Hours' AS line_item_usage_type)
        FROM (SELECT *{SPLIT_COLUMNS} FROM ({CUR_ROW}))
    """


@pytest.fixture
def roll(lake: Lake) -> Any:  # noqa: ANN401 - a function
    def rolled(*rows: str) -> dict[tuple[str, str | None], Decimal]:
        lake.land(" UNION ALL BY NAME ".join(rows), "2026-09")
        lake.create_views()
        roll_up_changes(lake.connection, Allocation())
        compute_container_costs(lake.connection, AS_OF)
        found = lake.connection.sql("SELECT role, x_team, sum(cost) FROM core.container_costs GROUP BY ALL").fetchall()
        assert lake.connection.sql("SELECT coalesce(sum(cost), 0) FROM core.container_costs").fetchall() == [(0,)]
        return {(role, team): cost for role, team, cost in found}

    return rolled


def test_pods_take_over_the_whole_node_and_leave_apart_what_nobody_used(roll: Any) -> None:  # noqa: ANN401
    assert roll(node(9.6), pod("vision", 4.8, 1.2), pod("speech", 2.4, 1.2)) == {
        ("container", "vision"): Decimal("4.8"),
        ("container", "speech"): Decimal("2.4"),
        ("idle", "vision"): Decimal("1.2"),
        ("idle", "speech"): Decimal("1.2"),
        ("instance", "platform"): Decimal("-9.6"),
    }


def test_what_the_split_does_not_explain_stays_with_the_node(roll: Any) -> None:  # noqa: ANN401
    assert roll(node(9.6), pod("vision", 4.8, 0)) == {("container", "vision"): Decimal("4.8"), ("instance", "platform"): Decimal("-4.8")}


def test_claims_above_the_cost_of_the_node_share_it_in_proportion(roll: Any) -> None:  # noqa: ANN401
    """Claims of 2 : 1 : 1 on a node of 1 unit: a half and two quarters."""
    assert roll(node(1), pod("vision", 2, 0), pod("speech", 1, 1)) == {
        ("container", "vision"): Decimal("0.5"),
        ("container", "speech"): Decimal("0.25"),
        ("idle", "speech"): Decimal("0.25"),
        ("instance", "platform"): Decimal(-1),
    }


def test_a_node_that_changed_its_team_gives_in_proportion(roll: Any) -> None:  # noqa: ANN401
    assert roll(node(6), node(2, team="ops"), pod("vision", 4, 0)) == {
        ("container", "vision"): Decimal(4),
        ("instance", "platform"): Decimal(-3),
        ("instance", "ops"): Decimal(-1),
    }


def test_only_the_instance_itself_is_shared_not_its_traffic(roll: Any) -> None:  # noqa: ANN401
    assert roll(node(2), node(5, usage_type="USW2-DataTransfer-Out-Bytes"), pod("vision", 4, 0)) == {
        ("container", "vision"): Decimal(2),
        ("instance", "platform"): Decimal(-2),
    }


@pytest.mark.parametrize(
    "rows", [(pod("vision", 4, 1),), (node(0), pod("vision", 4, 1)), (node(3), pod("vision", 4, 1, "i-2")), (node(3),)]
)
def test_nothing_passes_without_a_node_that_costs_something(roll: Any, rows: tuple[str, ...]) -> None:  # noqa: ANN401
    assert roll(*rows) == {}


def test_split_rows_are_in_no_total(lake: Lake) -> None:
    lake.land(" UNION ALL BY NAME ".join([node(9.6), pod("vision", 4.8, 1.2)]), "2026-09")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    assert lake.connection.sql("SELECT sum(BilledCost), sum(x_net_effective_cost), count(*) FROM core.daily_cost").fetchall() == [
        (Decimal("9.6"), Decimal("9.6"), 1)
    ]
    split_cost = "SELECT namespace, parent_resource_id, x_team, net_split_cost, net_unused_cost FROM core.split_costs"
    assert lake.connection.sql(split_cost).fetchall() == [("vision", "i-1", "vision", Decimal("4.8"), Decimal("1.2"))]


def test_a_bill_without_split_columns_is_not_read_for_them(lake: Lake) -> None:
    lake.land(CUR_ROW, "2026-09")
    lake.create_views()
    (plan,) = lake.connection.execute("EXPLAIN SELECT * FROM core.split_line_items").fetchall()
    assert "Parquet" not in plan[1], plan[1]


def test_a_restated_month_replaces_its_split_costs(lake: Lake) -> None:
    for version, cost in (("v1", 4.8), ("v2", 3.6)):
        lake.land(" UNION ALL BY NAME ".join([node(9.6), pod("vision", cost, 0)]), "2026-09", version)
        lake.create_views()
        roll_up_changes(lake.connection, Allocation())
    assert lake.connection.sql("SELECT split_cost FROM core.split_costs").fetchall() == [(Decimal("3.6"),)]


def test_the_allocation_gives_a_node_to_the_teams_of_its_pods(lake: Lake) -> None:
    """A node of 10: 6 to vision, 2 to speech, 1 idle, 1 unexplained and so the node's own; the idle unit is split 6 : 2 : 1."""
    lake.land(" UNION ALL BY NAME ".join([node(10), pod("vision", 6, 0.5), pod("speech", 2, 0.5)]), "2026-09")
    lake.create_views()
    roll_up_changes(lake.connection, Allocation())
    compute_container_costs(lake.connection, AS_OF)
    allocate_costs(lake.connection, AS_OF, Allocation(shared=(SharedCost(idle_cluster=True),)))
    found = lake.connection.sql(
        "SELECT value, share, cost FROM results.allocated_costs WHERE dimension = 'team' AND period = 'billing_month' ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("platform", "direct", Decimal(1)),
        ("platform", "shared", Decimal("0.111111111111")),
        ("speech", "direct", Decimal(2)),
        ("speech", "shared", Decimal("0.222222222222")),
        ("vision", "direct", Decimal(6)),
        ("vision", "shared", Decimal("0.666666666667")),
    ]
