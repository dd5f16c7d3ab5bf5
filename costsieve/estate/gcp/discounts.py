"""Credits that are no spend based commitment: resource based, sustained use, negotiated, free tier, promotion; and late rows.

Google's order: resource based commitments, then spend based ones, then sustained use on what nothing else discounts.
"""

from collections.abc import Iterable

import numpy as np
import polars as pl

from costsieve.estate.gcp.calendar import Calendar
from costsieve.estate.gcp.lines import COST_DECIMALS
from costsieve.estate.gcp.price_list import PRICES
from costsieve.estate.gcp.resource import Resource

_SUSTAINED_SHARES = (0.0, 0.2, 0.4, 0.6)
_NEGOTIATED_SHARE = 0.05
_FREE_GIB_PER_HOUR = 1 / 24
_PROMOTION_BUDGET = 400.0
_LATE_SHARE = 0.02


def with_resource_commitment(lines: pl.DataFrame) -> pl.DataFrame:
    """Credit the N2 usage of the project that committed to N2 cores and memory; the commitment is larger than that usage."""
    is_covered = (pl.col("project") == "data-platform") & pl.col("sku").str.starts_with("N2 Instance")
    return _credited(lines, is_covered, "COMMITTED_USAGE_DISCOUNT", pl.col("cost"))


def with_sustained_use(lines: pl.DataFrame, resources: Iterable[Resource], calendar: Calendar) -> pl.DataFrame:
    """Credit N1 machines: each further quarter of the Pacific month costs 100, 80, 60 and 40 percent of the base price."""
    created = pl.DataFrame({"first_hour": [resource.first_hour for resource in resources]}).with_row_index("resource")
    sustained = [sku for sku, price in PRICES.items() if price.is_sustained]
    run_hours = pl.min_horizontal("month_hours", pl.col("start_hour") - pl.col("first_hour"))
    quarter = (4 * run_hours // (24 * pl.col("days_in_month"))).clip(0, 3).fill_null(0)
    share = quarter.replace_strict(range(4), _SUSTAINED_SHARES)
    joined = lines.join(calendar.frame, on="start_hour", how="left", maintain_order="left").join(
        created.with_columns(pl.col("resource").cast(pl.Int64)), on="resource", how="left", maintain_order="left"
    )
    is_discounted = pl.col("sku").is_in(sustained) & pl.col("credit_type").is_null() & (share > 0)
    return _credited(joined, is_discounted, "SUSTAINED_USAGE_DISCOUNT", pl.col("cost") * share).select(lines.columns)


def with_discounts(lines: pl.DataFrame) -> pl.DataFrame:
    """Credit a negotiated discount on Vertex AI, and the free tier of network egress."""
    negotiated = [sku for sku, price in PRICES.items() if price.service == "Vertex AI"]
    free_cost = pl.min_horizontal("quantity", pl.col("hours") * _FREE_GIB_PER_HOUR) * pl.col("price")
    lines = _credited(lines, pl.col("sku").is_in(negotiated), "DISCOUNT", pl.col("cost") * _NEGOTIATED_SHARE)
    return _credited(lines, pl.col("sku").str.starts_with("Network Internet"), "FREE_TIER", pl.min_horizontal(free_cost, "cost"))


def with_promotion(lines: pl.DataFrame) -> pl.DataFrame:
    """Pay for training with a promotion until it is used up: a way of paying, beside the row's discounts."""
    is_training = pl.col("sku").str.contains("Training/Pipelines", literal=True)
    training = lines.filter(is_training).sort("start_hour", "resource", "sku")
    net_cost = pl.col("cost") + pl.col("credit_amount")
    paid = pl.min_horizontal(net_cost, (_PROMOTION_BUDGET - net_cost.cum_sum() + net_cost).clip(0.0)).round(COST_DECIMALS)
    return pl.concat([lines.filter(~is_training), training.with_columns(promotion_amount=-paid)])


def with_late_rows(lines: pl.DataFrame, calendar: Calendar, seed: int) -> pl.DataFrame:
    """Let some rows be exported a day after their usage; none of the last day, which would be exported after the night."""
    is_late = pl.Series(np.random.default_rng((seed, 12)).random(lines.height) < _LATE_SHARE)
    late_days = pl.when(is_late & (pl.col("start_hour") + 24 < calendar.hours)).then(1).otherwise(0)
    return lines.with_columns(late_days=late_days.cast(pl.Int64))


def _credited(lines: pl.DataFrame, condition: pl.Expr, credit_type: str, amount: pl.Expr) -> pl.DataFrame:
    return lines.with_columns(
        credit_type=pl.when(condition).then(pl.lit(credit_type)).otherwise("credit_type"),
        credit_amount=pl.when(condition).then(-amount.round(COST_DECIMALS)).otherwise("credit_amount"),
    )
