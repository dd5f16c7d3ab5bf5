"""Whose cost everything is, behind the quality gate. How shared cost is split is in costsieve.allocation."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import table_metadata, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.allocation.allocated_costs import allocate_costs, measure_tag_coverage
from costsieve.contracts import results
from costsieve.contracts.containers import CONTAINER_COSTS
from costsieve.core.container_costs import compute_container_costs


@dg.asset(
    key=["core", "container_costs"],
    deps=[["core", "daily_cost"], ["core", "split_costs"]],
    group_name="core",
    description=CONTAINER_COSTS.description,
    kinds={"duckdb", "python"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def container_costs(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """Instance cost that passes to the pods and tasks that ran on the instance."""
    with installation.warehouse.transaction() as connection:
        compute_container_costs(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, CONTAINER_COSTS))


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["results", table.name],
            deps=[["core", "daily_cost"], ["core", "container_costs"], ["quality", "results"]],
            description=table.description,
            kinds={"duckdb", "python"},
            owners=["team:finops"],
        )
        for table in (results.ALLOCATED_COSTS, results.TAG_COVERAGE)
    ],
    name="allocation",
    group_name="allocation",
    partitions_def=NIGHTS,
)
def allocation(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Every cost under the values that own it, shared pools split as configured, and how much carries no value."""
    with installation.warehouse.transaction() as connection:
        allocate_costs(connection, as_of(context), installation.settings.allocation)
        measure_tag_coverage(connection, as_of(context))
        for table in (results.ALLOCATED_COSTS, results.TAG_COVERAGE):
            yield table_result(connection, table)


ALLOCATION = [container_costs, allocation]
