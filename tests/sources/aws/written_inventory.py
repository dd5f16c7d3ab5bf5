"""What an AWS inventory writes, read back by resource id."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from costsieve.source_settings import AwsInventorySource
from costsieve.sources.aws.inventory.snapshot import AwsInventory

AS_OF = date(2026, 10, 1)
REGION = "us-east-1"
ACCOUNT = "123456789012"  # moto's own


def inventory(*resource_types: str, roles: tuple[str, ...] = (), regions: tuple[str, ...] = (REGION,)) -> AwsInventory:
    """An inventory of some kinds of resources: moto's server answers 500 to the few that it does not know."""
    return AwsInventory(
        AwsInventorySource(name="estate", type="aws_inventory", regions=regions, roles=roles, resource_types=resource_types or None)
    )


def written(source: AwsInventory, folder: Path, as_of: date = AS_OF) -> dict[str, dict[str, Any]]:
    """Write the night's snapshot and return its rows by resource id; tags and attributes come back as dictionaries."""
    (delivery,) = source.deliveries(as_of)
    source.write(delivery, folder)
    (file,) = folder.glob("*.parquet")
    with duckdb.connect() as connection:
        answer = connection.execute("SELECT * FROM read_parquet($file)", {"file": str(file)})
        names = [column[0] for column in answer.description]
        rows = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
    return {str(row["resource_id"]): row for row in rows}


def some(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    """Return a few columns of a row."""
    return tuple(row[name] for name in names)
