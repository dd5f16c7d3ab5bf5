"""The demo's price list: what a unit of usage costs in each region. Commitment terms are in commitments.py; discounts in discounts.py."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

GRID = 10**10
"""Amounts are whole numbers of 1e-10 until they are written, so that the identities of a bill hold to the last decimal."""

REGIONS = {
    "us-east-1": ("", "US East (N. Virginia)"),
    "us-west-2": ("USW2-", "US West (Oregon)"),
    "eu-west-1": ("EU-", "EU (Ireland)"),
}
"""Usage type prefix and location of each region."""

PRODUCT_NAMES = {
    "AmazonEC2": "Amazon Elastic Compute Cloud",
    "AmazonVPC": "Amazon Virtual Private Cloud",
    "AWSELB": "Elastic Load Balancing",
    "AmazonS3": "Amazon Simple Storage Service",
    "AmazonRDS": "Amazon Relational Database Service",
    "AmazonSageMaker": "Amazon SageMaker",
    "AmazonBedrock": "Amazon Bedrock",
    "AmazonEFS": "Amazon Elastic File System",
    "AmazonCloudWatch": "AmazonCloudWatch",
    "8a2v3h6kq0m5r1t7": "Geo Suite Enterprise",
    "AmazonECR": "Amazon EC2 Container Registry (ECR)",
    "ComputeSavingsPlans": "Savings Plans for AWS Compute usage",
    "AWSSupportEnterprise": "AWS Support (Enterprise)",
}


@dataclass(frozen=True)
class Price:
    """One row of price_list.csv; rates are on the grid, in USD per unit."""

    key: str
    product_code: str
    service_code: str
    product_family: str
    usage_type: str
    operation: str
    unit: str
    description: str
    rates: Mapping[str, int]
    savings_plan_share: Decimal | None

    @property
    def instance_type(self) -> str | None:
        """Instance type in the usage type; None where the price is not for an instance."""
        return self.usage_type.partition(":")[2].removeprefix("JupyterLab-") if self.unit == "Hrs" and "." in self.usage_type else None

    @property
    def is_spot(self) -> bool:
        """Whether the price is a Spot price, for which AWS states no list price."""
        return self.usage_type.startswith("SpotUsage")

    @property
    def is_monthly(self) -> bool:
        """Whether the unit is a month of something, so that an hour is charged as its share of the month."""
        return self.unit.endswith("-Mo")

    def savings_plan_rate(self, region: str) -> int:
        """Return the Compute Savings Plan rate on the grid; 0 where no plan covers the usage."""
        return int(self.rates[region] * (self.savings_plan_share or 0))


@cache
def price_list() -> Mapping[str, Price]:
    """Return every price by its key."""
    text = (files(__package__) / "price_list.csv").read_text(encoding="utf-8")
    return {row["price"]: _price(row) for row in csv.DictReader(text.splitlines())}


def _price(row: Mapping[str, str]) -> Price:
    share = row["savings_plan_share"]
    return Price(
        key=row["price"],
        product_code=row["product_code"],
        service_code=row["service_code"],
        product_family=row["product_family"],
        usage_type=row["usage_type"],
        operation=row["operation"],
        unit=row["unit"],
        description=row["description"],
        rates={region: int(Decimal(row[region]) * GRID) for region in REGIONS},
        savings_plan_share=Decimal(share) if share else None,
    )
