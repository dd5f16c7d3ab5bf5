"""The organisation's one Reserved Instance: purchase, monthly fee and what stays unused. Covered usage is in usage_lines.py.

Four regional m5.xlarge in us-east-1, one year, partial upfront. They belong to ml-serving, which shares no discounts and runs no other m5
there, so what its scheduled machine leaves at night and at weekends is unused.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import polars as pl

from costsieve.estate.aws.charges import RESERVATION_DAYS_IN
from costsieve.estate.aws.fleet import account_id
from costsieve.estate.aws.line_items import (
    AMOUNT,
    DISCOUNT_PERCENT,
    NET_UNBLENDED,
    UNBLENDED,
    LineItems,
    Texts,
    from_rows,
    instant,
    months_of,
)
from costsieve.estate.aws.prices import GRID
from costsieve.estate.aws.texts import bill_texts
from costsieve.estate.plan import EstatePlan

OWNER = "ml-serving"
COUNT = 4
_UPFRONT = 501 * GRID
AMORTISED_PER_HOUR = _UPFRONT // 8760
RECURRING_PER_HOUR = 572 * GRID // 10_000


def reservation_texts(plan: EstatePlan) -> dict[str, object]:
    """Return the columns that tie a line item to the reservation."""
    bought = instant(plan, RESERVATION_DAYS_IN * 24)
    return {
        "reservation_reservation_a_r_n": (
            f"arn:aws:ec2:us-east-1:{account_id(OWNER)}:reserved-instances/3a9d7c52-5f0e-4b1c-8d66-2f1f0a6c7e90"
        ),
        "reservation_subscription_id": "23517367456",
        "reservation_start_time": f"{bought:%Y-%m-%dT%H:%M:%S}.000Z",
        "reservation_end_time": f"{bought + timedelta(days=365):%Y-%m-%dT%H:%M:%S}.000Z",
        "reservation_number_of_reservations": str(COUNT),
        "reservation_units_per_reservation": "1.0",
        "reservation_normalized_units_per_reservation": "8.0",
        "pricing_lease_contract_length": "1yr",
        "pricing_offering_class": "standard",
        "pricing_purchase_option": "Partial Upfront",
    }


def reservation_lines(usage: LineItems, plan: EstatePlan) -> LineItems:
    """Return the purchase and one fee row per month since."""
    covered = usage.of_type("DiscountedUsage").select("start").collect()
    return from_rows([_purchase(plan), *_fees(covered, plan)])


def _purchase(plan: EstatePlan) -> tuple[Texts, Mapping[str, int | float]]:
    texts = _fee_texts(plan, "Fee", "Sign up charge for 4 m5.xlarge reserved instances")
    upfront = COUNT * _UPFRONT
    amounts = {UNBLENDED: upfront, NET_UNBLENDED: _net(upfront), "reservation_upfront_value": upfront}
    return texts, {"start": RESERVATION_DAYS_IN * 24, "span": 1, AMOUNT: float(COUNT), **amounts}


def _fees(covered: pl.DataFrame, plan: EstatePlan) -> Iterator[tuple[Texts, Mapping[str, int | float]]]:
    for _, first, last in months_of(plan):
        since = max(first, RESERVATION_DAYS_IN * 24)
        bought = COUNT * (last - since)
        if bought > 0:
            used = covered.filter(pl.col("start").is_between(first, last, closed="left")).height
            texts = _fee_texts(plan, "RIFee", "USD 0.0572 hourly fee per Linux/UNIX (Amazon VPC), m5.xlarge instance")
            yield texts, {"start": since, "span": last - since, AMOUNT: float(bought), **_fee_amounts(bought, bought - used)}


def _fee_amounts(bought: int, unused: int) -> dict[str, int | float]:
    """Return the fee of ``bought`` instance-hours of which ``unused`` covered nothing."""
    amounts: dict[str, int | float] = {
        UNBLENDED: RECURRING_PER_HOUR * bought,
        NET_UNBLENDED: _net(RECURRING_PER_HOUR) * bought,
        "reservation_unused_quantity": float(unused),
        "reservation_unused_normalized_unit_quantity": 8.0 * unused,
    }
    for net, upfront, recurring in (
        ("", AMORTISED_PER_HOUR, RECURRING_PER_HOUR),
        ("net_", _net(AMORTISED_PER_HOUR), _net(RECURRING_PER_HOUR)),
    ):
        amounts[f"reservation_{net}amortized_upfront_fee_for_billing_period"] = upfront * bought
        amounts[f"reservation_{net}unused_amortized_upfront_fee_for_billing_period"] = upfront * unused
        amounts[f"reservation_{net}unused_recurring_fee"] = recurring * unused
    return amounts


def _net(amount: int) -> int:
    """Return an amount after the negotiated discount, rounded as line_items.discount rounds."""
    return amount - (amount * DISCOUNT_PERCENT + 50) // 100


def _fee_texts(plan: EstatePlan, line_item_type: str, description: str) -> Texts:
    return {
        **bill_texts(OWNER, "AmazonEC2", line_item_type),
        **reservation_texts(plan),
        "line_item_usage_type": "HeavyUsage:m5.xlarge",
        "line_item_operation": "RunInstances",
        "line_item_line_item_description": description,
        "product_instance_type": "m5.xlarge",
        "product_region_code": "us-east-1",
        "product_servicecode": "AmazonEC2",
    }
