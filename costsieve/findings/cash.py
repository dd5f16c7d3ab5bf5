"""What really leaves the bill: all findings of a night taken together, their freed commitments re-applied hour by hour.

Commitments are shared within a payer and a scope (machines; SageMaker machines, which have Savings Plans of their own), whatever their
kind. For databases and other resources no hourly usage is known that could take a commitment over: what one covers of them is no cash.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from costsieve.contracts.verdicts import ACTIONS
from costsieve.findings.machine_hours import Machine, MachineHours, Payer, read_machine_hours, read_on_demand_hours
from costsieve.findings.reapplied import Action, Amounts, Reapplied, reapply
from costsieve.findings.savings import Freed, commitment_scope, freed_by, resource_costs
from costsieve.money import to_cents
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query

_EXACT = Decimal("1e-12")


@dataclass(frozen=True)
class _Finding:
    """A finding with savings: its exact amounts, and the share of the machine that it ends."""

    finding_id: str
    machine: Machine
    scope: str | None
    evidence: dict[str, Any]
    freed: Freed
    share: Decimal
    shared_cost: Decimal

    @property
    def committed_share(self) -> Decimal:
        """Share of what commitments cover of the machine that it frees."""
        committed = Decimal(self.evidence["savings"]["monthly_committed_cost"])
        return self.freed.committed_cost / committed if committed > 0 else Decimal(0)

    @property
    def freed_shared_cost(self) -> Decimal:
        """What it frees of commitments that other machines may take over."""
        return min(self.freed.committed_cost, self.committed_share * self.shared_cost).quantize(_EXACT)


def write_cash_savings(connection: Connection, as_of: date) -> int:
    """Fill monthly_cash_savings of the night's findings that free commitments, after all rules; return their number.

    Run it inside a transaction. It can be run again: the same findings and the same bill give the same figures.
    """
    hours = read_machine_hours(connection, as_of)
    findings = _findings(connection, as_of, hours)
    reapplied = _reapplied(findings, hours, read_on_demand_hours(connection, hours))
    rows = [_row(finding, reapplied.get(finding.finding_id)) for finding in findings if finding.freed.committed_cost]
    schema = {"finding_id": pl.String(), "monthly_cash_savings": pl.Decimal(18, 2), "evidence": pl.String()}
    connection.register("cash", pl.DataFrame(rows, schema=schema, orient="row"))
    try:
        connection.execute(statement("findings/record_cash.sql"), {"as_of": as_of})
    finally:
        connection.unregister("cash")
    return len(rows)


def _findings(connection: Connection, as_of: date, hours: MachineHours) -> list[_Finding]:
    shared_cost = hours.shared_cost()
    frame = query(connection, statement("findings/priced_findings.sql"), {"as_of": as_of, "actions": list(ACTIONS)})
    return [_finding(row, shared_cost) for row in frame.iter_rows(named=True)]


def _finding(row: dict[str, Any], shared_cost: dict[Machine, Decimal]) -> _Finding:
    evidence = json.loads(row["evidence"])
    exact = {name: Decimal(value) for name, value in evidence["savings"].items() if name != "is_charged"}
    costs = resource_costs(row["action"], exact)
    freed = freed_by(costs, exact["remaining_cost_share"])
    machine = (row["provider"], row["account_id"], row["resource_id"], row["currency"])
    share = min(Decimal(1), freed.cost / costs.action_cost) if costs.action_cost > 0 else 1 - exact["remaining_cost_share"]
    scope = commitment_scope(row["provider"], row["resource_type"])
    return _Finding(row["finding_id"], machine, scope, evidence, freed, share, shared_cost.get(machine, Decimal(0)))


def _reapplied(findings: Sequence[_Finding], hours: MachineHours, on_demand: dict[Payer, Amounts]) -> dict[str, Reapplied]:
    """A machine whose bill moved to another payer frees commitments of both; each payer's are re-applied within it."""
    fleets: defaultdict[Payer, list[_Finding]] = defaultdict(list)
    payers = hours.payers()
    for finding in findings:
        if finding.scope is not None:
            for payer in payers.get(finding.machine, []):
                fleets[finding.machine[0], payer, finding.machine[3], finding.scope].append(finding)
    found: dict[str, Reapplied] = {}
    for fleet, members in fleets.items():
        for finding_id, each in _reapplied_in_fleet(fleet[1], members, hours, on_demand.get(fleet)).items():
            found[finding_id] = _added(found.get(finding_id), each)
    return found


def _reapplied_in_fleet(payer: str, members: Sequence[_Finding], hours: MachineHours, on_demand: Amounts | None) -> dict[str, Reapplied]:
    numbers: dict[tuple[Machine, str], int] = {}
    ended: dict[tuple[Machine, str], float] = {}
    for finding in members:
        key = (finding.machine, payer)
        ended[key] = 1 - (1 - ended.get(key, 0.0)) * (1 - float(finding.share))
        if finding.freed_shared_cost:
            numbers.setdefault(key, len(numbers))
    left = (np.zeros(hours.days * 24, dtype=np.int64) if on_demand is None else on_demand) - hours.on_demand(ended)
    actions = [
        Action(finding.finding_id, numbers[finding.machine, payer], float(finding.committed_share))
        for finding in members
        if finding.freed_shared_cost
    ]
    return reapply(actions, hours.committed(numbers), left)


def _added(first: Reapplied | None, second: Reapplied) -> Reapplied:
    if first is None:
        return second
    hours_freed, hours_taken_over = first.hours_freed + second.hours_freed, first.hours_taken_over + second.hours_taken_over
    return Reapplied(first.lost_cost + second.lost_cost, hours_freed, hours_taken_over)


def _row(finding: _Finding, reapplied: Reapplied | None) -> tuple[str, Decimal, str]:
    shared = finding.freed_shared_cost
    absorbed = max(Decimal(0), shared - reapplied.lost_cost) if reapplied else Decimal(0)
    amounts = {
        "freed_unshared_cost": format((finding.freed.committed_cost - shared).normalize(), "f"),
        "absorbed_committed_cost": format(absorbed.normalize(), "f"),
        "hours_with_freed_commitment": str(reapplied.hours_freed if reapplied else 0),
        "hours_taken_over": str(reapplied.hours_taken_over if reapplied else 0),
    }
    evidence = finding.evidence | {"savings": finding.evidence["savings"] | amounts}
    cash = finding.freed.cost - finding.freed.committed_cost + absorbed
    return finding.finding_id, to_cents(cash), json.dumps(evidence)
