"""What is known about discounted prices: the bundled tables, and what the bill itself shows. Nothing is fetched, nothing guessed.

A family without a row and without covered usage in the bill has no rate: it is left out of the sizing and named.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

import polars as pl

Item = tuple[str, str]
"""Family (AWS) or series (GCP), and operation: the licence on AWS, empty on GCP."""

FROM_BILL = "covered usage in the bill"
"""Source of rates that the bill itself shows; all others come from a bundled table."""

_FOLDER = Path(__file__).parent / "rates"


@dataclass(frozen=True)
class Rate:
    """Discounted price over on-demand price, and where the figure comes from.

    ``kept_share`` is the share of the on-demand price that is left after the provider's automatic discount, which covered
    usage forfeits: 1 where there is none.
    """

    ratio: float
    source: str
    kept_share: float = 1.0

    @property
    def effective_ratio(self) -> float:
        """Discounted price over what on-demand usage really costs."""
        return self.ratio / self.kept_share


@cache
def compute_savings_plan_rates() -> Mapping[Item, Rate]:
    """Return the bundled rates of Compute Savings Plans, one year, no upfront."""
    return {
        (row["family"], row["operation"]): Rate(float(row["ratio"]), f"bundled table of {row['read_on']}: {row['source']}")
        for row in _rows("compute_savings_plan.csv")
    }


@cache
def flexible_cud_rates() -> Mapping[Item, Rate]:
    """Return the bundled rates of flexible CUDs, one year.

    Covered usage loses its sustained-use discount. What a level of usage that runs a share f of the month costs is concave in
    f and reaches 1 - discount at f = 1, so valuing every hour at that lowest price never overstates what a commitment saves.
    """
    return {
        (row["series"], ""): Rate(
            float(row["ratio"]),
            f"bundled table of {row['read_on']}: {row['source']}",
            kept_share=1 - float(row["sustained_use_discount"]),
        )
        for row in _rows("flexible_cud.csv")
    }


def rates_from_bill(covered: pl.DataFrame, commitment_ids: set[str]) -> dict[Item, Rate]:
    """Return effective over on-demand cost per item, over usage that the named commitments cover.

    ``covered`` has family, operation, CommitmentDiscountId, on_demand_cost and effective_cost. Only commitments of the kind that
    is being sized may be named: another kind, term or payment option has other rates.
    """
    rows = covered.filter(pl.col("CommitmentDiscountId").is_in(list(commitment_ids)), pl.col("on_demand_cost") > 0)
    sums = rows.group_by("family", "operation").agg(pl.col("on_demand_cost", "effective_cost").sum()).sort("family", "operation")
    return {
        (family, operation): Rate(round(float(effective / on_demand), 6), FROM_BILL)
        for family, operation, on_demand, effective in sums.iter_rows()
        if Decimal(0) < effective < on_demand
    }


def _rows(name: str) -> list[dict[str, str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
