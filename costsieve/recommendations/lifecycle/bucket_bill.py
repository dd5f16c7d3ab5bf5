"""What a bucket costs by the bill, and how the priced inventory compares. Recommendations never claim more than this."""

from collections.abc import Sequence
from dataclasses import dataclass

from costsieve.period import DAYS_PER_MONTH
from costsieve.recommendations.lifecycle.cohorts import cohorts
from costsieve.recommendations.lifecycle.cost_model import list_tariff
from costsieve.recommendations.lifecycle.prices import STANDARD, marginal_standard_price, price_table
from costsieve.recommendations.lifecycle.stored_objects import StoredPrefix
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query

TOLERANCE = 0.1
"""Priced inventory and bill may differ by this much: objects come and go within the 30 days of the bill."""


@dataclass(frozen=True)
class BucketBill:
    """Costs of one bucket over the last 30 complete days of its bill; ``storage`` is the stored bytes' part."""

    account_id: str | None
    region: str | None
    currency: str
    monthly_cost: float
    monthly_storage_cost: float


def bucket_bills(connection: Connection, buckets: Sequence[str]) -> dict[str, list[BucketBill]]:
    """Return the billed costs per bucket, one entry per currency; buckets that the bill does not charge are absent."""
    parameters = {"buckets": list(buckets) or [""]}
    bills: dict[str, list[BucketBill]] = {}
    for bucket, account, region, currency, cost, storage in query(
        connection, model_sql("recommendations/bucket_costs"), parameters
    ).iter_rows():
        if currency is not None and cost > 0:
            bills.setdefault(bucket, []).append(BucketBill(account, region, currency, float(cost), float(storage)))
    return bills


def standard_price(prefixes: Sequence[StoredPrefix]) -> float:
    """Return the price per GB-month of the bucket's last byte in Standard: what moving bytes away saves."""
    return marginal_standard_price(sum(float(prefix.rows["byte_count"].sum()) for prefix in prefixes))


def priced_storage(prefixes: Sequence[StoredPrefix]) -> float:
    """Return USD for 30 days of what the inventory lists, at list prices; classes without a bundled price count nothing."""
    tariff = list_tariff(standard_price(prefixes))
    stock = [prefix.stock(0) for prefix in prefixes]
    daily = sum(float(tariff.daily_storage(group, STANDARD).sum()) for group in stock)
    known = price_table()
    for prefix in prefixes:
        for name, amount in prefix.bytes_elsewhere.items():
            if name in known:
                daily += float(tariff.daily_storage(cohorts([0], [0.0], [float(amount)]), name).sum())
    return daily * DAYS_PER_MONTH


def agreement(bill: BucketBill, prefixes: Sequence[StoredPrefix]) -> float | None:
    """Return billed over priced storage; None where one of them is missing."""
    priced = priced_storage(prefixes)
    return bill.monthly_storage_cost / priced if priced > 0 and bill.monthly_storage_cost > 0 else None
