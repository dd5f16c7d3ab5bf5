"""Bills as tests of commitments need them: steady usage by the hour, resources by the day, and the answers to them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal

import polars as pl

from costsieve.recommendations.commitments.product import Product
from costsieve.recommendations.commitments.recommend import recommend
from costsieve.recommendations.commitments.savings_plan import COMPUTE_SAVINGS_PLAN
from costsieve.recommendations.recommendation import Answer, Recommendation
from costsieve.warehouse import Connection
from tests.recommendations.conftest import insert

AS_OF = date(2026, 10, 1)
PAYER = "100000000001"
NOTHING_ENDED = {"provider": pl.String, "account_id": pl.String, "resource_id": pl.String, "currency": pl.String}
COSTS = ("BilledCost", "EffectiveCost", "ContractedCost", "ListCost", "x_net_effective_cost")
FIRST_DAY = date(2026, 7, 3)

AWS_ROW = {
    "ProviderName": "AWS",
    "BillingAccountId": PAYER,
    "SubAccountId": "100000000002",
    "BillingCurrency": "USD",
    "ServiceName": "AmazonEC2",
    "ChargeCategory": "Usage",
    "PricingCategory": "Standard",
    "x_pool": "usage",
    "x_operation": "RunInstances",
    "x_usage_type": "BoxUsage:m5.large",
}
GCP_ROW = {
    **AWS_ROW,
    "ProviderName": "GCP",
    "BillingAccountId": "01D3M0-C0575E-15E7E5",
    "ServiceName": "Compute Engine",
    "x_operation": "CF4E-A0C7-E3BF",
    "x_usage_type": "E2 Instance Core running in Americas",
}


def hours(first: date = FIRST_DAY, last: date = date(2026, 9, 30), of_day: Iterable[int] = range(24)) -> list[datetime]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [datetime(day.year, day.month, day.day, hour) for day in days for hour in of_day]  # noqa: DTZ001 - UTC without a zone


def charged(connection: Connection, cost: float, when: list[datetime], **changes: object) -> None:
    """Usage of one dollar amount in each of the hours, at the same price by every measure."""
    amount = Decimal(str(cost))
    measures = dict.fromkeys(COSTS, amount)
    insert(connection, "core.hourly_usage", [{**AWS_ROW, **measures, "usage_hour": hour, **changes} for hour in when])


def accepted(*actions: tuple[str, str, float]) -> pl.DataFrame:
    """Planned actions: provider, resource and the share of its cost that stays."""
    rows = [
        {
            "provider": provider,
            "account_id": "100000000002",
            "resource_id": resource,
            "currency": "USD",
            "remaining_cost_share": Decimal(str(share)),
        }
        for provider, resource, share in actions
    ]
    return pl.DataFrame(rows, schema={**NOTHING_ENDED, "remaining_cost_share": pl.Decimal(18, 6)})


def answer(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN, ended: pl.DataFrame | None = None) -> Answer:
    answers = recommend(connection, product, AS_OF, accepted() if ended is None else ended)
    assert len(answers) == 1
    return answers[0]


def recommendation(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN, ended: pl.DataFrame | None = None) -> Recommendation:
    found = answer(connection, product, ended)
    assert found.recommendation is not None, found.reason
    return found.recommendation


def commitment(connection: Connection, product: Product = COMPUTE_SAVINGS_PLAN) -> float:
    return float(recommendation(connection, product).details["hourly_commitment"])


def resource_days(connection: Connection, resource: str, daily_cost: float, **changes: object) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range(90)]
    amount = Decimal(str(daily_cost))
    rows = [{**AWS_ROW, "usage_date": day, "ResourceId": resource, **dict.fromkeys(COSTS, amount), **changes} for day in days]
    insert(connection, "core.daily_cost", rows)
