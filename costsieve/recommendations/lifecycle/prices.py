"""S3 list prices and rules per storage class, as data. Only Standard and the classes that a lifecycle rule moves to by age.

Source of s3_us_east_1.csv: AWS Pricing API, us-east-1 (storage read 2025-10-28; requests, transitions and retrieval by operation of
the offer file); minimums and overheads: S3 User Guide, "Transitioning objects using Amazon S3 Lifecycle". Intelligent-Tiering
acts on accesses rather than on age and is not among the classes.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BYTES_PER_GB = 2**30
"""S3 bills binary gigabytes: the S3 FAQ divides byte-hours by 1,073,741,824."""

DAYS_PER_YEAR = 365
MONTHS_PER_YEAR = 12
REGION = "us-east-1"
READ_ON = "2025-10-28"

STANDARD = "STANDARD"
SYNCHRONOUS = ("STANDARD_IA", "GLACIER_IR")
"""Colder classes that a GET reads at once."""

ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")
"""Classes whose objects must be restored, for hours, before they can be read."""

_TERABYTE = 1024 * BYTES_PER_GB
_STANDARD_BANDS = ((50 * _TERABYTE, 0.023), (500 * _TERABYTE, 0.022))
_STANDARD_BEYOND = 0.021


@dataclass(frozen=True)
class ClassPrice:
    """Prices in USD and rules of one storage class.

    ``minimum_bytes`` is the least size billed; ``overhead_bytes`` come on top of each object at this class's price and
    ``standard_overhead_bytes`` at Standard's. Leaving before ``minimum_days`` pays the days that are left. A rule may move
    objects in from ``earliest_day`` on, and out again after ``least_stay_days``.
    """

    name: str
    storage_per_gb_month: float
    transition_per_1k: float
    get_per_1k: float
    restore_per_1k: float
    retrieval_per_gb: float
    minimum_days: int
    minimum_bytes: int
    overhead_bytes: int
    standard_overhead_bytes: int
    earliest_day: int
    least_stay_days: int

    @property
    def per_read(self) -> float:
        """Price of reading one object once, apart from its bytes; archives need a restore request for each object."""
        return (self.get_per_1k + self.restore_per_1k) / 1000

    @property
    def per_byte_read(self) -> float:
        """Price of one byte retrieved."""
        return self.retrieval_per_gb / BYTES_PER_GB


@cache
def price_table() -> Mapping[str, ClassPrice]:
    """Return the classes from warmest to coldest, the only direction in which objects may move."""
    path = Path(__file__).parent / "s3_us_east_1.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["storage_class"]: _class_price(row) for row in csv.DictReader(file)}


def per_byte_day(price_per_gb_month: float) -> float:
    """Return the price of one byte for one day of an average month."""
    return price_per_gb_month * MONTHS_PER_YEAR / DAYS_PER_YEAR / BYTES_PER_GB


def marginal_standard_price(stored_bytes: float) -> float:
    """Return Standard's price per GB-month of the last byte stored: the band that moving bytes away saves."""
    return next((price for limit, price in _STANDARD_BANDS if stored_bytes <= limit), _STANDARD_BEYOND)


def _class_price(row: dict[str, str]) -> ClassPrice:
    return ClassPrice(
        name=row["storage_class"],
        storage_per_gb_month=float(row["storage_per_gb_month"]),
        transition_per_1k=float(row["transition_per_1k"]),
        get_per_1k=float(row["get_per_1k"]),
        restore_per_1k=float(row["restore_per_1k"]),
        retrieval_per_gb=float(row["retrieval_per_gb"]),
        minimum_days=int(row["minimum_days"]),
        minimum_bytes=int(row["minimum_bytes"]),
        overhead_bytes=int(row["overhead_bytes"]),
        standard_overhead_bytes=int(row["standard_overhead_bytes"]),
        earliest_day=int(row["earliest_day"]),
        least_stay_days=int(row["least_stay_days"]),
    )
