"""The cost basis: charges under FOCUS 1.2 names, and the columns that the roll-ups share with them. What resources cost is not here."""

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

ACCOUNT = (
    Column("x_source", "VARCHAR", "Name of the source", nullable=False),
    Column("x_period", "VARCHAR", "Period of the load", nullable=False),
    Column("ProviderName", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
    Column("BillingAccountId", "VARCHAR", "Payer account or billing account", nullable=False),
    Column("SubAccountId", "VARCHAR", "Usage account or project; null for GCP taxes and support"),
    Column("SubAccountName", "VARCHAR", "Its name"),
    Column("BillingCurrency", "VARCHAR", "ISO 4217; amounts of two currencies are never added", nullable=False),
)

WHAT = (
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

CHARGE_KIND = Column(
    "x_charge_kind", "VARCHAR", "What the row is: line item type (AWS), or usage, covered usage, used fee, ... (GCP, FOCUS)", nullable=False
)

DIMENSIONS = (
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

MEASURES = (
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

COMMITMENT_COST = Column(
    "x_commitment_cost",
    MONEY,
    "On the fee rows of a commitment: its amortised cost in the period, used and unused together; 0 on all other rows",
    "BillingCurrency",
    nullable=False,
)

INVOICE = Column("InvoiceId", "VARCHAR", "Set when the charge is final (AWS); invoice month (GCP)")

CHARGES = Table(
    "core",
    "charges",
    "Every line item of every bill (a view over the delivered files), with FOCUS 1.2 names and meanings.",
    "line item",
    (
        *ACCOUNT,
        Column("BillingAccountName", "VARCHAR", "Its name"),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month (GCP: of the invoice month)", nullable=False),
        Column("BillingPeriodEnd", "TIMESTAMP", "First instant of the next billing month", nullable=False),
        Column("ChargePeriodStart", "TIMESTAMP", "UTC, inclusive", nullable=False),
        Column("ChargePeriodEnd", "TIMESTAMP", "UTC, exclusive"),
        INVOICE,
        Column("InvoiceIssuerName", "VARCHAR", "Who issues the invoice"),
        Column("PublisherName", "VARCHAR", "Who made what is charged: a marketplace seller, or the provider"),
        Column("ChargeClass", "VARCHAR", "Correction, or null", allowed=("Correction",)),
        Column("ChargeFrequency", "VARCHAR", "FOCUS 1.2", nullable=False, allowed=("One-Time", "Recurring", "Usage-Based")),
        Column("ServiceCategory", "VARCHAR", "FOCUS 1.2, where the bill is a FOCUS file"),
        Column("RegionName", "VARCHAR", "Name of the region, where the bill has one"),
        Column("CommitmentDiscountName", "VARCHAR", "Name of the commitment, where the bill has one"),
        Column("CommitmentDiscountType", "VARCHAR", "Kind of commitment, as the provider calls it"),
        Column("CapacityReservationId", "VARCHAR", "Capacity reservation that the row belongs to"),
        *WHAT,
        CHARGE_KIND,
        Column(
            "ResourceId",
            "VARCHAR",
            "Id that joins to inventory and metrics: bare where it is unique by itself, else the ARN or Google's full resource name",
        ),
        Column("ResourceName", "VARCHAR", "Name where the bill has one"),
        Column("AvailabilityZone", "VARCHAR", "Zone where the bill has one"),
        Column("ChargeDescription", "VARCHAR", "As delivered"),
        Column("ConsumedQuantity", QUANTITY, "Usage in PricingUnit; null for rows that are not usage"),
        Column("x_committed_quantity", QUANTITY, "Quantity that the fee of a commitment is for, in PricingUnit; null on other rows"),
        Column("PricingUnit", "VARCHAR", "Unit of ConsumedQuantity and PricingQuantity, as delivered"),
        *_UNIT_PRICES,
        Column("Tags", "MAP(VARCHAR, VARCHAR)", "Tags or labels"),
        *DIMENSIONS,
        *MEASURES,
        COMMITMENT_COST,
        Column(
            "x_line_items",
            "INTEGER",
            "Delivered rows behind the charge: 1; 0 for a promotion that was split off its GCP row",
            "rows",
            nullable=False,
        ),
    ),
)
