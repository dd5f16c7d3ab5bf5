"""Waste, one asset per rule folder. What a rule looks for is in sql/rules."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import preview, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts import results
from costsieve.findings.cash import write_cash_savings
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.ledger import forget_removed_rules
from costsieve.findings.rule import Rule, load_rules

_INPUTS = [
    ["usage", "resources"],
    ["usage", "resource_day"],
    ["usage", "resource_charges"],
    ["usage", "unit_prices"],
    ["usage", "machines"],
    ["usage", "instance_prices"],
    ["core", "instance_rates"],
    ["quality", "results"],
]


def _rule_asset(rule: Rule) -> dg.AssetsDefinition:
    @dg.asset(
        key=["findings", rule.id],
        deps=_INPUTS,
        group_name="findings",
        description=f"{rule.title}. {rule.why}",
        kinds={"sql"},
        owners=["team:finops"],
        partitions_def=NIGHTS,
    )
    def evaluated(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
        with installation.warehouse.transaction() as connection:
            summary = evaluate_rule(connection, rule, as_of(context), installation.settings)
            shown = preview(connection, "findings/preview.sql", {"as_of": as_of(context), "rule_id": rule.id})
        count = {"dagster/row_count": summary.outcomes.get("finding", 0)}
        return dg.MaterializeResult(metadata={**summary.metadata(), **count, "preview": shown})

    return evaluated


RULES = load_rules()


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            [table.schema, table.name],
            deps=[["findings", rule.id] for rule in RULES],
            description=table.description,
            kinds={"duckdb"},
            owners=["team:finops"],
        )
        for table in (results.FINDINGS, results.EVALUATIONS)
    ],
    name="ledger",
    group_name="findings",
    partitions_def=NIGHTS,
)
def ledger(context: dg.AssetExecutionContext, installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """All rules together: the ledger of everything that was judged, and findings with what they save in cash beside each other."""
    with installation.warehouse.transaction() as connection:
        forget_removed_rules(connection, as_of(context), RULES)
        write_cash_savings(connection, as_of(context))
        for table in (results.FINDINGS, results.EVALUATIONS):
            yield table_result(connection, table)


FINDINGS = [*(_rule_asset(rule) for rule in RULES), ledger]
