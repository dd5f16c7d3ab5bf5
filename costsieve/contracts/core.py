"""The cost basis: charges under FOCUS 1.2 names and the roll-ups made of them. Utilization is not here: see contracts.usage."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

POOLS = (
    "usage",
    "unused_commitment",
    "commitment_purchase",
    "commitment_negation",
    "fee",
    "support",
    "credit",
    "discount",
    "refund",
    "tax",
    "adjustment",
    "unclassified",
)
"""Where a charge belongs. Only `usage` can be wasted or saved; `unclassified` is a line item type nobody has described yet."""

_ACCOUNT = (
    Column("x_source", "VARCHAR", "Name of the source", nullable=False),
    Column("x_period", "VARCHAR", "Period of the load", nullable=False),
    Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
    Column("BillingAccountId", "VARCHAR", "Payer account or billing account", nullable=False),
    Column("SubAccountId", "VARCHAR", "Usage account or project; null for GCP taxes and support"),
    Column("SubAccountName", "VARCHAR", "Its name"),
    Column("BillingCurrency", "VARCHAR", "ISO 4217; amounts of two currencies are never added", nullable=False),
)
_WHAT = (
    Column("RegionId", "VARCHAR", "Region as the provider names it; null where global"),
    Column("ServiceName", "VARCHAR", "Product code (AWS) or service description (GCP)", nullable=False),
    Column("ResourceType", "VARCHAR", "Kind of resource, in the words of inventory.resources; null where the row has no resource"),
    Column("x_usage_type", "VARCHAR", "Usage type without region prefix (AWS), SKU description (GCP)"),
    Column("x_operation", "VARCHAR", "Operation (AWS), SKU id (GCP), or the SKU that a fee of the old spend-based model paid for"),
    Column("x_instance_type", "VARCHAR", "Instance or machine type of compute rows"),
    Column("ChargeCategory", "VARCHAR", "FOCUS 1.2", nullable=False, allowed=("Usage", "Purchase", "Tax", "Credit", "Adjustment")),
    Column("PricingCategory", "VARCHAR", "FOCUS 1.2: Dynamic is Spot", allowed=("Standard", "Dynamic", "Committed", "Other")),
    Column("CommitmentDiscountId", "VARCHAR", "ARN (AWS) or subscription id (GCP) of the commitment"),
    Column("CommitmentDiscountStatus", "VARCHAR", "Used or Unused", allowed=("Used", "Unused")),
    Column("x_charge_type", "VARCHAR", "Line item type (AWS) or cost type (GCP), as delivered", nullable=False),
    Column("x_pool", "VARCHAR", "Where the charge belongs; only `usage` can be saved", nullable=False, allowed=POOLS),
)
_CHARGE_KIND = Column(
    "x_charge_kind", "VARCHAR", "What the row is: line item type (AWS), or usage, covered usage, used fee, ... (GCP, FOCUS)", nullable=False
)
_DIMENSIONS = (
    Column("x_team", "VARCHAR", "Team: from tags and labels, else by account, as `allocation` says"),
    Column("x_project", "VARCHAR", "Project: from tags and labels, else by account, as `allocation` says"),
    Column("x_environment", "VARCHAR", "Environment: from tags and labels, else by account, as `allocation` says"),
    Column("x_owner", "VARCHAR", "Owner: from tags and labels, else by account, as `allocation` says"),
    Column("x_cost_center", "VARCHAR", "Cost centre: from tags and labels, else by account, as `allocation` says"),
)
_UNIT_PRICES = (
    Column("PricingQuantity", QUANTITY, "Quantity that the price applies to, in PricingUnit"),
    Column("ListUnitPrice", MONEY, "List price per PricingUnit; null where the provider states none", "BillingCurrency"),
    Column("ContractedUnitPrice", MONEY, "This account's price per PricingUnit before commitments", "BillingCurrency"),
    Column("SkuId", "VARCHAR", "SKU as the provider numbers it"),
    Column("SkuPriceId", "VARCHAR", "Price of the SKU, where the provider numbers it"),
)
_MEASURES = (
    Column("BilledCost", MONEY, "Cash view: sums to the invoice over all rows", "BillingCurrency", nullable=False),
    Column("EffectiveCost", MONEY, "Amortised: commitments spread over what they cover", "BillingCurrency", nullable=False),
    Column("ContractedCost", MONEY, "At this account's price, before commitments", "BillingCurrency", nullable=False),
    Column("ListCost", MONEY, "At list price; the billed cost where the provider states no list price", "BillingCurrency", nullable=False),
    Column(
        "x_net_effective_cost",
        MONEY,
        "Amortised, after negotiated discounts: what this account really pays",
        "BillingCurrency",
        nullable=False,
    ),
)
_COMMITMENT_COST = Column(
    "x_commitment_cost",
    MONEY,
    "On the fee rows of a commitment: its amortised cost in the period, used and unused together; 0 on all other rows",
    "BillingCurrency",
    nullable=False,
)

_INVOICE = Column("InvoiceId", "VARCHAR", "Set when the charge is final (AWS); invoice month (GCP)")

CHARGES = Table(
    "core",
    "charges",
    "Every line item of every bill (a view over the delivered files), with FOCUS 1.2 names and meanings.",
    "line item",
    (
        *_ACCOUNT,
        Column("BillingAccountName", "VARCHAR", "Its name"),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month (GCP: of the invoice month)", nullable=False),
        Column("BillingPeriodEnd", "TIMESTAMP", "First instant of the next billing month", nullable=False),
        Column("ChargePeriodStart", "TIMESTAMP", "UTC, inclusive", nullable=False),
        Column("ChargePeriodEnd", "TIMESTAMP", "UTC, exclusive"),
        _INVOICE,
        Column("InvoiceIssuerName", "VARCHAR", "Who issues the invoice"),
        Column("PublisherName", "VARCHAR", "Who made what is charged: a marketplace seller, or the provider"),
        Column("ChargeClass", "VARCHAR", "Correction, or null", allowed=("Correction",)),
        Column("ChargeFrequency", "VARCHAR", "FOCUS 1.2", nullable=False, allowed=("One-Time", "Recurring", "Usage-Based")),
        Column("ServiceCategory", "VARCHAR", "FOCUS 1.2, where the bill is a FOCUS file"),
        Column("RegionName", "VARCHAR", "Name of the region, where the bill has one"),
        Column("CommitmentDiscountName", "VARCHAR", "Name of the commitment, where the bill has one"),
        Column("CommitmentDiscountType", "VARCHAR", "Kind of commitment, as the provider calls it"),
        Column("CapacityReservationId", "VARCHAR", "Capacity reservation that the row belongs to"),
        *_WHAT,
        _CHARGE_KIND,
        Column("ResourceId", "VARCHAR", "Id that joins to inventory and metrics: bare id, never an ARN of EC2; numeric id on GCP"),
        Column("ResourceName", "VARCHAR", "Name where the bill has one"),
        Column("AvailabilityZone", "VARCHAR", "Zone where the bill has one"),
        Column("ChargeDescription", "VARCHAR", "As delivered"),
        Column("ConsumedQuantity", QUANTITY, "Usage in PricingUnit; null for rows that are not usage"),
        Column("x_committed_quantity", QUANTITY, "Quantity that the fee of a commitment is for, in PricingUnit; null on other rows"),
        Column("PricingUnit", "VARCHAR", "Unit of ConsumedQuantity and PricingQuantity, as delivered"),
        *_UNIT_PRICES,
        Column("Tags", "MAP(VARCHAR, VARCHAR)", "Tags or labels"),
        *_DIMENSIONS,
        *_MEASURES,
        _COMMITMENT_COST,
        Column(
            "x_line_items",
            "INTEGER",
            "Delivered rows behind the charge: 1; 0 for a promotion that was split off its GCP row",
            "rows",
            nullable=False,
        ),
    ),
)

DAILY_COST = Table(
    "core",
    "daily_cost",
    "Charges rolled up to resource and day. Adds up to core.charges to the last decimal.",
    "day, resource and everything that tells its charges apart",
    (
        *_ACCOUNT,
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        _INVOICE,
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month (GCP: of the invoice month)"),
        *_WHAT,
        _CHARGE_KIND,
        Column("ResourceId", "VARCHAR", "Id that joins to inventory and metrics"),
        Column("PricingUnit", "VARCHAR", "Unit of the quantity"),
        *_DIMENSIONS,
        Column("consumed_quantity", QUANTITY, "Usage in PricingUnit", nullable=False),
        Column("committed_quantity", QUANTITY, "Quantity that the fees of commitments are for, in PricingUnit", nullable=False),
        Column("charge_count", "BIGINT", "Line items", "rows", nullable=False),
        *_MEASURES,
        _COMMITMENT_COST,
    ),
)

HOURLY_USAGE = Table(
    "core",
    "hourly_usage",
    "Hourly compute usage that a commitment could cover or covers, without resources: what commitments are sized on.",
    "hour and price-relevant kind of usage",
    (
        *_ACCOUNT,
        Column("usage_hour", "TIMESTAMP", "First instant of the hour, UTC", nullable=False),
        *(column for column in _WHAT if column.name != "ResourceType"),
        Column("PricingUnit", "VARCHAR", "Unit of the quantity"),
        Column("consumed_quantity", QUANTITY, "Usage in PricingUnit", nullable=False),
        *_MEASURES,
    ),
)

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
            "Amortised cost of usage under commitments whose fee rows are in another bill: in a member's own export (AWS)",
            "BillingCurrency",
            nullable=False,
        ),
    ),
    key=("x_source", "ProviderName", "BillingAccountId", "billing_month", "usage_month", "BillingCurrency"),
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

_SPLIT_AMOUNT = "as AWS splits it; in no total, since the instance is charged in core.daily_cost"

SPLIT_COSTS = Table(
    "core",
    "split_costs",
    "What EKS pods and ECS tasks used of the instances they ran on, by day. In no total: the instances are in core.daily_cost.",
    "day, container, instance and everything that tells its rows apart",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("x_period", "VARCHAR", "Period of the load", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account"),
        Column("SubAccountName", "VARCHAR", "Its name"),
        Column("BillingCurrency", "VARCHAR", "ISO 4217", nullable=False),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month"),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("orchestrator", "VARCHAR", "EKS or ECS", nullable=False, allowed=("EKS", "ECS")),
        Column("container_id", "VARCHAR", "ARN of the pod or task"),
        Column("parent_resource_id", "VARCHAR", "Instance it ran on, as in core.daily_cost"),
        Column("cluster_name", "VARCHAR", "Cluster"),
        Column("namespace", "VARCHAR", "Kubernetes namespace; null for ECS"),
        Column("workload", "VARCHAR", "Kubernetes workload or ECS service, where its tag is activated"),
        *_DIMENSIONS,
        Column("split_cost", MONEY, f"Amortised cost of what was reserved or used, {_SPLIT_AMOUNT}", "BillingCurrency", nullable=False),
        Column("unused_cost", MONEY, f"Its part of what nobody used of the instance, {_SPLIT_AMOUNT}", "BillingCurrency", nullable=False),
        Column("net_split_cost", MONEY, "split_cost after negotiated discounts", "BillingCurrency", nullable=False),
        Column("net_unused_cost", MONEY, "unused_cost after negotiated discounts", "BillingCurrency", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
    ),
)

CONTAINER_COSTS = Table(
    "core",
    "container_costs",
    "Instance cost that passes to the containers that ran there: positive for containers and for what was idle, negative for the instance,"
    " so that it adds up to zero.",
    "day, instance, role and allocation dimensions",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account"),
        Column("SubAccountName", "VARCHAR", "Its name"),
        Column("BillingCurrency", "VARCHAR", "ISO 4217", nullable=False),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month"),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("parent_resource_id", "VARCHAR", "Instance", nullable=False),
        Column("ServiceName", "VARCHAR", "Service that the instance is charged under", nullable=False),
        Column("x_usage_type", "VARCHAR", "Usage type that the instance is charged under"),
        Column("role", "VARCHAR", "Whose cost it is", nullable=False, allowed=("instance", "container", "idle")),
        *_DIMENSIONS,
        Column("cost", MONEY, "Net effective cost", "BillingCurrency", nullable=False),
        Column("committed_cost", MONEY, "Price without commitments of the part that commitments cover", "BillingCurrency", nullable=False),
    ),
)

TABLES = (CHARGES, DAILY_COST, HOURLY_USAGE, RESOURCE_COSTS, INSTANCE_RATES, MONTH_VIEWS, KNOWN_COSTS, SPLIT_COSTS, CONTAINER_COSTS)
