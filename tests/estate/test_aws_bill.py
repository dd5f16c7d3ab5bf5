"""The demo's AWS bill: the identities of a real one hold to the last decimal, and everything a bill can hold is in it."""

from decimal import Decimal

import pytest

from costsieve.contracts.raw import AWS_CUR
from tests.estate.conftest import AWS_LINE_ITEMS, AwsEstate

AMORTISED = """
    CASE line_item_line_item_type
        WHEN 'DiscountedUsage' THEN money(reservation_effective_cost)
        WHEN 'SavingsPlanCoveredUsage' THEN money(savings_plan_savings_plan_effective_cost)
        WHEN 'RIFee' THEN money(reservation_unused_amortized_upfront_fee_for_billing_period) + money(reservation_unused_recurring_fee)
        WHEN 'SavingsPlanRecurringFee' THEN money(savings_plan_total_commitment_to_date) - money(savings_plan_used_commitment)
        WHEN 'SavingsPlanNegation' THEN 0
        ELSE CASE WHEN line_item_line_item_type = 'Fee' AND reservation_reservation_a_r_n <> '' THEN 0
                  ELSE money(line_item_unblended_cost) END
    END
"""


def test_the_bill_has_about_as_many_line_items_as_asked(aws_estate: AwsEstate) -> None:
    rows = aws_estate.query("SELECT count(*) FROM bill").item()

    assert abs(rows - AWS_LINE_ITEMS) < 0.1 * AWS_LINE_ITEMS


def test_every_column_of_the_contract_is_delivered_that_a_default_export_has(aws_estate: AwsEstate) -> None:
    """Split cost allocation and capacity reservations are options of an export; `x_` and `delivered_` are made by the view."""
    delivered = set(aws_estate.query("SELECT * FROM bill LIMIT 0").columns)
    not_by_default = ("x_", "delivered_", "split_line_item_", "capacity_reservation_")

    assert {name for name in AWS_CUR.column_names if not name.startswith(not_by_default)} <= delivered


def test_types_are_those_of_a_real_export(aws_estate: AwsEstate) -> None:
    types = dict(aws_estate.query("SELECT column_name, column_type FROM (DESCRIBE bill)").iter_rows())

    assert types["line_item_unblended_cost"] == "DOUBLE"
    assert types["line_item_usage_start_date"] == "TIMESTAMP"
    assert types["resource_tags"] == types["product"] == "MAP(VARCHAR, VARCHAR)"
    assert types["line_item_usage_account_id"] == "VARCHAR"


def test_negation_cancels_covered_usage_in_every_hour(aws_estate: AwsEstate) -> None:
    off = aws_estate.query("""
        SELECT line_item_usage_start_date FROM bill
        WHERE line_item_line_item_type IN ('SavingsPlanCoveredUsage', 'SavingsPlanNegation')
        GROUP BY line_item_usage_start_date, savings_plan_savings_plan_a_r_n
        HAVING sum(money(line_item_unblended_cost)) <> 0 OR sum(money(line_item_net_unblended_cost)) <> 0
    """)

    assert off.is_empty()


def test_negation_is_grouped_by_usage_type_and_zone(aws_estate: AwsEstate) -> None:
    most_covered = aws_estate.query("""
        SELECT max(covered) FROM (
            SELECT count(*) FILTER (WHERE line_item_line_item_type = 'SavingsPlanCoveredUsage') AS covered,
                count(*) FILTER (WHERE line_item_line_item_type = 'SavingsPlanNegation') AS negations
            FROM bill
            GROUP BY line_item_usage_start_date, savings_plan_savings_plan_a_r_n, line_item_usage_type, line_item_availability_zone
            HAVING negations = 1
        )
    """).item()

    assert most_covered == 2


def test_used_commitment_is_what_covered_usage_costs_in_every_hour(aws_estate: AwsEstate) -> None:
    off = aws_estate.query("""
        SELECT line_item_usage_start_date FROM bill WHERE savings_plan_savings_plan_a_r_n <> ''
        GROUP BY line_item_usage_start_date, savings_plan_savings_plan_a_r_n
        HAVING sum(money(savings_plan_savings_plan_effective_cost)) <> sum(money(savings_plan_used_commitment))
    """)

    assert off.is_empty()


def test_reserved_usage_and_what_is_unused_add_up_to_fee_and_amortised_upfront_in_every_month(aws_estate: AwsEstate) -> None:
    months = aws_estate.query("""
        SELECT
            BILLING_PERIOD,
            sum(money(reservation_effective_cost)) AS used,
            sum(money(reservation_unused_amortized_upfront_fee_for_billing_period) + money(reservation_unused_recurring_fee)) AS unused,
            sum(money(reservation_amortized_upfront_fee_for_billing_period)) AS upfront,
            sum(money(line_item_unblended_cost)) FILTER (WHERE line_item_line_item_type = 'RIFee') AS recurring
        FROM bill WHERE reservation_reservation_a_r_n <> '' GROUP BY BILLING_PERIOD
    """)

    for _, used, unused, upfront, recurring in months.iter_rows():
        assert used + unused == upfront + recurring
        assert unused > 0


def test_cash_and_amortised_cost_differ_by_upfront_payments_in_every_month(aws_estate: AwsEstate) -> None:
    months = aws_estate.query(f"""
        SELECT
            BILLING_PERIOD,
            sum(money(line_item_unblended_cost)) - sum({AMORTISED}) AS difference,
            coalesce(sum(money(line_item_unblended_cost)) FILTER (
                WHERE line_item_line_item_type = 'Fee' AND reservation_reservation_a_r_n <> ''), 0) AS purchases,
            sum(money(reservation_amortized_upfront_fee_for_billing_period)) AS amortised
        FROM bill GROUP BY BILLING_PERIOD
    """)

    assert sum(months["purchases"].to_list()) == Decimal(2004)
    for _, difference, purchases, amortised in months.iter_rows():
        assert difference == purchases - amortised


def test_net_columns_and_discount_rows_tell_the_same_invoice(aws_estate: AwsEstate) -> None:
    months = aws_estate.query("""
        SELECT BILLING_PERIOD, sum(money(line_item_unblended_cost)) AS invoiced, sum(money(line_item_net_unblended_cost)) AS net
        FROM bill GROUP BY BILLING_PERIOD
    """)

    assert months["invoiced"].to_list() == months["net"].to_list()
    assert all(amount > 0 for amount in months["invoiced"])


@pytest.mark.parametrize(
    ("line_item_type", "sign"),
    [
        ("Usage", 1),
        ("DiscountedUsage", 0),
        ("SavingsPlanCoveredUsage", 1),
        ("SavingsPlanNegation", -1),
        ("SavingsPlanRecurringFee", 1),
        ("RIFee", 1),
        ("Fee", 1),
        ("Tax", 1),
        ("Credit", -1),
        ("Refund", -1),
        ("EdpDiscount", -1),
    ],
)
def test_every_line_item_type_is_there_with_its_sign(aws_estate: AwsEstate, line_item_type: str, sign: int) -> None:
    costs = aws_estate.query(
        f"SELECT DISTINCT sign(line_item_unblended_cost) FROM bill WHERE line_item_line_item_type = '{line_item_type}'"
    )

    assert set(costs.to_series().to_list()) == {sign}


@pytest.mark.parametrize(
    "usage",
    [
        "BoxUsage:m5.xlarge",
        "USW2-SpotUsage:g4dn.xlarge",
        "EU-EBS:VolumeUsage.gp2",
        "USW2-EBS:VolumeUsage.piops",
        "EBS:SnapshotUsage",
        "TimedStorage-ByteHrs",
        "Requests-Tier1",
        "InstanceUsage:db.m5.large",
        "Train:ml.p3.2xlarge",
        "Host:ml.g4dn.xlarge",
        "Notebk:ml.t3.xlarge",
        "NatGateway-Bytes",
        "LoadBalancerUsage",
        "PublicIPv4:InUseAddress",
        "DataTransfer-Out-Bytes",
    ],
)
def test_usage_types_are_spelled_as_aws_spells_them(aws_estate: AwsEstate, usage: str) -> None:
    assert aws_estate.query(f"SELECT count(*) FROM bill WHERE line_item_usage_type = '{usage}'").item() > 0


def test_spot_usage_has_no_list_price(aws_estate: AwsEstate) -> None:
    lists = aws_estate.query("SELECT DISTINCT pricing_public_on_demand_cost FROM bill WHERE line_item_usage_type LIKE '%SpotUsage%'")

    assert lists.to_series().to_list() == [0.0]


def test_a_volume_costs_its_monthly_price_over_a_whole_month(aws_estate: AwsEstate) -> None:
    """400 GiB of io1 at 0.125 USD per GiB-month, over August."""
    cost = aws_estate.query("""
        SELECT sum(money(line_item_unblended_cost)) FROM bill
        WHERE line_item_usage_type = 'USW2-EBS:VolumeUsage.piops' AND BILLING_PERIOD = '2026-08'
    """).item()

    assert round(cost, 6) == Decimal("50.000000")


def test_four_accounts_and_three_regions_are_charged(aws_estate: AwsEstate) -> None:
    accounts = aws_estate.query("SELECT DISTINCT line_item_usage_account_id FROM bill").to_series()
    regions = aws_estate.query("SELECT DISTINCT product_region_code FROM bill WHERE product_region_code <> ''").to_series()

    assert set(accounts) == {f"10000000000{number}" for number in (1, 2, 3, 4)}
    assert set(regions) == {"us-east-1", "us-west-2", "eu-west-1"}


def test_some_usage_is_untagged_and_some_tags_need_escaping(aws_estate: AwsEstate) -> None:
    owners = set(aws_estate.query("SELECT DISTINCT resource_tags['user_owner'] FROM bill WHERE line_item_resource_id <> ''").to_series())

    assert {None, "<b>o'neil & co</b>", '=HYPERLINK("http://evil.example","x")'} <= owners


def test_rows_come_in_no_order(aws_estate: AwsEstate) -> None:
    starts = aws_estate.query("SELECT line_item_usage_start_date FROM bill WHERE BILLING_PERIOD = '2026-08' LIMIT 100").to_series()

    assert not starts.is_sorted()


def test_only_a_closed_month_has_an_invoice_id(aws_estate: AwsEstate) -> None:
    open_months = aws_estate.query("SELECT DISTINCT BILLING_PERIOD FROM bill WHERE bill_invoice_id = ''").to_series()

    assert open_months.to_list() == ["2026-09"]
