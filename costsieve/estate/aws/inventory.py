"""The inventory of the AWS half of the demo estate, as the documented Parquet shape asks for it. No utilization here."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from costsieve.contracts.usage import INVENTORY
from costsieve.estate.aws.fleet import Resource, night
from costsieve.estate.aws.planted import attributes_of
from costsieve.estate.plan import EstatePlan

_ARROW_TYPES: dict[str, Any] = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "MAP(VARCHAR, VARCHAR)": pa.map_(pa.string(), pa.string()),
}


def write_inventory(root: Path, resources: Sequence[Resource], plan: EstatePlan) -> None:
    """Write the inventory of the last day of the estate."""
    folder = root / f"date={plan.as_of - timedelta(days=1)}"
    folder.mkdir(parents=True, exist_ok=True)
    schema = pa.schema([pa.field(column.name, _ARROW_TYPES[column.type], column.nullable) for column in INVENTORY.columns])
    rows = [inventory_row(resource, plan) for resource in resources if resource.spec.get("is_listed", True)]
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), folder / "aws.parquet", store_schema=False)


def inventory_row(resource: Resource, plan: EstatePlan) -> dict[str, Any]:
    """Return one resource in the columns of contracts.usage.INVENTORY."""
    return {
        "provider": "AWS",
        "account_id": resource.account_id,
        "region": resource.region,
        "resource_id": resource.resource_id,
        "resource_name": resource.name,
        "resource_type": resource.kind,
        "instance_type": resource.instance_type,
        "created_at": resource.created_at,
        "tags": list(resource.tags.items()),
        "attributes": attributes_of(plan, resource.spec),
        "observed_at": night(plan) - timedelta(minutes=15),
        **resource.inventory,
    }
