"""The inventory of the GCP estate as taken at the end of its last day. Deleted resources are billed but not listed."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from costsieve.contracts.usage import INVENTORY
from costsieve.estate.gcp.contracted import write_contracted
from costsieve.estate.gcp.resource import Resource, region_of
from costsieve.estate.plan import EstatePlan


def write_inventory(folder: Path, resources: Sequence[Resource], plan: EstatePlan) -> None:
    """Write ``date=<last day>/gcp.parquet`` with the columns of inventory.resources."""
    start = datetime.combine(plan.window.start, time.min)
    last_day = plan.as_of - timedelta(days=1)
    observed_at = datetime.combine(last_day, time(23, 30))
    rows = [_row(resource, start, observed_at) for resource in resources if resource.listed is not None]
    write_contracted(folder / f"date={last_day}" / "gcp.parquet", INVENTORY, rows)


def _row(resource: Resource, start: datetime, observed_at: datetime) -> dict[str, Any]:
    """Return one listed resource; times that count from the start of the window become instants."""
    listed = resource.listed or {}
    common = {
        "provider": "GCP",
        "account_id": resource.project,
        "region": region_of(resource.place),
        "resource_id": resource.resource_id,
        "resource_name": resource.name,
        "resource_type": resource.kind,
        "created_at": timedelta(hours=resource.first_hour),
        "tags": list(resource.labels.items()),
        "observed_at": observed_at,
    }
    return {name: start + value if isinstance(value, timedelta) else value for name, value in {**common, **listed}.items()}
