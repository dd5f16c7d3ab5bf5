"""The descriptive columns of line items, spelled as AWS delivers them. Amounts are elsewhere."""

from collections.abc import Mapping

from costsieve.estate.aws.charges import Charge
from costsieve.estate.aws.fleet import PAYER_NAME, account_id, digest
from costsieve.estate.aws.line_items import Texts
from costsieve.estate.aws.prices import GRID, PRODUCT_NAMES, REGIONS
from costsieve.estate.plan import EstatePlan

NORMALIZATION_FACTORS = {"large": 4.0, "xlarge": 8.0, "2xlarge": 16.0, "4xlarge": 32.0, "8xlarge": 64.0}
LINE_ITEM_TYPES = {"on_demand": "Usage", "spot": "Usage", "reserved": "DiscountedUsage", "savings_plan": "SavingsPlanCoveredUsage"}


def bill_texts(account_name: str, product_code: str, line_item_type: str) -> dict[str, object]:
    """Return the columns that every line item has."""
    return {
        "bill_bill_type": "Anniversary",
        "bill_billing_entity": "AWS",
        "bill_invoicing_entity": "Amazon Web Services, Inc.",
        "bill_payer_account_id": account_id(PAYER_NAME),
        "bill_payer_account_name": PAYER_NAME,
        "line_item_currency_code": "USD",
        "line_item_legal_entity": "Amazon Web Services, Inc.",
        "line_item_line_item_type": line_item_type,
        "line_item_product_code": product_code,
        "line_item_usage_account_id": account_id(account_name),
        "line_item_usage_account_name": account_name,
        "line_item_usage_type": "",
        "line_item_operation": "",
        "product": {"product_name": PRODUCT_NAMES[product_code]},
        "resource_tags": {},
        "cost_category": {},
    }


def usage_texts(charge: Charge, plan: EstatePlan) -> Texts:
    """Return the columns of a usage line item."""
    resource, price = charge.resource, charge.price
    return {
        **bill_texts(resource.account_name, price.product_code, LINE_ITEM_TYPES[charge.purchase]),
        "line_item_resource_id": resource.billing_id,
        "line_item_usage_type": REGIONS[resource.region][0] + price.usage_type,
        "line_item_operation": price.operation,
        "line_item_availability_zone": _zone(charge),
        "line_item_normalization_factor": _normalization_factor(price.instance_type) if resource.kind == "virtual_machine" else 0.0,
        "line_item_line_item_description": f"${price.rates[resource.region] / GRID:g} {price.description}",
        "resource_tags": {f"user_{key}": value for key, value in resource.tags.items()},
        **_pricing_texts(charge, plan),
        **_product_texts(charge),
    }


def _zone(charge: Charge) -> str:
    """Return the availability zone, the same for a machine and its root volume; only EC2 usage has one."""
    is_zonal = charge.resource.kind in {"virtual_machine", "block_volume"}
    letter = "ab"[sum(charge.resource.name.removesuffix("-root").encode()) % 2]
    return charge.resource.region + letter if is_zonal else ""


def _normalization_factor(instance_type: str | None) -> float:
    """Return the size of an EC2 instance in reservation units; 0 where it has none."""
    return NORMALIZATION_FACTORS.get(instance_type.partition(".")[2], 0.0) if instance_type else 0.0


def _pricing_texts(charge: Charge, plan: EstatePlan) -> dict[str, object]:
    price, region = charge.price, charge.resource.region
    rate = f"{price.rates[region] / GRID:.10f}"
    rate_id = str(int(digest(plan, "rate", price.key, region)[:9], 16))
    sku = digest(plan, "sku", price.key, region)[:16].upper()
    return {
        "line_item_unblended_rate": "0.0" if charge.purchase == "reserved" else rate,
        "pricing_currency": "USD",
        "pricing_public_on_demand_rate": "" if price.is_spot else rate,
        "pricing_purchase_option": "Partial Upfront" if charge.purchase == "reserved" else "",
        "pricing_rate_code": f"{sku}.JRTCKXETXF.6YS6EN2CT7",
        "pricing_rate_id": rate_id,
        "pricing_term": {"spot": "Spot", "reserved": "Reserved"}.get(charge.purchase, "OnDemand"),
        "pricing_unit": price.unit,
        "product_sku": sku,
    }


def _product_texts(charge: Charge) -> dict[str, object]:
    price, region = charge.price, charge.resource.region
    if price.is_spot:
        return {"product_region_code": region, "product_servicecode": price.service_code}
    prefix, location = REGIONS[region]
    instance_type = price.instance_type
    return {
        "product": {**_product_map(charge), "product_name": PRODUCT_NAMES[price.product_code], "region": region},
        "product_instance_family": _instance_family(instance_type),
        "product_instance_type": instance_type or "",
        "product_location": location,
        "product_location_type": "AWS Region",
        "product_operation": price.operation,
        "product_pricing_unit": price.unit,
        "product_product_family": price.product_family,
        "product_region_code": region,
        "product_servicecode": price.service_code,
        "product_usagetype": prefix + price.usage_type,
    }


def _product_map(charge: Charge) -> Mapping[str, str]:
    if charge.resource.kind == "virtual_machine" and charge.price.instance_type:
        family = charge.price.instance_type.partition(".")[0]
        return {"operating_system": "Linux", "tenancy": "Shared", "instance_type_family": family}
    if charge.price.usage_type.startswith("EBS:VolumeUsage."):
        return {"volume_api_name": str(charge.resource.inventory["volume_type"])}
    if charge.price.usage_type.startswith("TimedStorage"):
        return {"volume_type": charge.price.operation.removesuffix("Storage")}
    return {}


def _instance_family(instance_type: str | None) -> str:
    if not instance_type:
        return ""
    letter = instance_type.removeprefix("ml.").removeprefix("db.")[0]
    return {"c": "Compute optimized", "r": "Memory optimized", "g": "GPU instance", "p": "GPU instance"}.get(letter, "General purpose")
