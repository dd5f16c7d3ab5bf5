"""The inventory of the GCP estate as taken at the end of its last day. Deleted resources are billed but not listed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from costsieve.contracts.usage import INVENTORY
from costsieve.estate.gcp.resource import Resource, region_of
from costsieve.estate.plan import EstatePlan

_MAPS = ("tags", "attributes")


def write_inventory(folder: Path, resources: Sequence[Resource], plan: EstatePlan) -> None:
    """Write ``date=<last day>/gcp.parquet`` with the columns of inventory.resources."""
    start = datetime.combine(plan.window.start, time.min)
    last_day = plan.as_of - timedelta(days=1)
    observed_at = datetime.combine(last_day, time(23, 30))
    rows = [_row(resource, start, observed_at) for resource in resources if resource.listed is not None]
    partition = folder / f"date={last_day}"
    partition.mkdir(parents=True, exist_ok=True)
    maps = pl.col(_MAPS).cast(pl.Map(pl.String, pl.String))
    pl.DataFrame(rows, schema=_columns()).with_columns(maps).write_parquet(partition / "gcp.parquet")


def _columns() -> dict[str, Any]:
    """Return the Polars types of the contract's columns, maps still as lists of entries."""
    entries = pl.List(pl.Struct({"key": pl.String, "value": pl.String}))
    plain = replace(INVENTORY, columns=tuple(column for column in INVENTORY.columns if column.name not in _MAPS)).polars_schema()
    return {name: entries if name in _MAPS else plain[name] for name in INVENTORY.column_names}


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
        "tags": _entries(resource.labels),
        "attributes": _entries({key: _text(start, value) for key, value in resource.attributes.items()}),
        "observed_at": observed_at,
    }
    return {name: start + value if isinstance(value, timedelta) else value for name, value in {**common, **listed}.items()}


def _text(start: datetime, value: Any) -> str:  # noqa: ANN401 - text, a number or a moment
    return (start + value).isoformat() if isinstance(value, timedelta) else str(value)


def _entries(values: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in values.items()]
