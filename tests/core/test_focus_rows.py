"""FOCUS rows in the shapes that providers write them in, as the raw view and the charges show them."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.core.conftest import Lake

ROW = """
SELECT
    '0077' AS BillingAccountId,
    'EUR' AS BillingCurrency,
    TIMESTAMP '2026-09-01' AS BillingPeriodStart,
    'Usage' AS ChargeCategory,
    TIMESTAMP '2026-09-03 09:00:00' AS ChargePeriodStart,
    'Microsoft' AS ProviderName,
    'Virtual Machines' AS ServiceName,
    1.5::DOUBLE AS BilledCost
"""

# The native table of Google has neither Tags nor InvoiceId, and no commitment columns.
GOOGLE_ROW = """
SELECT
    '01D3M0-C0575E-15E7E5' AS BillingAccountId,
    'USD' AS BillingCurrency,
    TIMESTAMPTZ '2026-09-01 00:00:00+00' AS BillingPeriodStart,
    TIMESTAMPTZ '2026-10-01 00:00:00+00' AS BillingPeriodEnd,
    'Usage' AS ChargeCategory,
    TIMESTAMPTZ '2026-09-03 09:00:00+00' AS ChargePeriodStart,
    TIMESTAMPTZ '2026-09-03 10:00:00+00' AS ChargePeriodEnd,
    'N2 Instance Core running in Americas' AS ChargeDescription,
    'Google Cloud' AS ProviderName,
    'Compute Engine' AS ServiceName,
    'Standard' AS PricingCategory,
    '//compute.googleapis.com/projects/ml-prod/zones/us-central1-a/instances/4711' AS ResourceId,
    28800::DECIMAL(38, 9) AS ConsumedQuantity, 'seconds' AS ConsumedUnit,
    8::DECIMAL(38, 9) AS PricingQuantity, 'hour' AS PricingUnit,
    0.25::DECIMAL(38, 9) AS BilledCost,
    0.2::DECIMAL(38, 9) AS EffectiveCost,
    [{'type': 'SUSTAINED_USAGE_DISCOUNT', 'amount': -0.05::DECIMAL(38, 9)}] AS x_Credits,
    'regular' AS x_CostType,
    [{'key': 'team', 'value': 'vision'}, {'key': 'team', 'value': 'speech'}] AS x_Labels,
    [{'key': 'team', 'value': 'project team'}, {'key': 'env', 'value': 'prod'}] AS x_ProjectLabels,
    [{'key': 'owner', 'value': 'ada', 'inherited': false, 'namespace': '123'}] AS x_Tags,
    [{'key': 'compute.googleapis.com/machine_spec', 'value': 'n2-standard-8'}] AS x_SystemLabels
"""


def land(lake: Lake, select: str, source: str = "azure") -> None:
    lake.land(select, "2026-09", source_type="focus", source=source)


def rows(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    lake.create_views()
    return [tuple(row) for row in lake.connection.sql(sql).fetchall()]


@pytest.mark.parametrize(
    "tags",
    [
        "MAP {'team': 'vision', 'env': 'prod'}",
        """'{"team": "vision", "env": "prod"}'""",
        """'[{"key": "team", "value": "vision"}, {"key": "env", "value": "prod"}]'""",
        "[{'key': 'team', 'value': 'vision'}, {'key': 'env', 'value': 'prod'}]",
        "[{'Key': 'team', 'Value': 'vision'}, {'Key': 'env', 'Value': 'prod'}]",
        "{'team': 'vision', 'env': 'prod', 'owner': NULL}",
    ],
    ids=["map", "JSON object", "JSON list", "list of key and value", "list of Key and Value", "record"],
)
def test_tags_of_every_shape_are_one_map_and_give_the_dimensions(lake: Lake, tags: str) -> None:
    land(lake, f"SELECT *, {tags} AS Tags FROM ({ROW})")
    assert rows(lake, "SELECT Tags, x_team, x_environment, x_owner FROM core.charges") == [
        ({"team": "vision", "env": "prod"}, "vision", "prod", None)
    ]


def test_sources_with_tags_of_different_shapes_lie_side_by_side(lake: Lake) -> None:
    land(lake, f"""SELECT *, '{{"team": "text"}}' AS Tags FROM ({ROW})""", "azure")
    land(lake, f"SELECT *, MAP {{'team': 'map'}} AS Tags FROM ({ROW})", "aws")
    land(lake, GOOGLE_ROW, "google")
    land(lake, ROW, "oracle")
    assert rows(lake, "SELECT x_source, x_team FROM core.charges ORDER BY x_source") == [
        ("aws", "map"),
        ("azure", "text"),
        ("google", "vision"),
        ("oracle", None),
    ]


def test_columns_in_lower_case_are_known(lake: Lake) -> None:
    lowered = ", ".join(f"{name} AS {name.lower()}" for name in ("BillingAccountId", "ProviderName"))
    land(lake, f"SELECT * EXCLUDE (BillingAccountId, ProviderName), {lowered}, MAP {{'team': 'vision'}} AS tags FROM ({ROW})")
    assert rows(lake, "SELECT BillingAccountId, ProviderName, x_team FROM core.charges") == [("0077", "Microsoft", "vision")]


def test_times_and_amounts_in_text_are_read_in_utc_whatever_the_readers_time_zone(lake: Lake) -> None:
    land(lake, f"SELECT * REPLACE ('2026-09-03T11:00:00+02:00' AS ChargePeriodStart, '1.5E-7' AS BilledCost) FROM ({ROW})", "offset")
    land(lake, f"SELECT * REPLACE ('2026-09-03 09:00:00' AS ChargePeriodStart, '2' AS BilledCost) FROM ({ROW})", "plain")
    lake.create_views()
    lake.connection.execute("SET TimeZone = 'America/Los_Angeles'")
    found = lake.connection.sql("SELECT ChargePeriodStart, BilledCost FROM raw.focus ORDER BY x_source").fetchall()
    nine = datetime(2026, 9, 3, 9)  # noqa: DTZ001 - TIMESTAMP is naive
    assert found == [(nine, Decimal("1.5E-7")), (nine, Decimal(2))]


def test_a_double_becomes_the_decimal_that_it_was_written_as(lake: Lake) -> None:
    land(lake, f"SELECT * REPLACE (98765.0123456789::DOUBLE AS BilledCost) FROM ({ROW})")
    assert rows(lake, "SELECT BilledCost FROM raw.focus") == [(Decimal("98765.0123456789"),)]


def test_a_row_of_google_has_its_names_and_no_invoice(lake: Lake) -> None:
    land(lake, GOOGLE_ROW)
    columns = (
        "ProviderName, ResourceId, ResourceType, x_instance_type, x_usage_type, ConsumedQuantity, PricingUnit, InvoiceId, ServiceCategory"
    )
    assert rows(lake, f"SELECT {columns} FROM core.charges") == [
        ("GCP", "4711", "virtual_machine", "n2-standard-8", "N2 Instance Core running in Americas", Decimal(8), "hour", None, None)
    ]


def test_credits_beside_a_row_of_google_neither_repeat_nor_change_its_cost(lake: Lake) -> None:
    """BilledCost of the export is after credits already; a row with two of them is one row."""
    two = "[{'type': 'DISCOUNT', 'amount': -0.05::DECIMAL(38, 9)}, {'type': 'PROMOTION', 'amount': -0.01::DECIMAL(38, 9)}]"
    land(lake, f"SELECT * REPLACE ({two} AS x_Credits) FROM ({GOOGLE_ROW})")
    assert rows(lake, "SELECT BilledCost, EffectiveCost FROM core.charges") == [(Decimal("0.25"), Decimal("0.2"))]


def test_prices_in_a_virtual_currency_leave_costs_in_the_billing_currency(lake: Lake) -> None:
    priced = "'TOKENS' AS PricingCurrency, 900::DOUBLE AS PricingCurrencyEffectiveCost, 90::DOUBLE AS PricingCurrencyListUnitPrice"
    land(lake, f"SELECT *, {priced} FROM ({ROW})")
    assert rows(lake, "SELECT BillingCurrency, BilledCost, EffectiveCost, ListCost FROM core.charges") == [("EUR", *[Decimal("1.5")] * 3)]


def test_what_nobody_used_of_a_commitment_has_a_cost_and_no_consumption(lake: Lake) -> None:
    unused = "'Unused' AS CommitmentDiscountStatus, 'r-1' AS CommitmentDiscountId, 2.5::DOUBLE AS EffectiveCost"
    quantity = "NULL::DOUBLE AS ConsumedQuantity, 4::DOUBLE AS PricingQuantity, 'Hours' AS PricingUnit"
    land(lake, f"SELECT * REPLACE (0::DOUBLE AS BilledCost), {unused}, {quantity} FROM ({ROW})")
    columns = "x_pool, ConsumedQuantity, PricingQuantity, BilledCost, EffectiveCost"
    assert rows(lake, f"SELECT {columns} FROM core.charges") == [("unused_commitment", None, 4, 0, Decimal("2.5"))]


def test_columns_that_aws_leaves_null_in_focus_1_2_keep_the_charge_usable(lake: Lake) -> None:
    """AWS declares nulls in prices, units, SKUs, issuer and publisher; FOCUS 1.2 has no usage type."""
    nulls = ("ContractedUnitPrice", "ListUnitPrice", "PricingUnit", "SkuId", "SkuPriceId", "InvoiceIssuerName", "PublisherName", "SkuMeter")
    row = f"SELECT * REPLACE ('AWS' AS ProviderName, 'AmazonEC2' AS ServiceName), 'VpcEndpoint' AS x_Operation FROM ({ROW})"
    land(
        lake, f"SELECT *, {', '.join(f'NULL::VARCHAR AS {name}' for name in nulls)}, 'VPC endpoint hours' AS ChargeDescription FROM ({row})"
    )
    columns = "ServiceName, x_operation, x_usage_type, PricingUnit, BilledCost, EffectiveCost, ListCost"
    assert rows(lake, f"SELECT {columns} FROM core.charges") == [
        ("AmazonEC2", "VpcEndpoint", "VPC endpoint hours", None, *[Decimal("1.5")] * 3)
    ]


def test_labels_of_google_win_over_those_of_the_project_and_these_over_tags(lake: Lake) -> None:
    land(lake, GOOGLE_ROW)
    assert rows(lake, "SELECT Tags FROM raw.focus") == [({"team": "vision", "env": "prod", "owner": "ada"},)]


def test_what_the_cost_basis_does_not_name_stays_in_the_lake(lake: Lake) -> None:
    land(lake, GOOGLE_ROW)
    [file] = lake.home.lake.rglob("*.parquet")
    assert lake.connection.sql(f"SELECT x_Credits[1].amount, x_CostType FROM '{file}'").fetchall() == [(Decimal("-0.05"), "regular")]


def test_details_of_a_price_are_a_map_in_every_shape(lake: Lake) -> None:
    land(lake, f"""SELECT *, '{{"InstanceType": "m5.large", "CoreCount": 2}}' AS SkuPriceDetails FROM ({ROW})""", "text")
    land(lake, f"SELECT *, {{'InstanceType': 'm5.large', 'CoreCount': 2}} AS SkuPriceDetails FROM ({ROW})", "record")
    assert rows(lake, "SELECT SkuPriceDetails FROM raw.focus") == [({"InstanceType": "m5.large", "CoreCount": "2"},)] * 2


def test_a_hostile_tag_value_arrives_as_it_is(lake: Lake) -> None:
    value = "<script>alert(''x'')</script>' || chr(10) || chr(7) || '\"quoted\"" + "y" * 10_240
    land(lake, f"SELECT *, MAP {{'team': '{value}'}} AS Tags FROM ({ROW})")
    [(team,)] = rows(lake, "SELECT x_team FROM core.charges")
    assert team == "<script>alert('x')</script>\n\x07\"quoted\"" + "y" * 10_240
