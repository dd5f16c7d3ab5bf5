"""What a transition schedule costs: storage, reads, transition fees and minimum durations, day by day. It decides nothing.

Objects are taken to live through the horizon (no deletion is known). A cohort of age a is charged over its ages [a, a + horizon).
When a rule is set, objects already past a transition's age move at once, skipping classes that they would have left by then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from costsieve.recommendations.lifecycle.cohorts import Cohorts, Floats, ReadRates
from costsieve.recommendations.lifecycle.prices import DAYS_PER_YEAR, STANDARD, ClassPrice, per_byte_day, price_table


@dataclass(frozen=True)
class Transition:
    """Objects move to ``storage_class`` when they are ``days`` old."""

    storage_class: str
    days: int


Schedule = tuple[Transition, ...]
"""Transitions by rising age; empty means: stay in Standard."""


@dataclass(frozen=True)
class Tariff:
    """Prices per class, from warmest to coldest, and Standard's storage price per GB-month at this bucket's volume."""

    classes: Mapping[str, ClassPrice]
    standard_per_gb_month: float

    def daily_storage(self, group: Cohorts, name: str) -> Floats:
        """Return USD per day and cohort for storing it in a class, with least sizes and archive overheads."""
        price = self.classes[name]
        at_standard = per_byte_day(self.standard_per_gb_month)
        own_rate = at_standard if name == STANDARD else per_byte_day(price.storage_per_gb_month)
        size = group.padded_bytes if price.minimum_bytes else group.stored_bytes
        extra = price.overhead_bytes * own_rate + price.standard_overhead_bytes * at_standard
        daily: Floats = size * own_rate + group.objects * extra
        return daily

    def daily_reads(self, group: Cohorts, name: str, rates: tuple[Floats, Floats]) -> Floats:
        """Return USD per cohort and age [C, ages] for reading it in a class, given daily GETs per object and bytes per byte."""
        price, (gets, bytes_read) = self.classes[name], rates
        by_object = np.outer(group.objects, gets * price.per_read)
        reads: Floats = by_object + np.outer(group.stored_bytes, bytes_read * price.per_byte_read)
        return reads


def list_tariff(standard_per_gb_month: float = 0.023) -> Tariff:
    """Return the bundled list prices."""
    return Tariff(price_table(), standard_per_gb_month)


@dataclass(frozen=True)
class Model:
    """Everything a schedule's cost depends on besides the objects."""

    tariff: Tariff
    reads: ReadRates
    horizon_days: int = DAYS_PER_YEAR


@dataclass(frozen=True)
class DailyCosts:
    """USD per cohort and day from now [C, horizon]: storage with minimum durations, reads, and transition fees."""

    storage: Floats
    reads: Floats
    fees: Floats

    @property
    def total(self) -> Floats:
        """All three."""
        total: Floats = self.storage + self.reads + self.fees
        return total


def daily_costs(group: Cohorts, model: Model, schedule: Schedule) -> DailyCosts:
    """Return what each cohort costs on each day of the horizon under a schedule."""
    shape = (group.age_days.size, model.horizon_days)
    costs = DailyCosts(np.zeros(shape), np.zeros(shape), np.zeros(shape))
    rates = model.reads.daily(int(group.age_days.max(initial=0)) + model.horizon_days)
    stages = (Transition(STANDARD, 0), *schedule)
    for name in dict.fromkeys(stage.storage_class for stage in stages):
        price = model.tariff.classes[name]
        storage, reads = model.tariff.daily_storage(group, name), model.tariff.daily_reads(group, name, rates)
        for cohort, first, last in _stays(group, model, stages, name):
            age = int(group.age_days[cohort])
            costs.storage[cohort, first - age : last - age] += storage[cohort]
            costs.reads[cohort, first - age : last - age] += reads[cohort, first:last]
            costs.fees[cohort, first - age] += group.objects[cohort] * price.transition_per_1k / 1000
            if last < age + model.horizon_days:
                costs.storage[cohort, last - age] += storage[cohort] * max(0, first + price.minimum_days - last)
    return costs


def total_cost(group: Cohorts, model: Model, schedule: Schedule) -> float:
    """Return the cost of all cohorts over the whole horizon."""
    return float(daily_costs(group, model, schedule).total.sum())


def _stays(group: Cohorts, model: Model, stages: Schedule, name: str) -> Iterator[tuple[int, int, int]]:
    """Yield cohort, first age and last age (exclusive) of every stay in a class that is not empty."""
    for position, stage in enumerate(stages):
        if stage.storage_class != name:
            continue
        for cohort, age in enumerate(group.age_days.tolist()):
            end = age + model.horizon_days
            until = stages[position + 1].days if position + 1 < len(stages) else end
            first, last = max(stage.days, age), min(until, end)
            if first < last:
                yield cohort, first, last
