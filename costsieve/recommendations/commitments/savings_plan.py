"""The Compute Savings Plan (one year, no upfront) as a product: what it covers on EC2, at which rates. Not for EC2 Instance plans."""

import shlex
from collections.abc import Mapping
from decimal import Decimal

import polars as pl

from costsieve.recommendations.commitments.look_back import BillSpan, LookBack
from costsieve.recommendations.commitments.product import Product
from costsieve.recommendations.commitments.rates import Item, Rate, compute_savings_plan_rates, rates_from_bill
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, query

_SAME_PLAN = {"offering_type": "ComputeSavingsPlans", "purchase_term": "1yr", "payment_option": "No Upfront"}


def known_rates(connection: Connection, window: LookBack, covered: pl.DataFrame) -> Mapping[Item, Rate]:
    """Return the bundled rates, replaced by the bill's own wherever a plan of the same kind covers usage of the family."""
    plans = set(covered["CommitmentDiscountId"].drop_nulls()) if covered.height else set()
    same = _same_kind(connection, window) if plans else set()
    return {**compute_savings_plan_rates(), **rates_from_bill(covered, plans & same)}


def _same_kind(connection: Connection, window: LookBack) -> set[str]:
    """Return the ARNs of Compute Savings Plans of one year without upfront payment; none where the delivered bill is not at hand."""
    if not query(connection, statement("recommendations/delivered_aws_bill.sql")).item():
        return set()
    terms = query(connection, model_sql("recommendations/savings_plan_terms"), {"window_start": window.start})
    return set(terms.filter(*(pl.col(column) == value for column, value in _SAME_PLAN.items()))["commitment_id"])


def _command(span: BillSpan, commitment: Decimal) -> str:
    look_up = (
        "OFFERING=$(aws savingsplans describe-savings-plans-offerings --plan-types Compute --payment-options 'No Upfront'"
        f" --durations 31536000 --currencies {shlex.quote(span.currency)} --query 'searchResults[0].offeringId' --output text)"
    )
    return f'{look_up}\naws savingsplans create-savings-plan --savings-plan-offering-id "$OFFERING" --commitment {commitment:.3f}'


COMPUTE_SAVINGS_PLAN = Product(
    kind="compute_savings_plan",
    name="Compute Savings Plan",
    provider="AWS",
    hours_model="aws_on_demand_hours",
    days_model="aws_on_demand_days",
    covered_model="aws_covered_compute",
    rates=known_rates,
    never_pays={},
    forfeits_discounts=False,
    command=_command,
    payment="No Upfront",
    assumptions=(
        "Only EC2 instance usage is counted. The plan covers Fargate and Lambda usage too, which would only raise its use.",
        "The plan is bought in the payer account and shared with the whole organisation.",
        "AWS applies the plan to the usage with the highest discount first.",
        "A plan of up to 100 USD an hour can be returned within 7 days of its purchase, in the same calendar month.",
    ),
)
