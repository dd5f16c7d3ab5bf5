"""What a finding saves: at list price, at the price that is paid, and in cash. Pure arithmetic in DECIMAL; reads no table.

Cash: the part of a machine's cost that a commitment covers is only saved as far as other on-demand machines take the
freed commitment over. It is valued at its effective cost, and what no machine can take over is not saved: the
commitment goes on being paid. A commitment that lies partly unused already shows that no other machine is in its reach.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.money import to_cents

_MACHINE_LEARNING = ("inference_endpoint", "notebook", "training_job")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Costs:
    """Exact monthly costs of one resource, and the part that an action works on: the instance for rightsize, else everything.

    ``monthly_unshared_cost`` is the part of the committed cost whose commitments other machines do not use.
    """

    monthly_cost: Decimal
    monthly_list_cost: Decimal
    monthly_committed_cost: Decimal
    action_cost: Decimal
    action_list_cost: Decimal
    monthly_unshared_cost: Decimal = _ZERO


@dataclass(frozen=True)
class Freed:
    """Exact amounts that an action frees: at the price paid, at list price, and the part that commitments cover.

    ``unshared_cost`` is the part of the last that no other machine can take over.
    """

    cost: Decimal
    list_cost: Decimal
    committed_cost: Decimal
    unshared_cost: Decimal = _ZERO


@dataclass(frozen=True)
class Savings:
    """The three measures in whole cents, and the exact amounts behind the third."""

    monthly_savings: Decimal
    monthly_list_savings: Decimal
    monthly_cash_savings: Decimal
    freed: Freed
    absorbed_cost: Decimal


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
    unshared = min(committed, max(_ZERO, share * costs.monthly_unshared_cost))
    return Freed(freed_cost, max(_ZERO, list_cost), committed, unshared)


def price(freed: Sequence[Freed], on_demand_cost: Decimal) -> list[Savings]:
    """Return the savings of actions taken together, when the fleet's on-demand machines cost `on_demand_cost` a month.

    What the actions themselves free of on-demand usage can take over nothing; the rest is given to them in order.
    """
    capacity = max(_ZERO, on_demand_cost - sum((each.cost - each.committed_cost for each in freed), _ZERO))
    savings = []
    for each in freed:
        absorbed = min(each.committed_cost - each.unshared_cost, capacity)
        capacity -= absorbed
        cash = each.cost - each.committed_cost + absorbed
        savings.append(Savings(to_cents(each.cost), to_cents(each.list_cost), to_cents(cash), each, absorbed))
    return savings


def commitment_scope(provider: str, resource_type: str | None) -> str | None:
    """Return which on-demand usage could take over this resource's commitment; None where commitments do not apply."""
    if resource_type == "virtual_machine" or (provider == "GCP" and resource_type == "notebook"):
        return "compute"
    return "machine_learning" if resource_type in _MACHINE_LEARNING else None
