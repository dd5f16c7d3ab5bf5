"""The night's ledger as a whole. Rows are written rule by rule: see costsieve.findings.evaluation."""

from collections.abc import Sequence
from datetime import date

from costsieve.findings.rule import Rule
from costsieve.sql_files import statement
from costsieve.warehouse import Connection


def forget_removed_rules(connection: Connection, as_of: date, rules: Sequence[Rule]) -> None:
    """Delete what rules that exist no more left behind when this night ran before; other nights keep their history."""
    parameters = {"as_of": as_of, "rule_ids": [rule.id for rule in rules]}
    connection.execute(statement("findings/forget_findings.sql"), parameters)
    connection.execute(statement("findings/forget_evaluations.sql"), parameters)
