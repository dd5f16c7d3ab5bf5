"""Charges summed by day and by hour, and what was known of them night by night. Nothing here is computed for a report."""

from costsieve.contracts.charges import ACCOUNT, CHARGE_KIND, COMMITMENT_COST, DIMENSIONS, INVOICE, MEASURES, POOLS, WHAT
from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

DAILY_COST = Table(
    "core",
    "daily_cost",
    "Charges rolled up to resource and day. Adds up to core.charges to the last decimal.",
    "day, resource and everything that tells its charges apart",
    (
        *ACCOUNT,
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        INVOICE,
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month (GCP: of the invoice month)"),
        *WHAT,
        CHARGE_KIND,
        Column("ResourceId", "VARCHAR", "Id that joins to inventory and metrics"),
        Column("PricingUnit", "VARCHAR", "Unit of the quantity"),
        *DIMENSIONS,
        Column("consumed_quantity", QUANTITY, "Usage in PricingUnit", nullable=False),
        Column("committed_quantity", QUANTITY, "Quantity that the fees of commitments are for, in PricingUnit", nullable=False),
        Column("charge_count", "BIGINT", "Line items", "rows", nullable=False),
        *MEASURES,
        COMMITMENT_COST,
    ),
)

HOURLY_USAGE = Table(
    "core",
    "hourly_usage",
    "Hourly compute usage that a commitment could cover or covers, without resources: what commitments are sized on.",
    "hour and price-relevant kind of usage",
    (
        *ACCOUNT,
        Column("usage_hour", "TIMESTAMP", "First instant of the hour, UTC", nullable=False),
        *(column for column in WHAT if column.name != "ResourceType"),
        Column("PricingUnit", "VARCHAR", "Unit of the quantity"),
        Column("consumed_quantity", QUANTITY, "Usage in PricingUnit", nullable=False),
        *MEASURES,
    ),
)

KNOWN_COSTS = Table(
    "core",
    "known_costs",
    "What every night knew about every day: a row is what the nights from known_from on knew, until a night knew otherwise.",
    "day, kind of charge, and span of nights that knew the same",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("x_period", "VARCHAR", "Period of the load", nullable=False),
        Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("billing_month", "VARCHAR", "Billing month, 2026-09; on GCP the invoice month", nullable=False),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account or billing account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account or project"),
        Column("ServiceName", "VARCHAR", "As in core.daily_cost", nullable=False),
        Column("x_charge_type", "VARCHAR", "As in core.daily_cost", nullable=False),
        Column("x_pool", "VARCHAR", "As in core.daily_cost", nullable=False, allowed=POOLS),
        Column("PricingCategory", "VARCHAR", "FOCUS 1.2; tells covered usage from on-demand usage"),
        Column("BillingCurrency", "VARCHAR", "Currency of the amounts", nullable=False),
        Column("is_invoiced", "BOOLEAN", "All its charges have an invoice id; null for GCP, whose export does not say"),
        Column("charge_count", "BIGINT", "Line items", "rows", nullable=False),
        Column("BilledCost", MONEY, "As in core.daily_cost", "BillingCurrency", nullable=False),
        Column("EffectiveCost", MONEY, "As in core.daily_cost", "BillingCurrency", nullable=False),
        Column("x_net_effective_cost", MONEY, "As in core.daily_cost", "BillingCurrency", nullable=False),
        Column("known_from", "DATE", "First night that knew it", nullable=False),
        Column("known_until", "DATE", "First night that knew otherwise; null = still known"),
    ),
)

TABLES = (DAILY_COST, HOURLY_USAGE, KNOWN_COSTS)
