"""Writes the AWS half of the demo estate: bill, utilization and inventory. Returns what was planted; writes no answer key."""

from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from pathlib import Path

import numpy as np
import polars as pl

from costsieve.estate.aws.account_lines import account_lines
from costsieve.estate.aws.cur_files import write_export
from costsieve.estate.aws.fleet import Resource, machines, steady_specs
from costsieve.estate.aws.inventory import write_inventory
from costsieve.estate.aws.line_items import NET_UNBLENDED, LineItems, combine
from costsieve.estate.aws.prices import GRID
from costsieve.estate.aws.reservations import reservation_lines
from costsieve.estate.aws.savings_plans import savings_plan_lines
from costsieve.estate.aws.services import base_resources
from costsieve.estate.aws.usage_lines import usage_lines
from costsieve.estate.aws.utilization import write_utilization
from costsieve.estate.plan import Answer, EstatePlan, answers_of
from costsieve.period import DAYS_PER_MONTH

_ROWS_PER_STEADY_HOUR = 4
"""A steady machine is charged each hour for itself, its volume, and transfer between zones in both directions."""

_BATCH = 100
"""Steady resources that are expanded to line items together."""


def write_aws(folder: Path, plan: EstatePlan, line_items: int) -> list[Answer]:
    """Write about ``line_items`` bill rows, with the utilization and the inventory of what they are for.

    The fixed part has about 1,160 rows a day and is never left out, however few rows are asked for.
    """
    base = base_resources(plan)
    fixed = usage_lines(base, plan, np.random.default_rng([plan.seed, 0]))
    fixed_rows = bill_of(fixed, plan).facts.select(pl.len()).collect().item()
    count = max(0, round((line_items - fixed_rows) / (_ROWS_PER_STEADY_HOUR * 24 * plan.days)))
    steady = list(machines(plan, steady_specs(count)))
    batches = [steady[first : first + _BATCH] for first in range(0, len(steady), _BATCH)]
    added = [usage_lines(batch, plan, np.random.default_rng([plan.seed, 1, number])) for number, batch in enumerate(batches)]
    bill = bill_of(combine([fixed, *added]), plan)
    write_export(folder / "aws" / "cur" / "costs", bill, plan)
    write_utilization(folder / "utilization", [*base, *steady], plan)
    write_inventory(folder / "inventory", [*base, *steady], plan)
    return answer_key([*base, *steady], bill, plan)


def bill_of(usage: LineItems, plan: EstatePlan) -> LineItems:
    """Return the whole bill that follows from its usage line items."""
    charged = combine([usage, *savings_plan_lines(usage, plan), reservation_lines(usage, plan)])
    return combine([charged, *account_lines(charged, plan)])


def answer_key(resources: Sequence[Resource], bill: LineItems, plan: EstatePlan) -> list[Answer]:
    """Return the answers; no honest savings exceed what the resource really cost in the last month of the bill."""
    costs = _monthly_costs(bill, plan)
    return [
        answer
        for resource in resources
        for answer in answers_of(
            resource.spec, plan, ("AWS", resource.account_id, resource.resource_id), costs.get(resource.billing_id) or None
        )
    ]


def _monthly_costs(bill: LineItems, plan: EstatePlan) -> dict[str, Decimal]:
    """Return the net effective cost of each resource over the last 30 days, rounded up to a cent."""
    covered = {
        "SavingsPlanCoveredUsage": "savings_plan_net_savings_plan_effective_cost",
        "DiscountedUsage": "reservation_net_effective_cost",
    }
    month = bill.between((plan.days - DAYS_PER_MONTH) * 24, plan.days * 24)
    by_kind = month.group_by("kind").agg(pl.col(NET_UNBLENDED, *covered.values()).sum())
    sums = bill.described(by_kind, "line_item_resource_id", "line_item_line_item_type").drop_nulls("line_item_resource_id")
    line_item_type = pl.col("line_item_line_item_type")
    cost = pl.coalesce(*(pl.when(line_item_type == name).then(pl.col(column)) for name, column in covered.items()), NET_UNBLENDED)
    totals = sums.group_by("line_item_resource_id").agg(cost.sum().alias("cost"))
    return {name: (Decimal(total) / GRID).quantize(Decimal("0.01"), rounding=ROUND_UP) for name, total in totals.iter_rows()}
