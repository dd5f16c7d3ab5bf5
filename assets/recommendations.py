"""Commitments, storage lifecycle, and the plan in which all savings add up. The mathematics is in costsieve.recommendations."""

from typing import Any

import dagster as dg

from assets.metadata import table_metadata
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import results
from costsieve.findings.waterfall import write_plan
from costsieve.recommendations.recommendation import Answer
from costsieve.recommendations.record import recommend_commitments, recommend_lifecycle


@dg.asset(
    key=["recommendations", "commitments"],
    deps=[["core", "hourly_usage"], ["results", "findings"]],
    group_name="recommendations",
    kinds={"python"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def commitments(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """A Compute Savings Plan and a flexible CUD, sized on the usage that clean-up leaves."""
    with installation.warehouse.transaction() as connection:
        return dg.MaterializeResult(metadata=_metadata(recommend_commitments(connection, as_of(context))))


@dg.asset(
    key=["recommendations", "storage_lifecycle"],
    deps=[["usage", "stored_objects"], ["usage", "object_reads"], ["usage", "resources"], ["quality", "results"]],
    group_name="recommendations",
    kinds={"python"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def storage_lifecycle(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """The cheapest legal transition schedule per prefix, as a lifecycle configuration."""
    with installation.warehouse.transaction() as connection:
        return dg.MaterializeResult(metadata=_metadata(recommend_lifecycle(connection, as_of(context))))


@dg.asset(
    key=["results", "recommendations"],
    deps=[["recommendations", "commitments"], ["recommendations", "storage_lifecycle"]],
    group_name="recommendations",
    kinds={"duckdb"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
    description=results.RECOMMENDATIONS.description,
)
def recommendations(installation: Installation) -> dg.MaterializeResult[Any]:
    """All recommendations of the night."""
    with installation.warehouse.connect() as connection:
        return dg.MaterializeResult(metadata=table_metadata(connection, results.RECOMMENDATIONS))


@dg.asset(
    key=["results", "plan"],
    deps=[["results", "findings"], ["results", "recommendations"]],
    group_name="recommendations",
    kinds={"duckdb"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
    description=results.PLAN.description,
)
def plan(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """The savings waterfall: what to do, in an order whose savings add up."""
    with installation.warehouse.transaction() as connection:
        write_plan(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, results.PLAN))


def _metadata(answers: list[Answer]) -> dict[str, Any]:
    """One line per scope: what is recommended there, or why nothing is."""
    return {
        "dagster/row_count": sum(answer.recommendation is not None for answer in answers),
        **{
            f"{answer.kind}: {answer.scope}": answer.recommendation.title if answer.recommendation else str(answer.reason)
            for answer in answers
        },
    }


RECOMMENDATIONS = [commitments, storage_lifecycle, recommendations, plan]
