"""What must, and what may, be in a delivered bill. The lake keeps more than this: files stay as they were delivered."""

from costsieve.contracts import usage
from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

_TEXT = "VARCHAR"
_TAGS = "MAP(VARCHAR, VARCHAR)"
_LOAD_COLUMNS = (
    Column("x_source", _TEXT, "Name of the source in costsieve.yaml", nullable=False),
    Column("x_period", _TEXT, "Period of the load: billing month (AWS), partition day (GCP)", nullable=False),
)


_DIMENSIONS = tuple(
    Column(f"delivered_{name}", _TEXT, f"Value of the tag or label that the allocation dimension {name} is read from")
    for name in ("team", "project", "environment", "owner", "cost_center")
)


def _optional(names: str, type_: str, description: str) -> tuple[Column, ...]:
    return tuple(Column(name, type_, description) for name in names.split())


AWS_CUR = Table(
    "raw",
    "aws_cur",
    "AWS Cost and Usage Report 2.0 under its declared types; columns that an export lacks are null.",
    "line item",
    (
        *_LOAD_COLUMNS,
        Column("bill_payer_account_id", _TEXT, "Payer account", nullable=False),
        Column("bill_billing_period_start_date", "TIMESTAMP", "First instant of the billing month", nullable=False),
        Column("line_item_usage_account_id", _TEXT, "Account that used the resource", nullable=False),
        Column("line_item_line_item_type", _TEXT, "Usage, Tax, SavingsPlanCoveredUsage, ...", nullable=False),
        Column("line_item_usage_start_date", "TIMESTAMP", "First instant of the usage, UTC", nullable=False),
        Column("line_item_product_code", _TEXT, "AmazonEC2, AmazonS3, ...", nullable=False),
        Column("line_item_usage_type", _TEXT, "USW2-BoxUsage:m5.large, ...", nullable=False),
        Column("line_item_currency_code", _TEXT, "Billing currency", nullable=False),
        Column("line_item_unblended_cost", MONEY, "Cost as invoiced", "currency", nullable=False),
        *_optional("bill_invoice_id bill_bill_type bill_billing_entity bill_invoicing_entity", _TEXT, "Of the bill"),
        *_optional("identity_time_interval", _TEXT, "Hour, day or month that the row is for, as delivered"),
        *_optional("line_item_usage_end_date bill_billing_period_end_date", "TIMESTAMP", "Exclusive end, UTC"),
        *_optional(
            "line_item_usage_account_name bill_payer_account_name line_item_operation line_item_resource_id line_item_availability_zone"
            " line_item_line_item_description line_item_tax_type line_item_legal_entity",
            _TEXT,
            "Of the line item",
        ),
        *_optional("line_item_usage_amount", QUANTITY, "Usage in pricing units"),
        *_optional("line_item_net_unblended_cost", MONEY, "After discounts; null where the payer has none"),
        *_optional("pricing_public_on_demand_cost", MONEY, "At list price; 0 or null where AWS has none"),
        *_optional("line_item_unblended_rate pricing_public_on_demand_rate", MONEY, "Price per unit"),
        *_optional("pricing_unit pricing_term pricing_purchase_option pricing_rate_code", _TEXT, "Of the price"),
        *_optional(
            "product_servicecode product_region_code product_instance_type product_instance_family product_product_family product_sku"
            " product_location",
            _TEXT,
            "Of the product",
        ),
        *_optional("reservation_reservation_a_r_n savings_plan_savings_plan_a_r_n", _TEXT, "Commitment of the row"),
        *_optional("savings_plan_payment_option savings_plan_offering_type savings_plan_purchase_term", _TEXT, "Of the plan"),
        *_optional("savings_plan_end_time reservation_end_time", _TEXT, "Expiry of the commitment, ISO 8601 text as delivered"),
        *_optional(
            "reservation_effective_cost reservation_net_effective_cost reservation_unused_amortized_upfront_fee_for_billing_period"
            " reservation_unused_recurring_fee reservation_net_unused_amortized_upfront_fee_for_billing_period"
            " reservation_net_unused_recurring_fee reservation_amortized_upfront_fee_for_billing_period reservation_recurring_fee_for_usage"
            " savings_plan_savings_plan_effective_cost savings_plan_net_savings_plan_effective_cost savings_plan_total_commitment_to_date"
            " savings_plan_used_commitment savings_plan_recurring_commitment_for_billing_period"
            " savings_plan_net_recurring_commitment_for_billing_period savings_plan_amortized_upfront_commitment_for_billing_period"
            " savings_plan_net_amortized_upfront_commitment_for_billing_period",
            MONEY,
            "Amortisation column of the commitment",
        ),
        *_optional("capacity_reservation_capacity_reservation_arn split_line_item_parent_resource_id", _TEXT, "As delivered"),
        *_optional(
            "split_line_item_split_cost split_line_item_unused_cost split_line_item_net_split_cost split_line_item_net_unused_cost",
            MONEY,
            "Share of the parent instance; on rows of split cost allocation only, which are no charges of their own",
        ),
        Column("resource_tags", _TAGS, "Activated tags; keys of users' tags as spelled by the user where the export says so"),
        *_optional("cost_category product", _TAGS, "As delivered"),
        *_DIMENSIONS,
    ),
)

GCP_BILLING = Table(
    "raw",
    "gcp_billing",
    "GCP detailed billing export under its declared types, with records flattened and each row's credits summed by kind.",
    "row of the export",
    (
        *_LOAD_COLUMNS,
        Column("billing_account_id", _TEXT, "Billing account", nullable=False),
        Column("invoice_month", _TEXT, "YYYYMM; the only key that ties to an invoice", nullable=False),
        Column("cost_type", _TEXT, "regular, tax, adjustment or rounding_error", nullable=False),
        Column("usage_start_time", "TIMESTAMP", "UTC", nullable=False),
        Column("usage_end_time", "TIMESTAMP", "UTC, exclusive", nullable=False),
        Column("export_time", "TIMESTAMP", "When the row was exported, UTC", nullable=False),
        Column("currency", _TEXT, "Billing currency", nullable=False),
        Column("cost", MONEY, "Before credits", "currency", nullable=False),
        *_optional("service_id service_description sku_id sku_description", _TEXT, "Of the SKU"),
        *_optional("project_id project_name", _TEXT, "Project; null for taxes and support"),
        *_optional("location_location location_region location_zone", _TEXT, "Where the usage was"),
        *_optional("resource_name resource_global_name subscription_instance_id", _TEXT, "Of the resource or the commitment"),
        *_optional("consumption_model_id consumption_model_description", _TEXT, "Default, or the commitment that priced the row"),
        *_optional("machine_spec", _TEXT, "Machine type, from system label compute.googleapis.com/machine_spec"),
        *_optional("usage_amount usage_amount_in_pricing_units", QUANTITY, "Usage"),
        *_optional("usage_unit usage_pricing_unit", _TEXT, "Unit of the usage"),
        *_optional("cost_at_list cost_at_effective_price_default", MONEY, "Price comparisons as exported"),
        Column("promotion_credits", MONEY, "Credits of type PROMOTION; negative", "currency", nullable=False),
        Column("commitment_credits", MONEY, "COMMITTED_USAGE_DISCOUNT and ..._DOLLAR_BASE; negative", "currency", nullable=False),
        Column("fee_offset_credits", MONEY, "FEE_UTILIZATION_OFFSET; negative", "currency", nullable=False),
        Column("discount_credits", MONEY, "All other credits (sustained use, negotiated, free tier); negative", "currency", nullable=False),
        Column("spend_commitment_credits", MONEY, "Of commitment_credits: ..._DOLLAR_BASE", "currency", nullable=False),
        Column("sustained_use_credits", MONEY, "Of discount_credits: SUSTAINED_USAGE_DISCOUNT", "currency", nullable=False),
        Column("free_tier_credits", MONEY, "Of discount_credits: FREE_TIER", "currency", nullable=False),
        Column("subscription_benefit_credits", MONEY, "Of discount_credits: SUBSCRIPTION_BENEFIT", "currency", nullable=False),
        Column("reseller_margin_credits", MONEY, "Of discount_credits: RESELLER_MARGIN", "currency", nullable=False),
        Column("negotiated_credits", MONEY, "Of discount_credits: DISCOUNT and every type not named here", "currency", nullable=False),
        Column("adjustment_type", _TEXT, "adjustment_info.type; null on regular rows"),
        Column("adjustment_mode", _TEXT, "adjustment_info.mode; null on regular rows"),
        *_optional("price_list_price price_effective_price", MONEY, "Price of price_pricing_unit_quantity pricing units"),
        *_optional("price_pricing_unit_quantity", QUANTITY, "Pricing units that a price is for"),
        *_optional("seller_name transaction_type", _TEXT, "Of a marketplace row"),
        Column("labels", _TAGS, "Resource labels"),
        *_DIMENSIONS,
    ),
)

FOCUS = Table(
    "raw",
    "focus",
    "FOCUS 1.0 to 1.2 rows of any provider under their declared types; columns that a provider lacks are null.",
    "charge",
    (
        *_LOAD_COLUMNS,
        Column("BillingAccountId", _TEXT, "Billing account", nullable=False),
        Column("BillingCurrency", _TEXT, "Billing currency", nullable=False),
        Column("BillingPeriodStart", "TIMESTAMP", "UTC", nullable=False),
        Column("ChargeCategory", _TEXT, "Usage, Purchase, Tax, Credit or Adjustment", nullable=False),
        Column("ChargePeriodStart", "TIMESTAMP", "UTC", nullable=False),
        Column("ProviderName", _TEXT, "As delivered", nullable=False),
        Column("ServiceName", _TEXT, "As delivered", nullable=False),
        Column("BilledCost", MONEY, "Sums to the invoice", "BillingCurrency", nullable=False),
        Column("EffectiveCost", MONEY, "Amortised", "BillingCurrency"),
        *_optional("ListCost ContractedCost", MONEY, "As delivered"),
        *_optional("BillingPeriodEnd ChargePeriodEnd", "TIMESTAMP", "UTC, exclusive"),
        *_optional("ListUnitPrice ContractedUnitPrice", MONEY, "Price per pricing unit"),
        *_optional("ConsumedQuantity PricingQuantity CommitmentDiscountQuantity", QUANTITY, "As delivered"),
        *_optional(
            "AvailabilityZone BillingAccountName BillingAccountType CapacityReservationId CapacityReservationStatus ChargeClass"
            " ChargeDescription ChargeFrequency CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName"
            " CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit ConsumedUnit InvoiceId InvoiceIssuerName"
            " PricingCategory PricingUnit PublisherName RegionId RegionName ResourceId ResourceName ResourceType ServiceCategory"
            " ServiceSubcategory SkuId SkuMeter SkuPriceId SubAccountId SubAccountName SubAccountType",
            _TEXT,
            "As delivered",
        ),
        *_optional("x_UsageType x_Operation x_ServiceCode x_CostType", _TEXT, "Provider's own column, where it has one"),
        Column("x_SystemLabels", _TAGS, "Google's system labels, such as the machine type"),
        Column("SkuPriceDetails", _TAGS, "As delivered, record or JSON text"),
        Column("Tags", _TAGS, "As delivered: map, JSON text, record, or Google's lists of labels and tags as one map"),
        *_DIMENSIONS,
    ),
)

BILLS = (AWS_CUR, GCP_BILLING, FOCUS)
"""Views over delivered bills, made by costsieve.core."""

INVENTORY = Table(
    "raw",
    "inventory",
    "Every landed inventory, with the source and day it came from.",
    "source, day and resource",
    (*_LOAD_COLUMNS, *usage.INVENTORY.columns),
)

STORED_OBJECTS = Table(
    "raw",
    "stored_objects",
    "Every landed S3 inventory, with the source and day it came from.",
    "source, day and object version",
    (
        *_LOAD_COLUMNS,
        Column("bucket", _TEXT, "Bucket", nullable=False),
        Column("key", _TEXT, "Key", nullable=False),
        Column("size", "BIGINT", "Size", "bytes"),
        Column("last_modified_date", "TIMESTAMP", "UTC"),
        Column("storage_class", _TEXT, "As the S3 API spells it"),
        Column("is_latest", "BOOLEAN", "Null when the inventory lists current versions only"),
        Column("is_delete_marker", "BOOLEAN", "Null when the inventory lists current versions only"),
    ),
)

OBJECT_READS = Table(
    "raw",
    "object_reads",
    "Every landed set of read statistics, with the source and day it came from.",
    "source, day, bucket, prefix and age",
    (*_LOAD_COLUMNS, *usage.OBJECT_READS.columns),
)

ESTATE = (INVENTORY, STORED_OBJECTS, OBJECT_READS)
"""Views over landed inventories and object statistics, made by costsieve.usage."""

TABLES = (*BILLS, *ESTATE)
