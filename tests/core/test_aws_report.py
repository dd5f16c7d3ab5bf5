"""How the maps and flat columns of AWS's reports become those of raw.aws_cur."""

from decimal import Decimal
from typing import Any

import pytest

from tests.core.bills import CUR_ROW
from tests.core.conftest import Lake


def found(lake: Lake, column: str, *additions: str) -> list[Any]:
    """Values of one column of raw.aws_cur when each addition to the row is delivered as a month of its own."""
    for number, addition in enumerate(additions, start=1):
        lake.land(f"SELECT *, {addition} FROM ({CUR_ROW})", f"2026-{number:02d}")
    lake.create_views()
    return [value for (value,) in lake.connection.execute(f"SELECT {column} FROM raw.aws_cur ORDER BY x_period").fetchall()]


def test_keys_of_users_tags_are_as_the_user_spelled_them(lake: Lake) -> None:
    tags = "MAP {'resourceTags/user:CostCenter': '4711', 'resourceTags/aws:createdBy': 'root', 'accountTags/Team': 'ml'} AS tags"

    assert found(lake, "resource_tags", tags) == [{"CostCenter": "4711", "aws:createdBy": "root", "accountTags/Team": "ml"}]


def test_without_original_keys_aws_spelling_is_all_there_is(lake: Lake) -> None:
    tags = "MAP {'user_cost_center': '4711', 'aws_created_by': 'root'} AS resource_tags"

    assert found(lake, "resource_tags", tags) == [{"cost_center": "4711", "aws_created_by": "root"}]


def test_original_keys_are_preferred_row_by_row(lake: Lake) -> None:
    both = "MAP {'resourceTags/user:CostCenter': '1'} AS tags, MAP {'user_cost_center': '1'} AS resource_tags"
    one = "CAST(MAP {} AS MAP(VARCHAR, VARCHAR)) AS tags, MAP {'user_cost_center': '2'} AS resource_tags"

    assert found(lake, "resource_tags", both, one) == [{"CostCenter": "1"}, {"cost_center": "2"}]


def test_tags_that_differ_only_by_case_are_all_there(lake: Lake) -> None:
    tags = "MAP {'resourceTags/user:Team': 'a', 'resourceTags/user:team': 'b'} AS tags, MAP {'user_team': 'a'} AS resource_tags"

    assert found(lake, "resource_tags", tags) == [{"Team": "a", "team": "b"}]


def test_blank_tags_are_no_tags(lake: Lake) -> None:
    tags = "MAP {'user_team': '', 'user_owner': NULL, 'user_project': 'x'} AS resource_tags"

    assert found(lake, "resource_tags", tags) == [{"project": "x"}]


def test_flat_tags_of_a_legacy_report_are_gathered(lake: Lake) -> None:
    first = "'vision' AS resource_tags_user_team, '' AS resource_tags_user_owner"
    second = "CAST(NULL AS VARCHAR) AS resource_tags_user_team"

    assert found(lake, "resource_tags", first, second) == [{"team": "vision"}, {}]


def test_maps_in_json_text_are_maps(lake: Lake) -> None:
    text = """'{"user_team":"vision"}' AS resource_tags"""

    assert found(lake, "resource_tags", text, "'' AS resource_tags") == [{"team": "vision"}, None]


def test_months_of_maps_beside_months_of_json_text_are_read_each_in_its_way(lake: Lake) -> None:
    text, as_map = """'{"user_team":"a"}' AS resource_tags""", "MAP {'user_team': 'b'} AS resource_tags"

    assert found(lake, "resource_tags", text, as_map) == [{"team": "a"}, {"team": "b"}]


def test_allocation_reads_tags_in_json_text_as_well(lake: Lake) -> None:
    assert found(lake, "delivered_team", """'{"user_team":"vision"}' AS resource_tags""") == ["vision"]


@pytest.mark.parametrize(
    "delivered",
    ["MAP {'Business Unit': 'Retail'} AS cost_category", """'{"Business Unit":"Retail"}' AS cost_category"""],
    ids=["map", "JSON"],
)
def test_cost_categories_keep_their_keys(lake: Lake, delivered: str) -> None:
    assert found(lake, "cost_category", delivered) == [{"Business Unit": "Retail"}]


def test_attributes_that_are_only_in_the_product_map_fill_their_columns(lake: Lake) -> None:
    product = "MAP {'region': 'eu-west-1', 'instance_type': 'm5.large'} AS product"

    assert found(lake, "[product_region_code, product_instance_type, product_sku]", product) == [["eu-west-1", "m5.large", None]]


def test_a_column_of_the_export_goes_before_the_product_map(lake: Lake) -> None:
    both = "MAP {'instance_type': 'old'} AS product, 'm5.large' AS product_instance_type"

    assert found(lake, "product_instance_type", both) == ["m5.large"]


def test_a_region_code_goes_before_the_older_region(lake: Lake) -> None:
    both = "'eu-west-1' AS product_region_code, 'EU (Ireland)' AS product_region"

    older = "'' AS product_region_code, 'us-east-1' AS product_region"

    assert found(lake, "product_region_code", both, older) == ["eu-west-1", "us-east-1"]


def test_decimal_months_lose_no_digit_beside_months_of_floating_point(lake: Lake) -> None:
    exact = "CAST('12345678901.123456789012' AS DECIMAL(38, 12)) AS pricing_public_on_demand_cost"

    assert found(lake, "pricing_public_on_demand_cost", exact, "0.1::DOUBLE AS pricing_public_on_demand_cost") == [
        Decimal("12345678901.123456789012"),
        Decimal("0.1"),
    ]
