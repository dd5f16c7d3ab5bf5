"""The columns of FOCUS 1.2, Cost and Usage dataset, as Costsieve writes them. Delivered FOCUS files are described in contracts.raw."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

_TEXT = "VARCHAR"
_INSTANT = "TIMESTAMP WITH TIME ZONE"
_CURRENCY = "BillingCurrency"
_PRICE = "DECIMAL(38,18)"  # a price of one request or byte has more decimals than an amount

FOCUS_1_2 = Table(
    "exports",
    "focus",
    "FOCUS 1.2 (https://focus.finops.org), all 57 columns in the order of the standard. Not in the warehouse: `costsieve export focus` writes it.",
    "charge; one delivered row of a bill may be two charges: what was bought, and what it cost in the period",
    (
        Column("AvailabilityZone", _TEXT, "Zone where the bill has one"),
        Column("BilledCost", MONEY, "Sums to the invoice", _CURRENCY, nullable=False),
        Column("BillingAccountId", _TEXT, "Payer account or billing account", nullable=False),
        Column("BillingAccountName", _TEXT, "Its name, where the bill has one"),
        Column("BillingAccountType", _TEXT, "Management Account (AWS), Billing Account (Google Cloud)", nullable=False),
        Column("BillingCurrency", _TEXT, "ISO 4217", nullable=False),
        Column("BillingPeriodEnd", _INSTANT, "UTC, exclusive", nullable=False),
        Column("BillingPeriodStart", _INSTANT, "UTC; on Google Cloud of the invoice month", nullable=False),
        Column("CapacityReservationId", _TEXT, "Capacity reservation of the row"),
        Column("CapacityReservationStatus", _TEXT, "Whether the reserved capacity was used", allowed=("Used", "Unused")),
        Column(
            "ChargeCategory", _TEXT, "Kind of charge", nullable=False, allowed=("Usage", "Purchase", "Tax", "Credit", "Adjustment")
        ),
        Column("ChargeClass", _TEXT, "Correction of an earlier invoice, or null", allowed=("Correction",)),
        Column("ChargeDescription", _TEXT, "As delivered"),
        Column("ChargeFrequency", _TEXT, "How often it is charged", nullable=False, allowed=("One-Time", "Recurring", "Usage-Based")),
        Column("ChargePeriodEnd", _INSTANT, "UTC, exclusive", nullable=False),
        Column("ChargePeriodStart", _INSTANT, "UTC", nullable=False),
        Column("CommitmentDiscountCategory", _TEXT, "What was committed to", allowed=("Spend", "Usage")),
        Column("CommitmentDiscountId", _TEXT, "Commitment that was bought, or that priced the row"),
        Column("CommitmentDiscountName", _TEXT, "Its name, where the bill has one"),
        Column("CommitmentDiscountQuantity", QUANTITY, "Committed quantity that was bought, used or not used"),
        Column("CommitmentDiscountStatus", _TEXT, "Whether the commitment was used", allowed=("Used", "Unused")),
        Column("CommitmentDiscountType", _TEXT, "Kind of commitment, as the provider calls it"),
        Column("CommitmentDiscountUnit", _TEXT, "Unit of that quantity: the currency where spend was committed"),
        Column("ConsumedQuantity", QUANTITY, "Usage; null for what is no usage, and for unused commitments"),
        Column("ConsumedUnit", _TEXT, "Unit of the usage, in the FOCUS unit format"),
        Column("ContractedCost", MONEY, "At this account's price, before commitments", _CURRENCY, nullable=False),
        Column("ContractedUnitPrice", _PRICE, "The price behind it; of the row, where price tiers were mixed", _CURRENCY),
        Column("EffectiveCost", MONEY, "Amortised; 0 for the purchase of a commitment", _CURRENCY, nullable=False),
        Column("InvoiceId", _TEXT, "Set when the charge is final (AWS); null for Google Cloud"),
        Column("InvoiceIssuerName", _TEXT, "Who issues the invoice", nullable=False),
        Column("ListCost", MONEY, "At list price; the billed cost where the provider states none", _CURRENCY, nullable=False),
        Column("ListUnitPrice", _PRICE, "The price behind it; of the row, where price tiers were mixed", _CURRENCY),
        Column("PricingCategory", _TEXT, "Dynamic is Spot", allowed=("Standard", "Dynamic", "Committed", "Other")),
        Column("PricingCurrency", _TEXT, "The billing currency", nullable=False),
        Column("PricingCurrencyContractedUnitPrice", _PRICE, "As ContractedUnitPrice", "PricingCurrency"),
        Column("PricingCurrencyEffectiveCost", MONEY, "As EffectiveCost", "PricingCurrency", nullable=False),
        Column("PricingCurrencyListUnitPrice", _PRICE, "As ListUnitPrice", "PricingCurrency"),
        Column("PricingQuantity", QUANTITY, "Quantity that the prices apply to; null for taxes, credits and adjustments"),
        Column("PricingUnit", _TEXT, "Its unit, in the FOCUS unit format where that has one"),
        Column("ProviderName", _TEXT, "AWS, GCP, or as delivered in FOCUS files", nullable=False),
        Column("PublisherName", _TEXT, "Who made what is charged", nullable=False),
        Column("RegionId", _TEXT, "Region, as the provider numbers it"),
        Column("RegionName", _TEXT, "Its name"),
        Column("ResourceId", _TEXT, "Resource; the commitment, where it was bought or left unused"),
        Column("ResourceName", _TEXT, "Its name, where the bill has one"),
        Column("ResourceType", _TEXT, "Virtual Machine, Block Volume, Bucket, ..."),
        Column("ServiceCategory", _TEXT, "One of the standard's 19; Other for a service that is not in the catalogue", nullable=False),
        Column("ServiceName", _TEXT, "Product code (AWS), service description (Google Cloud)", nullable=False),
        Column("ServiceSubcategory", _TEXT, "One of the standard's 79", nullable=False),
        Column("SkuId", _TEXT, "SKU"),
        Column("SkuMeter", _TEXT, "Usage type (AWS), SKU description (Google Cloud)"),
        Column("SkuPriceDetails", _TEXT, 'JSON: {"InstanceType": ...}'),
        Column("SkuPriceId", _TEXT, "Rate code (AWS); the SKU again on Google Cloud, which numbers no prices"),
        Column("SubAccountId", _TEXT, "Usage account or project"),
        Column("SubAccountName", _TEXT, "Its name, where the bill has one"),
        Column("SubAccountType", _TEXT, "Account (AWS), Project (Google Cloud)"),
        Column("Tags", _TEXT, "JSON; keys of users as they spelled them, of providers with their prefix"),
    ),
)
