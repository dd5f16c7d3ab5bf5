"""What the nights derive from the roll-ups: cost of resources, rates, views of a month. Savings are not here: see contracts.results."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

RESOURCE_COSTS = Table(
    "core",
    "resource_costs",
    "What each resource costs a month: its usage charges over the last 30 complete days of its bill.",
    "provider, sub-account, resource and currency",
    (
        Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account or project"),
        Column("SubAccountName", "VARCHAR", "Its name"),
        Column("RegionId", "VARCHAR", "Region of the latest charge"),
        Column("ServiceName", "VARCHAR", "Service with the largest cost"),
        Column("ResourceId", "VARCHAR", "Id that joins to inventory and metrics", nullable=False),
        Column("ResourceType", "VARCHAR", "Kind of resource"),
        Column("x_instance_type", "VARCHAR", "Instance or machine type with the largest cost; null where there is none"),
        Column("BillingCurrency", "VARCHAR", "Currency of the amounts", nullable=False),
        Column("window_start", "DATE", "First day counted", nullable=False),
        Column("window_end", "DATE", "Day after the last day counted", nullable=False),
        Column("first_charged_on", "DATE", "First day in the whole history with a charge", nullable=False),
        Column("last_charged_on", "DATE", "Last day with a charge", nullable=False),
        Column("monthly_list_cost", MONEY, "At list price", "BillingCurrency", nullable=False),
        Column("monthly_cost", MONEY, "Net effective cost: what this account really pays", "BillingCurrency", nullable=False),
        Column("monthly_committed_cost", MONEY, "The part of monthly_cost that commitments cover", "BillingCurrency", nullable=False),
        Column(
            "monthly_instance_cost",
            MONEY,
            "The part of monthly_cost that is for the instance itself (cores, memory, GPUs)",
            "BillingCurrency",
            nullable=False,
        ),
        Column("monthly_instance_list_cost", MONEY, "The same at list price", "BillingCurrency", nullable=False),
        Column("monthly_instance_hours", QUANTITY, "Instance-hours in the window; null where the resource is no instance", "hours"),
        Column("x_team", "VARCHAR", "Team on the latest day"),
        Column("x_project", "VARCHAR", "Project on the latest day"),
        Column("x_environment", "VARCHAR", "Environment on the latest day"),
        Column("x_owner", "VARCHAR", "Owner on the latest day"),
        Column("x_cost_center", "VARCHAR", "Cost centre on the latest day"),
    ),
    key=("ProviderName", "SubAccountId", "ResourceId", "BillingCurrency"),
)

INSTANCE_RATES = Table(
    "core",
    "instance_rates",
    "On-demand hourly rates that appear in the bill, per instance type and region: list, and this account's own.",
    "provider, region, instance type, operation and currency",
    (
        Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("RegionId", "VARCHAR", "Region", nullable=False),
        Column("ServiceName", "VARCHAR", "AmazonEC2, AmazonSageMaker, Compute Engine, ...", nullable=False),
        Column("x_instance_type", "VARCHAR", "Instance or machine type", nullable=False),
        Column("x_operation", "VARCHAR", "Operation: licence and OS on AWS; null on GCP"),
        Column("BillingCurrency", "VARCHAR", "Currency", nullable=False),
        Column("hourly_list_rate", MONEY, "List cost over hours", "currency per hour", nullable=False),
        Column("hourly_rate", MONEY, "Contracted cost over hours of on-demand rows", "currency per hour", nullable=False),
        Column("instance_hours", QUANTITY, "Hours behind the rate", "hours", nullable=False),
    ),
)

MONTH_VIEWS = Table(
    "core",
    "month_views",
    "The views of a month side by side: what is invoiced, amortised, net amortised and at list price, by invoice and by usage month.",
    "source, billing account, billing month, usage month and currency",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account or billing account"),
        Column("billing_month", "VARCHAR", "Month that the charges are invoiced in, as 2026-09; GCP: invoice.month"),
        Column("usage_month", "VARCHAR", "UTC month of the usage, as 2026-09: late rows are invoiced in another", nullable=False),
        Column("BillingCurrency", "VARCHAR", "Currency; two are never added", nullable=False),
        Column("charge_count", "BIGINT", "Line items", "rows", nullable=False),
        Column("BilledCost", MONEY, "Invoice view: over all rows, what is due", "BillingCurrency", nullable=False),
        Column("EffectiveCost", MONEY, "Amortised view", "BillingCurrency", nullable=False),
        Column("x_net_effective_cost", MONEY, "Net amortised view: after negotiated discounts", "BillingCurrency", nullable=False),
        Column("ContractedCost", MONEY, "At this account's price, before commitments", "BillingCurrency", nullable=False),
        Column("ListCost", MONEY, "At list price", "BillingCurrency", nullable=False),
        Column(
            "upfront_purchases",
            MONEY,
            "Billed for commitments that cover later usage, less what came back for returned ones: cash, but no amortised cost",
            "BillingCurrency",
            nullable=False,
        ),
        Column(
            "amortised_upfront",
            MONEY,
            "Share of upfront payments, of this or earlier months, that the fee rows of the commitments put into the month (AWS)",
            "BillingCurrency",
            nullable=False,
        ),
        Column(
            "shared_commitment_cost",
            MONEY,
            "Amortised cost of usage under commitments whose fee rows no counted bill has: in a member's own export alone (AWS)",
            "BillingCurrency",
            nullable=False,
        ),
    ),
    key=("x_source", "ProviderName", "BillingAccountId", "billing_month", "usage_month", "BillingCurrency"),
)

TABLES = (RESOURCE_COSTS, INSTANCE_RATES, MONTH_VIEWS)
