"""Not evaluable for want of a permission: a source was refused what a rule misses. How gaps come about: see costsieve.sources.gaps."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import sqlglot
from sqlglot import exp

from costsieve.contracts.usage import METRICS
from costsieve.findings.candidates import Judged
from costsieve.findings.rule import Rule
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

_MISSING_FROM = {"no_metric": "utilization", "not_in_inventory": "inventory", "unknown_configuration": "inventory"}
"""Reasons that a refusal explains, and the kind of source that was refused."""


@dataclass(frozen=True)
class Refusal:
    """What a source was refused in one account: `region` None is all regions, `subject` (metric or kind of resource) None everything."""

    source_type: str
    provider: str
    account_id: str | None
    region: str | None
    subject: str | None
    message: str

    def explains(self, row: Judged, metrics: frozenset[str]) -> bool:
        """Return whether the rule misses what was refused: one of its metrics, or the resource in the inventory."""
        return (
            _MISSING_FROM.get(row.reason or "") == self.source_type
            and (self.provider, self.account_id) == (row.provider, row.account_id)
            and self.region in (None, row.region)
            and (self.subject is None or self.subject in (metrics if self.source_type == "utilization" else (row.resource_type,)))
        )


def with_refusals(connection: Connection, rule: Rule, judged: Sequence[Judged], as_of: date) -> list[Judged]:
    """Return the verdicts with the reason no_permission, and what is missing, where a refusal explains why nothing could be judged."""
    refusals = [Refusal(*row) for row in query(connection, statement("findings/refused_collections.sql"), {"as_of": as_of}).iter_rows()]
    if not refusals:
        return list(judged)
    metrics = _metrics(rule)
    return [_explained(row, next((refusal for refusal in refusals if refusal.explains(row, metrics)), None)) for row in judged]


def _explained(row: Judged, refusal: Refusal | None) -> Judged:
    if refusal is None:
        return row
    missing = f"{refusal.subject or 'everything'} in {refusal.region or 'all regions'}: {refusal.message}"
    evidence = json.loads(row.evidence) | {"not_permitted": missing}
    return replace(row, reason="no_permission", reason_detail=missing, evidence=json.dumps(evidence))


def _metrics(rule: Rule) -> frozenset[str]:
    literals = sqlglot.parse_one(rule.sql, dialect="duckdb").find_all(exp.Literal)
    return frozenset(literal.this for literal in literals if literal.is_string and literal.this in METRICS)
