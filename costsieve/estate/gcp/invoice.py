"""Which invoice a row is on, and the rows that only invoices have: taxes, rounding and one correction. No usage is here."""

from datetime import date

import polars as pl

from costsieve.estate.gcp.calendar import Calendar
from costsieve.estate.gcp.lines import complete
from costsieve.period import months_between, next_month

_TAX_SHARE = 0.0825
_SLA_CREDIT = -120.0
_TAX_EXPORT_DAYS = 2


def with_invoice_months(lines: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Add ``invoice_month``: the Pacific month of the usage, or of the export where a row came late or corrects an older one."""
    billed = pl.when(pl.col("cost_type") == "tax").then("start_hour").otherwise(pl.col("start_hour") + 24 * pl.col("late_days"))
    months = calendar.frame.select(billed_hour="start_hour", invoice_month="invoice_month")
    return lines.with_columns(billed_hour=billed).join(months, on="billed_hour", how="left", maintain_order="left").drop("billed_hour")


def invoice_rows(lines: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """Return the rows of each closed month: a tax per project and a rounding difference, and the window's one SLA credit."""
    first, last = calendar.start.date(), calendar.start.date().fromordinal(calendar.start.date().toordinal() + calendar.hours // 24)
    rows = [row for month in months_between(first, last) for row in _closing_rows(lines, calendar, month)]
    return pl.concat([complete(pl.DataFrame(rows)), _sla_credit(calendar)]) if rows else _sla_credit(calendar)


def _closing_rows(lines: pl.DataFrame, calendar: Calendar, month: date) -> list[dict[str, object]]:
    """Return what is exported two days after a month ends; nothing when the window ends before."""
    end_hour = calendar.hour_of(next_month(month))
    start_hour = end_hour - 24
    if start_hour < 0 or start_hour + 24 * _TAX_EXPORT_DAYS >= calendar.hours:
        return []
    net = pl.col("cost") + pl.col("credit_amount") + pl.col("promotion_amount")
    billed = lines.filter(pl.col("invoice_month") == f"{month:%Y%m}", pl.col("project").is_not_null())
    taxed = billed.group_by("project").agg(net=net.sum()).sort("project")
    common = {"start_hour": start_hour, "hours": 24, "late_days": _TAX_EXPORT_DAYS}
    taxes = [
        _row(project=project, sku="Tax", cost=round(net * _TAX_SHARE, 2), cost_type="tax", **common) for project, net in taxed.iter_rows()
    ]
    return [*taxes, _row(project=None, sku="Rounding error", cost=-0.003, cost_type="rounding_error", **common)]


def _row(**columns: object) -> dict[str, object]:
    return {"place": "global", "quantity": 0.0, "price": 0.0, "cost_at_list": columns["cost"], **columns}


def _sla_credit(calendar: Calendar) -> pl.DataFrame:
    """Return a correction of prediction usage of a month ago, issued ten days before the night at the latest."""
    issued_hour = max(calendar.hours - 24 * 10, 0) // 24 * 24
    late_days = min(30, issued_hour // 24)
    usage = {"start_hour": issued_hour - 24 * late_days, "hours": 1, "late_days": late_days}
    sku = "Vertex AI: Online/Batch Prediction N1 Instance Core running in Americas"
    row = _row(project="ml-prod", sku=sku, cost=_SLA_CREDIT, cost_type="adjustment", **usage)
    return complete(pl.DataFrame([row]))
