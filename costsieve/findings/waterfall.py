"""The savings plan: exclusive actions in order, each priced on what the former left. What an action saves alone: see savings.

Findings without monthly savings are no steps: a hung job's accrued cost is spent, what nobody charges saves nothing, and savings that
nobody knows cannot be added. Nor are findings that advise a commitment: recommendations size commitments for all usage at once.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

import polars as pl

from costsieve.contracts.results import PLAN
from costsieve.contracts.verdicts import ACTIONS
from costsieve.findings.rule import Rule, load_rules
from costsieve.findings.savings import INSTANCE_ACTIONS
from costsieve.money import to_cents
from costsieve.period import DAYS_PER_MONTH
from costsieve.sql_files import statement
from costsieve.warehouse import Connection, query, replace_frame

type ResourceKey = tuple[str, str | None, str, str]
"""Provider, account, resource, currency."""


@dataclass(frozen=True)
class Proposal:
    """One action that saves `gross_savings` a month on its own; `kind` is the rule or the kind of recommendation.

    `action_cost` is the part of `resource_cost` that it works on: the instance for a schedule or another size, else all of it.
    Recommendations state what they save after clean-up themselves; findings are priced on what is left of the resource.
    """

    action: str
    finding_id: str | None
    recommendation_id: str | None
    kind: str
    title: str | None
    provider: str
    account_id: str | None
    region: str | None
    service: str | None
    resource_id: str | None
    resource_name: str | None
    target: str | None
    owner: str | None
    team: str | None
    project: str | None
    environment: str | None
    currency: str
    gross_savings: Decimal
    savings_after_cleanup: Decimal | None
    resource_cost: Decimal | None
    action_cost: Decimal | None
    confidence: str

    @property
    def works_on_part(self) -> bool:
        """Whether it lowers only a part of the resource's cost: another size or schedule of a machine leaves its traffic as it is."""
        cost, part = self.resource_cost, self.action_cost
        return cost is not None and part is not None and self.gross_savings <= part < cost

    @property
    def resource(self) -> ResourceKey | None:
        """The resource whose cost it lowers; None for a commitment, and for a resource whose cost is unknown."""
        if self.resource_id is None or self.resource_cost is None:
            return None
        return (self.provider, self.account_id, self.resource_id, self.currency)


@dataclass(frozen=True)
class Step:
    """A proposal at its place in the plan; `net_savings` is what it adds to the steps before it."""

    proposal: Proposal
    net_savings: Decimal

    @property
    def overlap(self) -> Decimal:
        """What former steps already save of it."""
        return self.proposal.gross_savings - self.net_savings


@dataclass
class _Left:
    """What is left of one resource: shares of its whole cost and of its part (the instance); and what was taken, exact and in cents.

    Cents are those of the exact sum, so that many small steps save no cent too many.
    """

    cost: Decimal
    taken: Decimal = Decimal(0)
    exactly_taken: Decimal = Decimal(0)
    whole_share: Decimal = Decimal(1)
    part_share: Decimal = Decimal(1)
    part_cost: Decimal = Decimal(0)

    def take(self, proposal: Proposal) -> Decimal:
        """Return what the proposal saves of what is left, and take it away."""
        if proposal.savings_after_cleanup is not None or not self.cost:
            exact = proposal.savings_after_cleanup or Decimal(0)
        elif proposal.works_on_part and proposal.action_cost is not None:
            self.part_cost = proposal.action_cost
            exact = self.whole_share * self.part_share * proposal.gross_savings
            self.part_share *= 1 - proposal.gross_savings / proposal.action_cost
        else:
            exact = self.whole_share * (self.cost - self.part_cost * (1 - self.part_share)) * proposal.gross_savings / self.cost
            self.whole_share *= 1 - proposal.gross_savings / self.cost
        self.exactly_taken = min(self.exactly_taken + exact, self.cost)
        net = min(to_cents(self.exactly_taken) - self.taken, proposal.gross_savings)
        self.taken += net
        return net


def sequence(proposals: Sequence[Proposal], usage_spend: Mapping[str, Decimal]) -> list[Step]:
    """Order proposals by action, then by savings, and price each on what the former left of its resource.

    An action that saves a share of a resource, or of its instance, saves that share of what is left of it. The net savings of a
    resource never exceed its cost, and those of a currency never exceed `usage_spend`, the usage charges of the same window.
    """
    left: dict[ResourceKey, _Left] = {}
    spend_left = {currency: max(Decimal(0), spend) for currency, spend in usage_spend.items()}
    steps = []
    for proposal in sorted(proposals, key=_order):
        spendable = spend_left.get(proposal.currency, Decimal(0))
        net = min(_net(proposal, left), spendable.quantize(Decimal("0.01"), ROUND_DOWN))
        spend_left[proposal.currency] = spendable - net
        steps.append(Step(proposal, net))
    return steps


def write_plan(connection: Connection, as_of: date) -> int:
    """Replace the night's plan from its findings and recommendations; return the number of steps."""
    steps = sequence(_proposals(connection, as_of), usage_spend(connection, as_of))
    rules = {rule.id: rule for rule in load_rules()}
    columns = PLAN.column_names
    rows = [
        {name: value for name, value in vars(step.proposal).items() if name in columns}
        | {"as_of": as_of, "step": number, "title": _title(step.proposal, rules)}
        | {"overlap": step.overlap, "net_savings": step.net_savings}
        for number, step in enumerate(steps, start=1)
    ]
    return replace_frame(connection, PLAN, pl.DataFrame(rows, schema=PLAN.polars_schema(), orient="row"), {"as_of": as_of})


def actions_taken(connection: Connection, as_of: date) -> pl.DataFrame:
    """Return what is left of each resource once all findings of the night are acted on; needs no plan to be written.

    Columns: provider, account_id, resource_id, currency, remaining_cost_share (DECIMAL, 0..1 of the monthly cost).
    Resources without a saving are absent: all of their cost remains.
    """
    findings = [proposal for proposal in _proposals(connection, as_of) if proposal.finding_id is not None]
    costs: dict[ResourceKey, Decimal] = {}
    saved: dict[ResourceKey, Decimal] = {}
    for step in sequence(findings, usage_spend(connection, as_of)):
        key, cost = step.proposal.resource, step.proposal.resource_cost
        if key is not None and cost is not None:
            costs[key] = cost
            saved[key] = saved.get(key, Decimal(0)) + step.net_savings
    rows = [(*key, (1 - saved[key] / costs[key]).quantize(Decimal("1e-12"))) for key in sorted(costs, key=str)]
    types = dict.fromkeys(("provider", "account_id", "resource_id", "currency"), pl.String)
    return pl.DataFrame(rows, schema={**types, "remaining_cost_share": pl.Decimal(18, 12)}, orient="row")


def _order(proposal: Proposal) -> tuple[int, Decimal, str]:
    identifier = proposal.finding_id or proposal.recommendation_id or ""
    return ACTIONS.index(proposal.action), -proposal.gross_savings, identifier


def _net(proposal: Proposal, left: dict[ResourceKey, _Left]) -> Decimal:
    key, cost = proposal.resource, proposal.resource_cost
    if key is None or cost is None:
        return proposal.savings_after_cleanup or Decimal(0)
    return left.setdefault(key, _Left(cost)).take(proposal)


def _proposals(connection: Connection, as_of: date) -> list[Proposal]:
    frame = query(connection, statement("findings/proposals.sql"), {"as_of": as_of, "instance_actions": list(INSTANCE_ACTIONS)})
    return [Proposal(**row) for row in frame.iter_rows(named=True)]


def usage_spend(connection: Connection, as_of: date) -> dict[str, Decimal]:
    """Return what usage cost over the month of the night, by currency: no plan saves more."""
    parameters = {"as_of": as_of, "days_per_month": DAYS_PER_MONTH}
    return dict(query(connection, statement("findings/usage_spend.sql"), parameters).iter_rows())


def _title(proposal: Proposal, rules: Mapping[str, Rule]) -> str:
    if proposal.title is not None:
        return proposal.title
    name, identifier = proposal.resource_name, _short(proposal.resource_id or "")
    resource = f"{name} ({identifier})" if name and name != identifier else identifier
    rule = rules[proposal.kind]
    sentence = rule.step.replace("{resource}", resource).replace("{target}", str(proposal.target))
    return f"{sentence}: {rule.title[0].lower()}{rule.title[1:]}"


def _short(resource_id: str) -> str:
    """Return the last word of an ARN or of a full resource name; the rest of it is account, region and service, which stand beside."""
    return re.split(r"[/:]", resource_id)[-1] if resource_id.startswith(("arn:", "//")) else resource_id
