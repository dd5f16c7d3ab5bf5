"""Line items before they are files: the texts that many share, and a frame of amounts. What they are for is in the other modules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

from costsieve.estate.plan import EstatePlan
from costsieve.period import months_between, next_month

Texts = Mapping[str, object]
"""Values of one kind of line item by CUR column: text, a map, or a number that never varies."""

UNBLENDED = "line_item_unblended_cost"
NET_UNBLENDED = "line_item_net_unblended_cost"
LIST = "pricing_public_on_demand_cost"
AMOUNT = "line_item_usage_amount"

DISCOUNT_PERCENT = 7
"""The organisation's Enterprise Discount Program: seven percent off everything but support and tax."""


@dataclass(frozen=True)
class LineItems:
    """Line items of any kind.

    Args:
        kinds: texts by kind.
        facts: one row per line item: ``kind`` (index into kinds), ``start`` and ``span`` in hours from the start of the estate, the usage
            amount as DOUBLE, and money columns as whole numbers of 1e-10. Lazy, because parts differ in their columns: a bill of ten
            million rows is never whole in memory.
    """

    kinds: Sequence[Texts]
    facts: pl.LazyFrame

    def of_type(self, line_item_type: str) -> pl.LazyFrame:
        """Return the facts of one line item type."""
        kinds = [number for number, kind in enumerate(self.kinds) if kind["line_item_line_item_type"] == line_item_type]
        return self.facts.filter(pl.col("kind").is_in(kinds))

    def between(self, first: int, last: int) -> pl.LazyFrame:
        """Return the facts that start in ``[first, last)``."""
        return self.facts.filter(pl.col("start").is_between(first, last, closed="left"))

    def described(self, facts: pl.LazyFrame, *columns: str) -> pl.DataFrame:
        """Return facts, or sums of facts by kind, with the named texts of their kinds beside them."""
        texts = {column: [kind.get(column) for kind in self.kinds] for column in columns}
        kinds = pl.DataFrame({"kind": pl.Series(range(len(self.kinds)), dtype=pl.Int64), **texts})
        return facts.collect().join(kinds, on="kind")


def combine(parts: Iterable[LineItems]) -> LineItems:
    """Put line items of several origins together."""
    kinds: list[Texts] = []
    frames = []
    for part in parts:
        frames.append(part.facts.with_columns(pl.col("kind") + len(kinds)))
        kinds += part.kinds
    return LineItems(kinds, pl.concat(frames, how="diagonal"))


def from_rows(rows: Iterable[tuple[Texts, Mapping[str, int | float]]]) -> LineItems:
    """Make line items of which each is a kind of its own."""
    kinds, facts = [], []
    for number, (texts, amounts) in enumerate(rows):
        kinds.append(texts)
        facts.append({"kind": number, **amounts})
    return LineItems(kinds, pl.LazyFrame(facts))


def discount(amount: pl.Expr) -> pl.Expr:
    """Return the negotiated discount on amounts that are not negative, rounded half up on the grid."""
    return (amount * DISCOUNT_PERCENT + 50) // 100


def months_of(plan: EstatePlan) -> list[tuple[date, int, int]]:
    """Return each billing month with its first hour in the estate and the hour after its last."""
    start, end = plan.window.start, plan.window.end
    return [
        (month, max(0, (month - start).days * 24), (min(next_month(month), end) - start).days * 24) for month in months_between(start, end)
    ]


def hours_in_month(month: date) -> int:
    """Return how many hours a calendar month has."""
    return (next_month(month) - month).days * 24


def instant(plan: EstatePlan, hour: int) -> datetime:
    """Return the instant of an hour of the estate."""
    return datetime.combine(plan.window.start, datetime.min.time(), UTC) + timedelta(hours=hour)
