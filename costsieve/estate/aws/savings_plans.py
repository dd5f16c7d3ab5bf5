"""The organisation's one Compute Savings Plan: recurring fee, negation and what stays unused. Covered usage is in usage_lines.py.

The plan belongs to data-platform, which shares no discounts. All its machines are covered, so what its scheduled machines leave at night
and at weekends is unused.
"""

from datetime import timedelta

import polars as pl

from costsieve.estate.aws.fleet import account_id
from costsieve.estate.aws.line_items import (
    AMOUNT,
    NET_UNBLENDED,
    UNBLENDED,
    LineItems,
    Texts,
    discount,
)
from costsieve.estate.aws.texts import bill_texts
from costsieve.estate.plan import EstatePlan

OWNER = "data-platform"
_STEP = 10**7
"""Commitments are bought in tenths of a cent per hour, on the grid of amounts."""

_DAYS_BEFORE_THE_ESTATE = 140

_GROUP = (
    "line_item_usage_type",
    "line_item_operation",
    "line_item_availability_zone",
    "line_item_usage_account_name",
    "product_region_code",
)


def savings_plan_texts(plan: EstatePlan) -> dict[str, object]:
    """Return the columns that tie a line item to the plan."""
    started_on = plan.window.start - timedelta(days=_DAYS_BEFORE_THE_ESTATE)
    return {
        "savings_plan_savings_plan_a_r_n": f"arn:aws:savingsplans::{account_id(OWNER)}:savingsplan/6f2f4c1e-7d0b-4f7e-9a53-0c5d1b9e4a17",
        "savings_plan_offering_type": "ComputeSavingsPlans",
        "savings_plan_payment_option": "No Upfront",
        "savings_plan_purchase_term": "1yr",
        "savings_plan_region": "Any",
        "savings_plan_start_time": f"{started_on}T00:00:00.000Z",
        "savings_plan_end_time": f"{started_on + timedelta(days=365)}T00:00:00.000Z",
    }


def savings_plan_lines(usage: LineItems, plan: EstatePlan) -> list[LineItems]:
    """Return negation rows, grouped as AWS groups them, and the hourly fee rows."""
    covered = usage.described(usage.of_type("SavingsPlanCoveredUsage"), *_GROUP)
    return [_negation(covered, plan), _recurring_fees(covered, plan)]


def _negation(covered: pl.DataFrame, plan: EstatePlan) -> LineItems:
    groups = covered.select(_GROUP).unique().sort(_GROUP).with_row_index("group")
    facts = (
        covered.join(groups, on=_GROUP)
        .group_by("group", "start", "span")
        .agg(pl.col(AMOUNT).sum(), -pl.col(UNBLENDED).sum(), -pl.col(NET_UNBLENDED).sum())
        .sort("group", "start")
        .with_columns(kind=pl.col("group").cast(pl.Int64))
        .drop("group")
    )
    return LineItems([_negation_texts(row, plan) for row in groups.iter_rows(named=True)], facts.lazy())


def _negation_texts(group: dict[str, object], plan: EstatePlan) -> Texts:
    return {
        **bill_texts(str(group["line_item_usage_account_name"]), "AmazonEC2", "SavingsPlanNegation"),
        **{column: group[column] for column in _GROUP},
        **savings_plan_texts(plan),
        "line_item_line_item_description": "SavingsPlanNegation used by an hour of covered usage",
        "product_servicecode": "AmazonEC2",
    }


def _recurring_fees(covered: pl.DataFrame, plan: EstatePlan) -> LineItems:
    used = covered.group_by("start").agg(savings_plan_used_commitment=pl.col("savings_plan_savings_plan_effective_cost").sum())
    hours = pl.DataFrame({"start": pl.Series(range(plan.days * 24), dtype=pl.Int64)})
    facts = hours.join(used, on="start", how="left").sort("start").with_columns(pl.col("savings_plan_used_commitment").fill_null(0))
    commitment = -(-int(facts["savings_plan_used_commitment"].max()) // _STEP) * _STEP  # type: ignore[arg-type]
    fee = pl.lit(commitment, pl.Int64)
    facts = facts.with_columns(
        kind=pl.lit(0, pl.Int64),
        span=pl.lit(1, pl.Int64),
        **{
            AMOUNT: pl.lit(1.0),
            UNBLENDED: fee,
            NET_UNBLENDED: fee - discount(fee),
            "savings_plan_total_commitment_to_date": fee,
            "savings_plan_recurring_commitment_for_billing_period": fee,
            "savings_plan_net_recurring_commitment_for_billing_period": fee - discount(fee),
        },
    )
    kind = {
        **bill_texts(OWNER, "ComputeSavingsPlans", "SavingsPlanRecurringFee"),
        **savings_plan_texts(plan),
        "line_item_usage_type": "ComputeSP:1yrNoUpfront",
        "line_item_line_item_description": "1 year No Upfront Compute Savings Plan",
    }
    return LineItems([kind], facts.lazy())
