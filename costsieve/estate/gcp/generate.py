"""EstatePlan → the GCP side of the demo estate: detailed billing export, utilization, inventory. AWS is in `estate.aws`."""

from collections.abc import Sequence
from decimal import ROUND_UP, Decimal
from pathlib import Path

import polars as pl

from costsieve.estate.gcp import discounts, fleet, invoice
from costsieve.estate.gcp.calendar import Calendar, calendar
from costsieve.estate.gcp.commitments import spend_commitments, with_spend_commitments
from costsieve.estate.gcp.export import write_export
from costsieve.estate.gcp.inventory import write_inventory
from costsieve.estate.gcp.lines import Rows, usage_lines
from costsieve.estate.gcp.machines import spot_worker
from costsieve.estate.gcp.resource import Resource
from costsieve.estate.gcp.utilization import write_utilization
from costsieve.estate.plan import Answer, EstatePlan, answers_of
from costsieve.period import DAYS_PER_MONTH

_GCP_SHARE = 0.25
_TOLERANCE = 1.1
_ROW_HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
_SPLIT_ROWS = 1.08


def write_gcp(folder: Path, plan: EstatePlan) -> list[Answer]:
    """Write ``gcp/billing``, ``utilization`` and ``inventory`` below a folder, and return what is wasted in them.

    About a quarter of the plan's line items are GCP's. Rows of machines cover one hour; where the plan is too small for the fixed
    fleet (below about 200,000 line items over 90 days) they cover more.
    """
    days = calendar(plan)
    resources, rows = resources_of(plan, days)
    lines = bill_lines(resources, rows, plan)
    write_export(folder / "gcp" / "billing", lines, resources, days)
    write_utilization(folder / "utilization", resources, plan)
    write_inventory(folder / "inventory", resources, plan)
    return answer_key(resources, lines, plan)


def resources_of(plan: EstatePlan, days: Calendar) -> tuple[list[Resource], Rows]:
    """Return the fixed fleet, with machines and Spot workers added until the plan's line items are met."""
    setting = fleet.setting(plan)
    resources = fleet.fixed_fleet(setting)
    wanted = int(plan.line_items * _GCP_SHARE)
    rows = next(rows for rows in (Rows(days, hours) for hours in _ROW_HOURS) if _fits(resources, rows, wanted))
    missing = wanted - _fixed_row_count(resources, rows)
    rows_per_machine = sum(map(rows.count, fleet.growth(setting, 1)))
    machine_count = max(missing // rows_per_machine, 0)
    rows_per_worker = rows.count(resources[-1])
    worker_count = max(missing - machine_count * rows_per_machine, 0) // rows_per_worker
    workers = (spot_worker(setting, fleet.SPOT_WORKERS + number) for number in range(worker_count))
    return [*resources, *fleet.growth(setting, machine_count), *workers], rows


def bill_lines(resources: Sequence[Resource], rows: Rows, plan: EstatePlan) -> pl.DataFrame:
    """Return the flat rows of the whole bill, with credits, commitments and invoice rows."""
    days = rows.calendar
    lines = discounts.with_resource_commitment(usage_lines(resources, rows, plan.seed))
    lines = with_spend_commitments(lines, spend_commitments(plan.seed), days)
    lines = discounts.with_discounts(discounts.with_sustained_use(lines, resources, days))
    lines = discounts.with_late_rows(discounts.with_promotion(lines), days, plan.seed)
    lines = invoice.with_invoice_months(lines, days)
    closing = invoice.with_invoice_months(invoice.invoice_rows(lines, days), days)
    return pl.concat([lines, closing])


def answer_key(resources: Sequence[Resource], lines: pl.DataFrame, plan: EstatePlan) -> list[Answer]:
    """Return the answers, bounded by what each resource cost in the last month less what any fitting target would cost."""
    month_start = 24 * (plan.days - DAYS_PER_MONTH)
    recent = lines.filter(pl.col("start_hour") >= month_start, pl.col("resource").is_not_null())
    net_cost = (pl.col("cost") + pl.col("credit_amount")).sum()
    costs = dict(recent.group_by("resource").agg(net_cost.alias("cost")).select("resource", "cost").iter_rows())
    bounds = {number: _cents_up(costs.get(number, 0.0) * (1 - item.kept_share)) for number, item in enumerate(resources)}
    return [
        answer
        for number, item in enumerate(resources)
        for answer in answers_of(item.entry, plan, ("GCP", item.project, item.resource_id), bounds[number] or None)
    ]


def _cents_up(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(Decimal("0.01"), rounding=ROUND_UP)


def _fits(resources: Sequence[Resource], rows: Rows, wanted: int) -> bool:
    return rows.hours_per_row == _ROW_HOURS[-1] or _fixed_row_count(resources, rows) <= wanted * _TOLERANCE


def _fixed_row_count(resources: Sequence[Resource], rows: Rows) -> int:
    """Return about how many rows the fixed fleet makes, with the rows that commitments split off and their fees."""
    return int(_SPLIT_ROWS * sum(map(rows.count, resources)))
