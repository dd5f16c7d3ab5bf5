"""How the nested rows of the GCP detailed export become flat columns. Only shapes: what a credit means is in sql/core/gcp_line_items."""

from costsieve.core.delivered import Delivered, column
from costsieve.money import MONEY, exact_decimal

_PATHS = {
    "invoice_month": "invoice.month",
    "service_id": "service.id",
    "service_description": "service.description",
    "sku_id": "sku.id",
    "sku_description": "sku.description",
    "project_id": "project.id",
    "project_name": "project.name",
    "location_location": "location.location",
    "location_region": "location.region",
    "location_zone": "location.zone",
    "resource_name": "resource.name",
    "resource_global_name": "resource.global_name",
    "subscription_instance_id": "subscription.instance_id",
    "consumption_model_id": "consumption_model.id",
    "consumption_model_description": "consumption_model.description",
    "usage_amount": "usage.amount",
    "usage_amount_in_pricing_units": "usage.amount_in_pricing_units",
    "usage_unit": "usage.unit",
    "usage_pricing_unit": "usage.pricing_unit",
    "adjustment_type": "adjustment_info.type",
    "adjustment_mode": "adjustment_info.mode",
    "price_list_price": "price.list_price",
    "price_effective_price": "price.effective_price",
    "price_pricing_unit_quantity": "price.pricing_unit_quantity",
}
_MACHINE_SPEC = "compute.googleapis.com/machine_spec"
_COMMITMENTS = ("resource commitment", "spend commitment")
_DISCOUNTS = ("sustained use", "free tier", "subscription benefit", "reseller margin", "negotiated")
_CREDIT_KINDS = {
    "promotion_credits": ("promotion",),
    "commitment_credits": _COMMITMENTS,
    "spend_commitment_credits": ("spend commitment",),
    "fee_offset_credits": ("fee offset",),
    "discount_credits": _DISCOUNTS,
    "sustained_use_credits": ("sustained use",),
    "free_tier_credits": ("free tier",),
    "subscription_benefit_credits": ("subscription benefit",),
    "reseller_margin_credits": ("reseller margin",),
    "negotiated_credits": ("negotiated",),
}
_CREDIT_TYPES = {
    "PROMOTION": "promotion",
    "COMMITTED_USAGE_DISCOUNT": "resource commitment",
    "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE": "spend commitment",
    "FEE_UTILIZATION_OFFSET": "fee offset",
    "SUSTAINED_USAGE_DISCOUNT": "sustained use",
    "FREE_TIER": "free tier",
    "SUBSCRIPTION_BENEFIT": "subscription benefit",
    "RESELLER_MARGIN": "reseller margin",
}
"""Types of credits.type; every other one (DISCOUNT, SPENDING_BASED_DISCOUNT, one that Google adds) counts as negotiated."""
_CREDIT_NAMES = {"Committed Usage Discount%": "resource commitment", "Sustained Usage Discount%": "sustained use"}
"""Names of credits in rows of before September 2020, which have no type."""


def gcp_column(delivered: Delivered, name: str, declared_type: str) -> str:
    """Return the SQL for one column of raw.gcp_billing."""
    if name in _CREDIT_KINDS:
        return _credits(delivered, _CREDIT_KINDS[name])
    if name == "labels":
        return _labels(delivered, declared_type)
    if name == "machine_spec":
        return _machine_spec(delivered)
    return column(delivered, _PATHS.get(name, name), declared_type)


def _credits(delivered: Delivered, kinds: tuple[str, ...]) -> str:
    """Sum the row's own credits of some kinds: unnesting them beside sum(cost) would count the cost once per credit."""
    if delivered.type_of("credits.amount") is None:
        return f"CAST(0 AS {MONEY})"
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    amounts = f"[{exact_decimal('credit.amount')} FOR credit IN credits IF {_kind_of_credit(delivered)} IN ({listed})]"
    return f"CAST(coalesce(list_sum({amounts}), 0) AS {MONEY})"


def _kind_of_credit(delivered: Delivered) -> str:
    type_ = "credit.type" if delivered.type_of("credits.type") else "CAST(NULL AS VARCHAR)"
    name = "credit.name" if delivered.type_of("credits.name") else "CAST(NULL AS VARCHAR)"
    by_type = " ".join(f"WHEN {type_} = '{value}' THEN '{kind}'" for value, kind in _CREDIT_TYPES.items())
    by_name = " ".join(
        f"WHEN coalesce({type_}, '') = '' AND {name} LIKE '{pattern}' THEN '{kind}'" for pattern, kind in _CREDIT_NAMES.items()
    )
    return f"CASE {by_type} {by_name} ELSE 'negotiated' END"


def _labels(delivered: Delivered, declared_type: str) -> str:
    if delivered.type_of("labels.key") is None:
        return f"CAST(NULL AS {declared_type})"
    # A map refuses a repeated key and a null key; the export promises neither is there, but one such row must not stop a night.
    keys = "[label.key FOR label IN labels]"
    entries = f"list_filter(labels, lambda label, i: label.key IS NOT NULL AND list_position({keys}, label.key) = i)"
    return f"map_from_entries([{{'key': label.key, 'value': label.value}} FOR label IN {entries}])"


def _machine_spec(delivered: Delivered) -> str:
    if delivered.type_of("system_labels.key") is None:
        return "CAST(NULL AS VARCHAR)"
    return f"list_extract([label.value FOR label IN system_labels IF label.key = '{_MACHINE_SPEC}'], 1)"
