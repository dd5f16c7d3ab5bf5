"""How busy everything is and what there is. The models are in sql/usage."""

from collections.abc import Callable, Iterator
from typing import Any

import dagster as dg

from assets.metadata import table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import machines, usage
from costsieve.contracts.table import Table
from costsieve.usage.estate import (
    describe_machines,
    itemise_charges,
    load_instance_types,
    load_inventory,
    match_estate,
    price_instances,
    read_unit_prices,
    roll_up_utilization,
    summarise_objects,
)
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Connection

type _Step = Callable[[Connection, dg.AssetExecutionContext, Installation], object]


def _table_asset(table: Table, deps: list[list[str]], step: _Step) -> dg.AssetsDefinition:
    @dg.asset(
        key=[table.schema, table.name],
        deps=deps,
        group_name="usage",
        description=table.description,
        kinds={"duckdb", "sql"},
        owners=["team:finops"],
        partitions_def=NIGHTS,
    )
    def written(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
        with installation.warehouse.transaction() as connection:
            step(connection, context, installation)
            return table_result(connection, table)

    return written


resource_hour = _table_asset(
    usage.UTILIZATION, [["lake", "utilization"]], lambda connection, _, installation: create_lake_views(connection, installation.home)
)
resource_day = _table_asset(
    usage.RESOURCE_DAY, [["usage", "resource_hour"]], lambda connection, context, _: roll_up_utilization(connection, as_of(context))
)


def _read_inventory(connection: Connection, context: dg.AssetExecutionContext, installation: Installation) -> None:
    create_lake_views(connection, installation.home)
    load_inventory(connection, as_of(context))


inventory = _table_asset(usage.INVENTORY, [["lake", "inventory"]], _read_inventory)
instance_types = _table_asset(usage.INSTANCE_TYPES, [], lambda connection, *_: load_instance_types(connection))
resources = _table_asset(
    usage.RESOURCES,
    [["core", "resource_costs"], ["inventory", "resources"], ["inventory", "instance_types"]],
    lambda connection, *_: match_estate(connection),
)
resource_charges = _table_asset(
    usage.RESOURCE_CHARGES,
    [["core", "daily_cost"], ["core", "resource_costs"]],
    lambda connection, context, _: itemise_charges(connection, as_of(context)),
)
unit_prices = _table_asset(
    usage.UNIT_PRICES, [["core", "daily_cost"]], lambda connection, context, _: read_unit_prices(connection, as_of(context))
)

described_machines = _table_asset(
    machines.MACHINES,
    [["usage", "resources"], ["usage", "resource_charges"], ["usage", "resource_day"]],
    lambda connection, *_: describe_machines(connection),
)
instance_prices = _table_asset(
    machines.INSTANCE_PRICES,
    [["core", "instance_rates"], ["inventory", "instance_types"]],
    lambda connection, *_: price_instances(connection),
)


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["usage", table.name],
            deps=[["lake", "s3_inventory"], ["lake", "s3_reads"]],
            description=table.description,
            kinds={"duckdb", "sql"},
            owners=["team:finops"],
        )
        for table in (usage.OBJECTS, usage.OBJECT_READS)
    ],
    name="objects",
    group_name="usage",
    partitions_def=NIGHTS,
)
def objects(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Stored bytes and reads by age, from the newest S3 inventory."""
    with installation.warehouse.transaction() as connection:
        create_lake_views(connection, installation.home)
        summarise_objects(connection, as_of(context))
        for table in (usage.OBJECTS, usage.OBJECT_READS):
            yield table_result(connection, table)


USAGE = [
    resource_hour,
    resource_day,
    inventory,
    instance_types,
    resources,
    resource_charges,
    unit_prices,
    described_machines,
    instance_prices,
    objects,
]
