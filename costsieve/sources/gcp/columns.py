"""Columns of Google's three billing exports with their declared types. What a column means is in costsieve.contracts.raw.

Google changes these tables over time. A column that a delivery lacks is left out; a column that is not named here is not read.
Types are DuckDB's. They are declared, never sniffed: project numbers and invoice months are text.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from costsieve.money import MONEY, QUANTITY

_TEXT = "VARCHAR"
_TIME = "TIMESTAMP"
_KEY_VALUES = "STRUCT(key VARCHAR, value VARCHAR)[]"
_NAMED = "STRUCT(id VARCHAR, description VARCHAR)"
_TIERS = f"STRUCT(pricing_unit_quantity {QUANTITY}, start_usage_amount {QUANTITY}, usd_amount {MONEY}, account_currency_amount {MONEY})[]"
_PRICES = (
    f"STRUCT(effective_price {MONEY}, tier_start_amount {QUANTITY}, unit VARCHAR, pricing_unit_quantity {QUANTITY},"
    f" list_price {MONEY}, effective_price_default {MONEY}, list_price_consumption_model {MONEY})"
)


@dataclass(frozen=True)
class Export:
    """One kind of export: its columns, those that every row has a value in, and the one that says when a row was exported."""

    source_type: str
    columns: Mapping[str, str]
    always_set: tuple[str, ...]
    exported_at: str


BILLING = Export(
    "gcp_billing",
    {
        "billing_account_id": _TEXT,
        "invoice": "STRUCT(month VARCHAR, publisher_type VARCHAR)",
        "cost_type": _TEXT,
        "service": _NAMED,
        "sku": _NAMED,
        "usage_start_time": _TIME,
        "usage_end_time": _TIME,
        "project": f"STRUCT(id VARCHAR, number VARCHAR, name VARCHAR, ancestry_numbers VARCHAR, labels {_KEY_VALUES})",
        "labels": _KEY_VALUES,
        "system_labels": _KEY_VALUES,
        "tags": "STRUCT(key VARCHAR, value VARCHAR, inherited BOOLEAN, namespace VARCHAR)[]",
        "location": "STRUCT(location VARCHAR, country VARCHAR, region VARCHAR, zone VARCHAR)",
        "export_time": _TIME,
        "cost": MONEY,
        "currency": _TEXT,
        "usage": f"STRUCT(amount {QUANTITY}, unit VARCHAR, amount_in_pricing_units {QUANTITY}, pricing_unit VARCHAR)",
        "credits": f"STRUCT(id VARCHAR, full_name VARCHAR, type VARCHAR, name VARCHAR, amount {MONEY})[]",
        "adjustment_info": "STRUCT(id VARCHAR, description VARCHAR, type VARCHAR, mode VARCHAR)",
        "cost_at_list": MONEY,
        "cost_at_effective_price_default": MONEY,
        "price": _PRICES,
        "consumption_model": _NAMED,
        "transaction_type": _TEXT,
        "seller_name": _TEXT,
        "resource": "STRUCT(name VARCHAR, global_name VARCHAR)",
        "subscription": "STRUCT(instance_id VARCHAR)",
    },
    (
        *("billing_account_id", "invoice.month", "cost_type", "usage_start_time", "usage_end_time"),
        *("export_time", "currency", "cost"),
    ),
    "export_time",
)
"""The standard and the detailed usage cost export; the standard one has neither `resource` nor `subscription`."""


def _typed(names: str, type_: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), type_)


FOCUS = Export(
    "focus",
    {
        **_typed(
            "AvailabilityZone BillingAccountId BillingAccountType BillingCurrency ChargeCategory ChargeClass ChargeDescription"
            " ConsumedUnit PricingCategory PricingCurrency PricingUnit ProviderName PublisherName InvoiceIssuerName RegionId RegionName"
            " ResourceId ResourceName ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName ChargeFrequency"
            " CommitmentDiscountCategory CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType"
            " x_CostType x_Location x_ServiceId x_SubscriptionInstanceId x_ConsumptionModelId x_ConsumptionModelDescription",
            _TEXT,
        ),
        **_typed("BillingPeriodStart BillingPeriodEnd ChargePeriodStart ChargePeriodEnd x_ExportTime", _TIME),
        **_typed(
            "BilledCost EffectiveCost ContractedCost ListCost ContractedUnitPrice ListUnitPrice PricingCurrencyContractedUnitPrice"
            " PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice x_CurrencyConversionRate x_PriceEffectivePriceDefault"
            " x_PriceListPriceConsumptionModel x_CostAtEffectivePriceDefault x_CostAtListConsumptionModel",
            MONEY,
        ),
        **_typed("ConsumedQuantity PricingQuantity", QUANTITY),
        **_typed("x_SystemLabels x_Labels x_ProjectLabels x_Tags", _KEY_VALUES),
        "x_Credits": f"STRUCT(id VARCHAR, full_name VARCHAR, type VARCHAR, name VARCHAR, amount {MONEY})[]",
        "x_Project": "STRUCT(id VARCHAR, number VARCHAR, name VARCHAR, ancestry_numbers VARCHAR)",
    },
    ("BillingAccountId", "BillingCurrency", "BillingPeriodStart", "ChargeCategory", "ChargePeriodStart", "ServiceName", "BilledCost"),
    "x_ExportTime",
)
"""The native FOCUS export, and the FOCUS view over the detailed and pricing exports. Neither has `Tags` or `InvoiceId`."""

PRICING = Export(
    "gcp_pricing",
    {
        "export_time": _TIME,
        "pricing_as_of_time": _TIME,
        "billing_account_id": _TEXT,
        "service": _NAMED,
        "sku": _NAMED,
        "geo_taxonomy": "STRUCT(type VARCHAR, regions VARCHAR[])",
        "pricing_unit": _TEXT,
        "pricing_unit_description": _TEXT,
        "account_currency_code": _TEXT,
        "list_price": f"STRUCT(tiered_rates {_TIERS})",
        "billing_account_price": f"STRUCT(tiered_rates {_TIERS})",
    },
    ("export_time", "billing_account_id", "sku.id", "account_currency_code", "list_price"),
    "export_time",
)
"""The pricing export; `billing_account_price` is null without a contract."""

_FOCUS_MARK = "billedcost"


def billing_export(columns: frozenset[str]) -> Export:
    """Tell a FOCUS export from a usage cost export by its column names."""
    return FOCUS if _FOCUS_MARK in {column.lower() for column in columns} else BILLING
