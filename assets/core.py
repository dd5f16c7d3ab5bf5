"""The cost basis. What a charge means is in sql/core; how the tables are made is in costsieve.core."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import bill_metadata, column_schema, table_metadata, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts.containers import SPLIT_COSTS
from costsieve.contracts.costs import INSTANCE_RATES, MONTH_VIEWS, RESOURCE_COSTS
from costsieve.contracts.roll_ups import DAILY_COST, HOURLY_USAGE, KNOWN_COSTS
from costsieve.core.charges import create_charges_view
from costsieve.core.derived import compute_instance_rates, compute_month_views, compute_resource_costs
from costsieve.core.duplicate_charges import record_duplicate_charges
from costsieve.core.known_costs import record_known_costs
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes

_BILLS = [["lake", "aws_cur"], ["lake", "gcp_billing"], ["lake", "focus"]]
_ROLL_UPS = (DAILY_COST, HOURLY_USAGE, MONTH_VIEWS, SPLIT_COSTS)


@dg.asset(key=["core", "charges"], deps=_BILLS, group_name="core", kinds={"duckdb", "sql"}, owners=["team:finops"], partitions_def=NIGHTS)
def charges(installation: Installation) -> dg.MaterializeResult[Any]:
    """Every line item of every bill under FOCUS 1.2 names: a view over the lake."""
    with installation.warehouse.transaction() as connection:
        record_duplicate_charges(connection)
        create_raw_views(connection, installation.home, installation.settings.allocation)
        create_charges_view(connection)
        return dg.MaterializeResult(metadata=bill_metadata(connection))


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            ["core", table.name], deps=[["core", "charges"]], description=table.description, kinds={"duckdb", "sql"}, owners=["team:finops"]
        )
        for table in _ROLL_UPS
    ],
    name="roll_up",
    group_name="core",
    partitions_def=NIGHTS,
)
def roll_ups(installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Daily cost and hourly usage, made in one pass over the periods that changed, and the views of the months."""
    with installation.warehouse.transaction() as connection:
        summary = roll_up_changes(connection, installation.settings.allocation)
        compute_month_views(connection)
    with installation.warehouse.connect() as connection:
        for table in _ROLL_UPS:
            yield table_result(connection, table, {"rolled up": ", ".join(summary.periods) or "nothing changed"})


@dg.asset(
    key=["core", "resource_costs"],
    deps=[["core", "daily_cost"], ["core", "commitment_attribution"]],
    group_name="core",
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def resource_costs(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """What each resource cost in the last 30 complete days."""
    with installation.warehouse.transaction() as connection:
        compute_resource_costs(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, RESOURCE_COSTS))


@dg.asset(
    key=["core", "instance_rates"],
    deps=[["core", "daily_cost"]],
    group_name="core",
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def instance_rates(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """Hourly rates per instance type and region that appear in the bill."""
    with installation.warehouse.transaction() as connection:
        compute_instance_rates(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, INSTANCE_RATES))


@dg.asset(
    key=["core", "known_costs"],
    deps=[["core", "daily_cost"], ["quality", "results"], ["results", "finding_changes"], ["results", "allocated_costs"]],
    group_name="reports",
    description=KNOWN_COSTS.description,
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def known_costs(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """Kept behind every check, that of the findings included: a night that is blocked adds nothing to the history."""
    with installation.warehouse.transaction() as connection:
        night = record_known_costs(connection, as_of(context))
    added = {name: str(value) for name, value in vars(night).items()} if night else {"added": "nothing: a later night is kept already"}
    return dg.MaterializeResult(metadata={"dagster/column_schema": column_schema(KNOWN_COSTS), **added})


CORE = [charges, roll_ups, resource_costs, instance_rates, known_costs]
