"""How much was judged, findings from night to night, what was saved by acting on them. All is told by costsieve.findings."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import table_metadata, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import history, realized
from costsieve.contracts.table import Table
from costsieve.findings.evaluated_spend import record_evaluated_spend
from costsieve.findings.history import record_changes, record_parameters, record_states
from costsieve.findings.realized import record_realized_savings
from costsieve.findings.rule import load_rules


def _spec(table: Table, *deps: str) -> dg.AssetSpec:
    """Name a table of this stage, and the tables of the schema `results` and others that it is made of."""
    return dg.AssetSpec(
        [table.schema, table.name],
        deps=[dep.split(".") for dep in deps],
        description=table.description,
        kinds={"duckdb", "python"},
        owners=["team:finops"],
    )


@dg.multi_asset(
    specs=[
        _spec(history.RESOURCE_STATES, "usage.resources", "core.resource_costs", "results.findings"),
        _spec(history.RULE_PARAMETERS, "usage.resources", "results.evaluations"),
    ],
    name="night_facts",
    group_name="history",
    partitions_def=NIGHTS,
)
def night_facts(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """What only this night knows, kept for comparison: what resources were like, and by which thresholds they were judged."""
    with installation.warehouse.transaction() as connection:
        record_states(connection, as_of(context))
        record_parameters(connection, load_rules(), as_of(context), installation.settings)
        for table in (history.RESOURCE_STATES, history.RULE_PARAMETERS):
            yield table_result(connection, table)


_STATES = ("results.findings", "results.evaluations", "results.resource_states", "results.rule_parameters")


@dg.multi_asset(
    specs=[
        _spec(history.OBSERVED_ACTIONS, "results.findings", "results.resource_states"),
        _spec(history.FINDING_CHANGES, *_STATES),
        _spec(history.FINDING_HISTORY, *_STATES),
    ],
    name="finding_history",
    group_name="history",
    partitions_def=NIGHTS,
)
def finding_history(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """The bridge from night to night, with its reasons."""
    with installation.warehouse.transaction() as connection:
        recorded = record_changes(connection, as_of(context))
        changes = {f"findings {word}": count for word, count in recorded.changes.items()}
        yield table_result(connection, history.OBSERVED_ACTIONS)
        yield table_result(connection, history.FINDING_CHANGES, changes)
        yield table_result(connection, history.FINDING_HISTORY)


@dg.asset(
    key=["results", "realized_savings"],
    deps=[["results", "finding_changes"], ["core", "daily_cost"], ["core", "commitment_attribution"]],
    group_name="history",
    description=realized.REALIZED_SAVINGS.description,
    kinds={"duckdb", "python"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def realized_savings(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """What was saved so far, from the bills since, beside what was predicted."""
    with installation.warehouse.transaction() as connection:
        record_realized_savings(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, realized.REALIZED_SAVINGS))


@dg.asset(
    key=["results", "evaluated_spend"],
    deps=[["results", "evaluations"], ["core", "daily_cost"], ["core", "resource_costs"]],
    group_name="findings",
    description=history.EVALUATED_SPEND.description,
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def evaluated_spend(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """The headline of the ledger: the share of spend that was evaluated, by service, and reasons for the rest."""
    with installation.warehouse.transaction() as connection:
        record_evaluated_spend(connection, as_of(context))
        return dg.MaterializeResult(metadata=table_metadata(connection, history.EVALUATED_SPEND))


HISTORY = [evaluated_spend, night_facts, finding_history, realized_savings]
