"""Tables that only Google's exports fill: prices, attributed fees, what its invoice and console show. Charges are in contracts.charges."""

from costsieve.contracts.charges import DIMENSIONS
from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

PRICES = Table(
    "raw",
    "gcp_prices",
    "The newest GCP pricing export of each source, one row per tier of the list price and of the billing account's own price.",
    "billing account, SKU, kind of price and tier",
    (
        Column("x_source", "VARCHAR", "Name of the source in costsieve.yaml", nullable=False),
        Column("x_period", "VARCHAR", "Day of the pricing export", nullable=False),
        Column("billing_account_id", "VARCHAR", "Billing account", nullable=False),
        Column("service", "VARCHAR", "Service description"),
        Column("sku_id", "VARCHAR", "SKU id", nullable=False),
        Column("sku_description", "VARCHAR", "SKU description"),
        Column("pricing_unit", "VARCHAR", "Unit of the price, as delivered"),
        Column("currency", "VARCHAR", "Currency of the billing account", nullable=False),
        Column("regions", "VARCHAR[]", "Regions that the SKU is sold in"),
        Column("exported_at", "TIMESTAMP", "When the price was exported, UTC", nullable=False),
        Column("priced_at", "TIMESTAMP", "When the price was in force, UTC"),
        Column("price_kind", "VARCHAR", "list, or contract where the account has one", nullable=False, allowed=("list", "contract")),
        Column("tier_start", QUANTITY, "First unit of monthly usage that the price applies to", "pricing_unit", nullable=False),
        Column("unit_price", MONEY, "Price of one pricing unit", "currency", nullable=False),
    ),
)

COMMITMENT_ATTRIBUTION = Table(
    "core",
    "commitment_attribution",
    "What the fees of GCP commitments cost the usage that they covered: resource-based ones, and spend-based ones of the old model.",
    "day, billing account, what the fee covers, and resource and SKU (Used) or fee (Unused)",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Billing account", nullable=False),
        Column("BillingCurrency", "VARCHAR", "Currency of the amounts", nullable=False),
        Column("covers", "VARCHAR", "What the fee is for: a SKU, or cores, memory or GPUs of a family in a region", nullable=False),
        Column("CommitmentDiscountStatus", "VARCHAR", "Used, or Unused: the rest of the fee", nullable=False, allowed=("Used", "Unused")),
        Column("SubAccountId", "VARCHAR", "Project of the covered usage; of the fee where unused"),
        Column("RegionId", "VARCHAR", "Its region"),
        Column("ResourceId", "VARCHAR", "Covered resource; null where unused"),
        Column("x_usage_type", "VARCHAR", "SKU description of the covered usage; of the fee where unused"),
        Column("x_operation", "VARCHAR", "Its SKU id"),
        Column("CommitmentDiscountId", "VARCHAR", "Subscription id of an unused fee"),
        *DIMENSIONS,
        Column("attributed_cost", MONEY, "Part of the fee", "BillingCurrency", nullable=False),
    ),
)

SKU_PRICES = Table(
    "core",
    "sku_prices",
    "What each SKU costs per tier of monthly usage, from the newest pricing export.",
    "billing account, SKU, tier and currency",
    (
        Column("provider", "VARCHAR", "GCP", nullable=False),
        Column("billing_account_id", "VARCHAR", "Billing account", nullable=False),
        Column("service", "VARCHAR", "Service description"),
        Column("sku_id", "VARCHAR", "SKU id", nullable=False),
        Column("sku_description", "VARCHAR", "SKU description"),
        Column("pricing_unit", "VARCHAR", "Unit of the price, as delivered"),
        Column("tier_start", QUANTITY, "First unit of monthly usage that the price applies to", "pricing_unit", nullable=False),
        Column("list_price", MONEY, "List price of one pricing unit", "currency"),
        Column("contract_price", MONEY, "This account's price of one pricing unit; null without a contract", "currency"),
        Column("currency", "VARCHAR", "Currency of the billing account", nullable=False),
        Column("regions", "VARCHAR[]", "Regions that the SKU is sold in"),
        Column("priced_at", "TIMESTAMP", "When the price was in force, UTC"),
    ),
    key=("billing_account_id", "sku_id", "tier_start", "currency"),
)

_CREDITS = (
    Column("discounts", MONEY, "Commitments, sustained use, free tier, negotiated discounts; negative", "BillingCurrency", nullable=False),
    Column("promotions", MONEY, "Promotions: a way of paying; negative", "BillingCurrency", nullable=False),
)

INVOICE_MONTHS = Table(
    "core",
    "gcp_invoice_months",
    "What Google invoices per month (a view): the key is the invoice month, whatever month the usage was in.",
    "billing account, invoice month and currency",
    (
        Column("BillingAccountId", "VARCHAR", "Billing account", nullable=False),
        Column("InvoiceId", "VARCHAR", "Invoice month, YYYYMM", nullable=False),
        Column("BillingCurrency", "VARCHAR", "Currency of the amounts", nullable=False),
        Column("cost", MONEY, "Before credits, without tax and adjustments", "BillingCurrency", nullable=False),
        Column("credits", MONEY, "Discounts and promotions; negative", "BillingCurrency", nullable=False),
        *_CREDITS,
        Column("tax", MONEY, "Taxes", "BillingCurrency", nullable=False),
        Column("adjustments", MONEY, "Adjustments and rounding", "BillingCurrency", nullable=False),
        Column("total", MONEY, "What the invoice says", "BillingCurrency", nullable=False),
    ),
    key=("BillingAccountId", "InvoiceId", "BillingCurrency"),
)

CONSOLE_DAYS = Table(
    "core",
    "gcp_console_days",
    "What Google's console shows per day (a view): days begin at midnight in US/Pacific, and in UTC everywhere else.",
    "billing account, project, service, console day, invoice month and currency",
    (
        Column("BillingAccountId", "VARCHAR", "Billing account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Project"),
        Column("ServiceName", "VARCHAR", "Service description"),
        Column("console_day", "DATE", "Day in US/Pacific", nullable=False),
        Column("InvoiceId", "VARCHAR", "Invoice month, YYYYMM", nullable=False),
        Column("BillingCurrency", "VARCHAR", "Currency of the amounts", nullable=False),
        Column("cost", MONEY, "Before credits", "BillingCurrency", nullable=False),
        *_CREDITS,
        Column("total", MONEY, "Cost and all credits", "BillingCurrency", nullable=False),
    ),
)

VIEWS = (PRICES, INVOICE_MONTHS, CONSOLE_DAYS)
"""Views over landed exports; the last two are compared with Google's own pages."""

TABLES = (COMMITMENT_ATTRIBUTION, SKU_PRICES)
