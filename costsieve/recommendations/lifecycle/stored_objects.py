"""What is stored and read under each prefix of a bucket, as cohorts and read rates. No prices and no decisions.

New objects are expected at the rate of the last 90 days, as none is known to be deleted; each age bin is taken at its younger
edge, so that nothing counts as old before it is.
"""

from dataclasses import dataclass

import polars as pl

from costsieve.recommendations.lifecycle.cohorts import Cohorts, ReadRates, cohorts
from costsieve.recommendations.lifecycle.prices import DAYS_PER_YEAR, STANDARD
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query

RECENT_DAYS = 90
"""Age bins that lie wholly below this tell how many objects are created a day."""


@dataclass(frozen=True)
class Reads:
    """Read rates of one prefix, over how many days they were observed, and the ages that had to take a neighbour's rate."""

    rates: ReadRates
    days_observed: int
    assumed_ages: tuple[int, ...]


@dataclass(frozen=True)
class StoredPrefix:
    """Objects under one prefix: ``rows`` in Standard (age_days_from, size_bytes_from, object_count, byte_count), bytes in other classes."""

    bucket: str
    prefix: str
    rows: pl.DataFrame
    bytes_elsewhere: dict[str, int]
    reads: Reads | None

    def stock(self, least_bytes: int) -> Cohorts:
        """Return the objects in Standard of at least that size."""
        return _cohorts(self.rows.filter(pl.col("size_bytes_from") >= least_bytes))

    def flow(self, least_bytes: int) -> Cohorts:
        """Return one year of new objects of at least that size, as cohorts of age 0."""
        recent = self.rows.filter(pl.col("size_bytes_from") >= least_bytes, pl.col("age_days_from") < RECENT_DAYS)
        return _cohorts(recent.with_columns(age_days_from=pl.lit(0))).times(DAYS_PER_YEAR / RECENT_DAYS)


def stored_prefixes(connection: Connection) -> list[StoredPrefix]:
    """Return every prefix of every inventoried bucket."""
    objects = query(connection, model_sql("recommendations/stored_prefixes"))
    reads = query(connection, model_sql("recommendations/prefix_reads"))
    return [_prefix(rows, reads) for rows in objects.partition_by("bucket", "prefix", maintain_order=True)]


def _prefix(rows: pl.DataFrame, reads: pl.DataFrame) -> StoredPrefix:
    bucket, prefix = rows.item(0, "bucket"), rows.item(0, "prefix")
    in_standard = rows.filter(pl.col("storage_class") == STANDARD)
    elsewhere = rows.filter(pl.col("storage_class") != STANDARD).group_by("storage_class").agg(pl.col("byte_count").sum())
    observed = reads.filter(pl.col("bucket") == bucket, pl.col("prefix") == prefix).sort("age_days_from")
    ages = sorted({0, *rows["age_days_from"].to_list(), *observed["age_days_from"].to_list()})
    return StoredPrefix(bucket, prefix, in_standard, dict(sorted(elsewhere.iter_rows())), _reads(observed, ages))


def _reads(observed: pl.DataFrame, ages: list[int]) -> Reads | None:
    """Return rates for all ages; an age without observation takes the rate of the next younger one, else of the next older."""
    if observed.is_empty():
        return None
    known = {
        age: (gets, amount)
        for age, gets, amount in observed.select("age_days_from", "gets_per_object_day", "bytes_per_byte_day").iter_rows()
    }
    sources = [max((k for k in known if k <= age), default=min(known)) for age in ages]
    rates = ReadRates(tuple(ages), tuple(known[source][0] for source in sources), tuple(known[source][1] for source in sources))
    return Reads(rates, min(observed["days_observed"].to_list()), tuple(age for age in ages if age not in known))


def _cohorts(rows: pl.DataFrame) -> Cohorts:
    columns = (rows["age_days_from"].to_list(), rows["object_count"].to_list(), rows["byte_count"].to_list())
    return cohorts(*columns)
