"""Why a finding says what it says: bill rows, metric series, thresholds, and arithmetic to the cent. Data only; printing is the CLI's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

import polars as pl

from costsieve.errors import ConfigurationError
from costsieve.findings.arithmetic import BillCosts, Line, arithmetic
from costsieve.findings.rule import Rule, load_rules
from costsieve.period import DAYS_PER_MONTH, Window, look_back
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

_METRIC_DAYS = 14
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Threshold:
    """A parameter of the rule with the value that this finding was judged by."""

    name: str
    value: str
    unit: str
    description: str


@dataclass(frozen=True)
class Explanation:
    """Everything behind one finding.

    `finding` is its row of results.findings, `evidence` its parsed evidence. `bill_rows` (by day and usage type) add up to the
    monthly cost; `metrics` has one row a metric. `rule` is None when the rule has been removed since.
    """

    finding: Mapping[str, Any]
    evidence: Mapping[str, Any]
    rule: Rule | None
    cost_window: Window
    bill_rows: pl.DataFrame
    metrics: pl.DataFrame
    thresholds: tuple[Threshold, ...]
    arithmetic: tuple[Line, ...]

    @property
    def is_reproduced(self) -> bool:
        """Whether every figure of the finding follows from the bill rows and the evidence to the cent."""
        return all(line.is_reproduced for line in self.arithmetic)

    def lines(self) -> list[str]:
        """Return the explanation as plain text, one line each, without the remedy."""
        finding = self.finding
        head = f"{finding['finding_id']} {finding['rule_id']}: {finding['action']} {finding['resource_id']} (night of {finding['as_of']})"
        why = [self.rule.why, f"What to do: {self.rule.remedy}"] if self.rule else []
        observed = [f"  {name} = {value}" for name, value in self.evidence.items() if name not in ("savings", "parameters")]
        rules = [f"  {each.name} = {each.value} {each.unit}: {each.description}" for each in self.thresholds]
        confidence = f"Confidence {finding['confidence']}: {finding['confidence_reason']}"
        window = f"{self.cost_window.start} to {self.cost_window.end} (exclusive)"
        return [
            *(head, *why, confidence, "Evidence", *observed, "Thresholds", *rules),
            *("Metrics", *_table_lines(self.metrics), f"Bill rows, {window}", *_table_lines(self.bill_rows)),
            *("Arithmetic", *(f"  {line.text}" for line in self.arithmetic), *self._unknown_savings()),
        ]

    def remedy_lines(self) -> list[str]:
        """Return the commands that would do it, to be judged and copied whole; the report lays the Cloud Custodian policy out."""
        return _remedy_lines(self.finding["remedy"])

    def _unknown_savings(self) -> list[str]:
        return [] if self.finding["monthly_savings"] is not None else ["  savings are not known: they depend on what is done"]


def explain(connection: Connection, text: str) -> Explanation:
    """Explain the latest night of a finding; the first digits of its id are enough, or the id or name of its resource.

    Raises ConfigurationError when no finding, or more than one, is meant; the message lists those, or the ids that come closest.
    """
    finding = _finding(connection, text)
    evidence = json.loads(finding["evidence"])
    rule = next((rule for rule in load_rules() if rule.id == finding["rule_id"]), None)
    resource = {name: finding[name] for name in ("provider", "account_id", "resource_id")}
    window = _cost_window(connection, finding)
    bill_rows = _bill_rows(connection, finding, window)
    since_start = _bill_rows(connection, finding, Window(_FIRST_DAY, finding["as_of"]))
    metric_window = _metric_window(evidence, finding["as_of"])
    metric_parameters = {**resource, "window_start": metric_window.start, "window_end": metric_window.end}
    metrics = query(connection, statement("findings/metric_summary.sql"), metric_parameters)
    bill = BillCosts(window, *(list(rows["net_effective_cost"]) for rows in (bill_rows, since_start)))
    lines = arithmetic(finding, evidence["savings"], bill)
    return Explanation(finding, evidence, rule, window, bill_rows, metrics, _thresholds(rule, evidence), lines)


def _bill_rows(connection: Connection, finding: Mapping[str, Any], window: Window) -> pl.DataFrame:
    keys = {name: finding[name] for name in ("provider", "account_id", "resource_id", "currency")}
    parameters = {**keys, "window_start": window.start, "window_end": window.end}
    return query(connection, statement("findings/bill_rows.sql"), parameters)


def _finding(connection: Connection, text: str) -> dict[str, Any]:
    found = query(connection, statement("findings/matching_findings.sql"), {"text": text})
    by_id = found.filter("is_by_id")
    matching = found.filter(pl.col("as_of") == pl.col("as_of").max()) if by_id.is_empty() else by_id
    if matching.is_empty():
        raise ConfigurationError(_unknown(connection, text))
    if matching.height > 1:
        named = ", ".join(f"{row['finding_id']} ({row['rule_id']})" for row in matching.head(5).iter_rows(named=True))
        about = f"{matching.height} findings are about {text}" if by_id.is_empty() else f"{matching.height} findings begin with {text!r}"
        message = f"{about}: {named}. Give the id of one."
        raise ConfigurationError(message)
    key = matching.select("finding_id", "as_of").row(0, named=True)
    return query(connection, statement("findings/finding.sql"), key).row(0, named=True)


def _unknown(connection: Connection, text: str) -> str:
    known = query(connection, statement("findings/matching_findings.sql"), {"text": ""})["finding_id"].to_list()
    similar = get_close_matches(text.lower(), known, n=5)
    if similar:
        return f"There is no finding {text!r}. Similar ids: {', '.join(similar)}."
    hint = "The report and its findings.csv name the ids." if known else "No night has reported a finding yet."
    return f"There is no finding {text!r}, and none is about a resource of that name. {hint}"


def _cost_window(connection: Connection, finding: Mapping[str, Any]) -> Window:
    """The window of the monthly figures, as its own night knew the bill; later and older nights may have run since."""
    parameters = {name: finding[name] for name in ("provider", "account_id", "resource_id", "currency", "as_of")}
    rows = query(connection, statement("findings/cost_window.sql"), {**parameters, "days_per_month": DAYS_PER_MONTH}).rows()
    return Window(*rows[0]) if rows else look_back(finding["as_of"], DAYS_PER_MONTH)


def _metric_window(evidence: Mapping[str, Any], as_of: date) -> Window:
    if "window_start" in evidence and "window_end" in evidence:
        return Window(date.fromisoformat(evidence["window_start"]), date.fromisoformat(evidence["window_end"]))
    return look_back(as_of, _METRIC_DAYS)


def _thresholds(rule: Rule | None, evidence: Mapping[str, Any]) -> tuple[Threshold, ...]:
    known = rule.params if rule else {}
    return tuple(
        Threshold(name, value, known[name].unit if name in known else "", known[name].description if name in known else "")
        for name, value in evidence["parameters"].items()
    )


def _remedy_lines(remedy: str | None) -> list[str]:
    if remedy is None:
        return []
    content = json.loads(remedy)
    commands = [line for step in content["commands"] for line in (f"  {step['purpose']}:", f"    {step['text']}")]
    terraform = [f"  In Terraform: {content['terraform'].strip()}"] if content["terraform"] else []
    policy = [f"  Cloud Custodian: {json.dumps(content['custodian'])}"] if content["custodian"] else []
    return ["Remedy (nothing of it is ever run by Costsieve)", *commands, *terraform, *policy]


def _table_lines(frame: pl.DataFrame) -> list[str]:
    rows = [[str(name) for name in frame.columns], *([_cell(value) for value in row] for row in frame.iter_rows())]
    widths = [max(len(row[column]) for row in rows) for column in range(frame.width)]
    return ["  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _cell(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "-" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
