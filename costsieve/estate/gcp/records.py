"""The nested records of the detailed export, as expressions over flat rows and as small frames to join. Nothing is computed here."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from costsieve.estate.gcp.machines import shape
from costsieve.estate.gcp.price_list import PRICES, SERVICE_IDS
from costsieve.estate.gcp.resource import PROJECT_NUMBERS, Resource, dashed_id, region_of

_LABELS = pl.List(pl.Struct({"key": pl.String, "value": pl.String}))
_CREDITS = pl.List(pl.Struct({"name": pl.String, "amount": pl.Float64, "full_name": pl.String, "id": pl.String, "type": pl.String}))
_TAGS = pl.List(pl.Struct({"key": pl.String, "value": pl.String, "inherited": pl.Boolean, "namespace": pl.String}))
_NUMERIC = pl.Decimal(38, 9)
_MACHINE_LABELS = "compute.googleapis.com"
_KNOWN_SKU_IDS = {
    "E2 Instance Core running in Americas": "CF4E-A0C7-E3BF",
    "E2 Instance Ram running in Americas": "F449-33EC-A5EF",
    "Nvidia Tesla A100 GPU running in Americas": "039F-D0DA-4055",
}
_MODEL_IDS = {"Default": "7754-699E-0EBF", "Compute Flexible CUDs 1 Year": "D97B-0795-975B"}
_CREDIT_NAMES = {
    "COMMITTED_USAGE_DISCOUNT": "Committed Usage Discount",
    "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE": "Committed Use Discount: Dollar Based",
    "FEE_UTILIZATION_OFFSET": "Committed Use Discount: Fee Utilization Offset",
    "SUSTAINED_USAGE_DISCOUNT": "Sustained Usage Discount",
    "DISCOUNT": "Vertex AI negotiated discount",
    "FREE_TIER": "Free tier: network egress",
    "PROMOTION": "Research credits 2026",
}
_BASE_UNITS = {
    "hour": ("seconds", 3600.0),
    "gibibyte hour": ("byte-seconds", 3600.0 * 2**30),
    "gibibyte month": ("byte-seconds", 2_628_000.0 * 2**30),
    "io per second month": ("io-seconds", 2_628_000.0),
    "gibibyte": ("bytes", float(2**30)),
    "count": ("requests", 1.0),
}
NO_LABELS = pl.lit(pl.Series([[]], dtype=_LABELS)).first()
NO_CREDITS = pl.lit(pl.Series([[]], dtype=_CREDITS)).first()
NO_TAGS = pl.lit(pl.Series([[]], dtype=_TAGS)).first()


def sku_id(sku: str) -> str:
    """Return the id of a SKU: Google's own where it is known, else one of the same form."""
    return _KNOWN_SKU_IDS.get(sku, dashed_id("sku", sku))


def of_resources(resources: Sequence[Resource]) -> pl.DataFrame:
    """Return the labels, system labels and resource record of each resource, by its position."""
    rows = [
        {
            "resource": number,
            "labels": [{"key": key, "value": value} for key, value in item.labels.items()],
            "system_labels": _system_labels(item),
            "resource_record": {"name": item.name if _has_name(item) else None, "global_name": item.global_name},
        }
        for number, item in enumerate(resources)
    ]
    record = pl.Struct({"name": pl.String, "global_name": pl.String})
    return pl.DataFrame(rows, schema={"resource": pl.Int64, "labels": _LABELS, "system_labels": _LABELS, "resource_record": record})


def _has_name(resource: Resource) -> bool:
    """Buckets and databases have a global name only, commitments neither."""
    return resource.kind not in {"bucket", "database", "commitment"}


def _system_labels(resource: Resource) -> list[dict[str, str]]:
    if resource.machine_type is None:
        return []
    vcpus, memory_gib = shape(resource.machine_type)
    values = {"machine_spec": resource.machine_type, "cores": str(vcpus), "memory": str(round(memory_gib * 1024))}
    return [{"key": f"{_MACHINE_LABELS}/{key}", "value": value} for key, value in values.items()]


def of_skus() -> pl.DataFrame:
    """Return the SKU and service records, units and the factor to base units of each SKU, by its description."""
    return pl.DataFrame(
        [
            {
                "sku": sku,
                "sku_record": {"id": sku_id(sku), "description": sku},
                "service": {"id": SERVICE_IDS[price.service], "description": price.service},
                "pricing_unit": price.unit,
                "base_unit": _BASE_UNITS[price.unit][0],
                "base_factor": _BASE_UNITS[price.unit][1],
            }
            for sku, price in PRICES.items()
        ]
    )


def of_projects() -> pl.DataFrame:
    """Return the project record of each project, and an empty one for rows without a project."""
    ancestors = pl.List(pl.Struct({"resource_name": pl.String, "display_name": pl.String}))
    texts = {"id": pl.String(), "number": pl.String(), "name": pl.String()}
    record_type = pl.Struct({**texts, "labels": _LABELS, "ancestry_numbers": pl.String(), "ancestors": ancestors})
    organisation = {"resource_name": "organizations/410000000001", "display_name": "example.org"}
    records: list[dict[str, Any]] = [
        {"id": project, "number": number, "name": project, "labels": [], "ancestry_numbers": "/410000000001/", "ancestors": [organisation]}
        for project, number in PROJECT_NUMBERS.items()
    ]
    empty: dict[str, Any] = {"id": None, "number": None, "name": None, "labels": [], "ancestry_numbers": None, "ancestors": []}
    rows = [{"project": record["id"], "project_record": record} for record in (*records, empty)]
    return pl.DataFrame(rows, schema={"project": pl.String(), "project_record": record_type})


def of_places(places: pl.Series) -> pl.DataFrame:
    """Return the location record of each place: a zone, a region, a multi-region or `global`."""
    fields = {"location": pl.String, "country": pl.String, "region": pl.String, "zone": pl.String}
    rows = [{"place": place, "location": _location(place)} for place in places.unique().sort()]
    return pl.DataFrame(rows, schema={"place": pl.String, "location": pl.Struct(fields)})


def _location(place: str) -> dict[str, str | None]:
    if place == "global":
        return {"location": place, "country": None, "region": None, "zone": None}
    country = "NL" if place.startswith("europe-west4") else "US"
    region = region_of(place) if "-" in place else None
    return {"location": region or place, "country": country, "region": region, "zone": place if region not in {None, place} else None}


def of_models(models: pl.Series) -> pl.DataFrame:
    """Return the consumption model record of each model, by its description."""
    rows = [
        {"model": model, "consumption_model": {"id": _MODEL_IDS.get(model, dashed_id("model", model)), "description": model}}
        for model in models.unique().sort()
    ]
    return pl.DataFrame(rows)


def originating_label() -> pl.Expr:
    """Return the label of old-model fees that names the SKU they covered."""
    ids = pl.col("originating_sku").replace_strict(list(PRICES), [sku_id(sku) for sku in PRICES], default=None)
    return pl.concat_list(pl.struct(key=pl.lit("goog-originating-sku-id"), value=ids))


def usage() -> pl.Expr:
    """Return the usage record: base units, and pricing units."""
    return pl.struct(
        amount=pl.col("quantity") * pl.col("base_factor"),
        unit="base_unit",
        amount_in_pricing_units="quantity",
        pricing_unit="pricing_unit",
    )


def of_credits(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the list of credits of each row that has any, by the row's position: at most one discount and one promotion."""
    numbered = lines.with_row_index("row")
    discounts = numbered.filter(pl.col("credit_amount") != 0).select("row", type="credit_type", amount="credit_amount")
    promotions = numbered.filter(pl.col("promotion_amount") != 0).select("row", type=pl.lit("PROMOTION"), amount="promotion_amount")
    names = pl.col("type").replace_strict(list(_CREDIT_NAMES), list(_CREDIT_NAMES.values()))
    credit = pl.struct(name=names, amount="amount", full_name=names, id=names, type="type")
    given = pl.concat([discounts, promotions]).sort("row", "type").select("row", credits=credit)
    return given.group_by("row", maintain_order=True).agg("credits")


def adjustment_info() -> pl.Expr:
    """Return what a correction says of itself; empty on all other rows."""
    is_adjustment = pl.col("cost_type") == "adjustment"
    values = {"id": "sla-0001", "description": "Availability below the service level", "mode": "MANUAL_ADJUSTMENT", "type": "SLA_VIOLATION"}
    return pl.struct(pl.when(is_adjustment).then(pl.lit(value)).alias(name) for name, value in values.items())


def price() -> pl.Expr:
    """Return the price record: what the row pays, and the list price with and without the consumption model."""
    listed = pl.col("price").cast(_NUMERIC)
    paid = (pl.col("price") * pl.col("model_share")).round(9).cast(_NUMERIC)
    return pl.struct(
        effective_price=paid,
        tier_start_amount=pl.lit(0).cast(_NUMERIC),
        unit="pricing_unit",
        pricing_unit_quantity=pl.lit(1).cast(_NUMERIC),
        list_price=listed,
        effective_price_default=listed,
        list_price_consumption_model=paid,
    )
