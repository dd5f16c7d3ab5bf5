"""What a finding saves: at list price and at the price that is paid. Pure arithmetic in DECIMAL; reads no table.

Cash is a third measure: the part of a machine's cost that a commitment covers is only saved as far as other on-demand machines take the
freed commitment over. That takes all findings together, hour by hour: see costsieve.findings.cash. A freed commitment is valued at its
effective cost, and what no machine can take over is not saved: the commitment goes on being paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from costsieve.money import to_cents

_MACHINE_LEARNING = ("inference_endpoint", "notebook", "studio_app", "training_job", "processing_job", "transform_job")
INSTANCE_ACTIONS = ("schedule", "rightsize", "migrate")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Costs:
    """Exact monthly costs of one resource, and the part that an action works on: of a machine that stays the instance, else everything."""

    monthly_cost: Decimal
    monthly_list_cost: Decimal
    monthly_committed_cost: Decimal
    action_cost: Decimal
    action_list_cost: Decimal


@dataclass(frozen=True)
class Freed:
    """Exact amounts that an action frees: at the price paid, at list price, and the part that commitments cover."""

    cost: Decimal
    list_cost: Decimal
    committed_cost: Decimal


@dataclass(frozen=True)
class Savings:
    """The three measures in whole cents, and the exact amounts behind them; cash is None until all rules are known."""

    monthly_savings: Decimal
    monthly_list_savings: Decimal
    monthly_cash_savings: Decimal | None
    freed: Freed


def resource_costs(action: str, amounts: Mapping[str, Decimal]) -> Costs:
    """Return the costs of a resource from the exact amounts of its evidence, with the part that this action works on.

    A commitment works on what none covers yet, so it frees none.
    """
    prefix = "monthly_instance" if action in INSTANCE_ACTIONS and amounts["monthly_instance_cost"] > 0 else "monthly"
    return Costs(
        amounts["monthly_cost"],
        amounts["monthly_list_cost"],
        amounts["monthly_committed_cost"] if action != "commitment" else _ZERO,
        amounts[f"{prefix}_cost"],
        amounts[f"{prefix}_list_cost"],
    )


def freed_by(costs: Costs, remaining_cost_share: Decimal) -> Freed:
    """Return what an action frees that leaves `remaining_cost_share` (0..1) of the monthly cost.

    List cost and commitments follow the part that the action works on: a smaller instance leaves traffic as it was.
    """
    freed_cost = max(_ZERO, (1 - remaining_cost_share) * costs.monthly_cost)
    if costs.action_cost > 0:
        share = min(Decimal(1), freed_cost / costs.action_cost)
        list_cost = share * costs.action_list_cost
    else:
        share = 1 - remaining_cost_share
        list_cost = share * costs.monthly_list_cost
    committed = min(freed_cost, max(_ZERO, share * costs.monthly_committed_cost))
    return Freed(freed_cost, max(_ZERO, list_cost), committed)


def price(freed: Freed) -> Savings:
    """Return the savings in cents; in cash they are the same where the action frees no commitment, and not known yet where it does."""
    cash = None if freed.committed_cost else to_cents(freed.cost)
    return Savings(to_cents(freed.cost), to_cents(freed.list_cost), cash, freed)


def commitment_scope(provider: str, resource_type: str | None) -> str | None:
    """Return which on-demand usage could take over this resource's commitment; None where commitments do not apply."""
    if resource_type == "virtual_machine" or (provider == "GCP" and resource_type == "notebook"):
        return "compute"
    return "machine_learning" if resource_type in _MACHINE_LEARNING else None
