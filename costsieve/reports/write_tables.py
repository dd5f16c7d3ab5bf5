"""The CSV files and report.json: the report's rows for spreadsheets and programs. No layout here."""

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from costsieve.contracts import history, realized, results
from costsieve.contracts import quality as quality_contracts
from costsieve.contracts.table import Table
from costsieve.reports.csv_cells import cell
from costsieve.reports.queries import Row, rows
from costsieve.reports.report import Report
from costsieve.reports.report_savings import PlanStep
from costsieve.reports.totals import by_action
from costsieve.warehouse import Connection

SAVINGS_COLUMNS = (
    *("step", "action", "title", "currency", "gross_savings", "overlap", "net_savings", "confidence"),
    *("provider", "account_id", "region", "service", "resource_id", "resource_name", "owner", "team", "project", "environment"),
    *("monthly_cost", "monthly_list_savings", "monthly_cash_savings", "first_seen", "rule_id", "finding_id", "recommendation_id"),
)


def savings_csv(report: Report) -> str:
    """Return every step of the plan, currency by currency, with its first command."""
    steps = [step for section in report.currencies for step in section.plan]
    header = (*SAVINGS_COLUMNS, "command")
    return _csv(header, ([*(getattr(step, name) for name in SAVINGS_COLUMNS), _first_command(step)] for step in steps))


def findings_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.findings."""
    return _csv_of(results.FINDINGS, rows(connection, "findings_table", as_of=as_of))


def changes_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.finding_changes."""
    return _csv_of(history.FINDING_CHANGES, rows(connection, "finding_changes", as_of=as_of))


def realized_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.realized_savings."""
    return _csv_of(realized.REALIZED_SAVINGS, rows(connection, "realized_savings", as_of=as_of))


def evaluations_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.evaluations."""
    return _csv_of(results.EVALUATIONS, rows(connection, "evaluations_table", as_of=as_of))


def allocation_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.allocated_costs."""
    return _csv_of(results.ALLOCATED_COSTS, rows(connection, "allocation_table", as_of=as_of))


def untagged_csv(connection: Connection, as_of: date) -> str:
    """Return the night's rows of results.tag_coverage that have untagged usage."""
    return _csv_of(results.TAG_COVERAGE, rows(connection, "untagged_table", as_of=as_of))


def reconciliation_csv(connection: Connection) -> str:
    """Return quality.reconciliation: what every account and charge type was compared with, to the last decimal."""
    return _csv_of(quality_contracts.RECONCILIATION, rows(connection, "reconciliation_table"))


def report_json(report: Report) -> str:
    """Return the whole report as JSON.

    Amounts are numbers with their cents, days are ISO 8601, text is ASCII with escapes, so that nothing in it can reorder a terminal.
    """
    content = dataclasses.asdict(report)
    for section, shown in zip(content["currencies"], report.currencies, strict=True):
        section["totals"] = {
            "net_savings": shown.net_savings,
            "net_total": shown.spend.net_total,
            "billed_total": shown.spend.billed_total,
            "evaluated_cost": shown.coverage.evaluated_cost,
            "evaluated_share": shown.coverage.share,
            "allocated_total": shown.allocation.total if shown.allocation else None,
            "reconciled": shown.reconciliation.agrees,
            "by_action": [dataclasses.asdict(total) for total in by_action(shown.plan)],
        }
    return json.dumps(content, default=_plain, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _csv_of(table: Table, found: Iterable[Row]) -> str:
    return _csv(table.column_names, ([row[column] for column in table.column_names] for row in found))


def _csv(header: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in line] for line in lines)
    return buffer.getvalue()


def _first_command(step: PlanStep) -> str | None:
    return next((command.text for command in step.commands if command.is_command), None)


def _plain(value: object) -> float | str:
    """A float prints a DECIMAL(18,2) with the very digits it has; shares need no more than six."""
    if isinstance(value, Decimal):
        return float(round(value, 6))
    if isinstance(value, date):
        return value.isoformat()
    message = f"a report holds no {type(value).__name__}"
    raise TypeError(message)
