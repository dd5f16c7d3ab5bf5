"""The best rule for one prefix: from which object size on, with which transitions, and what it saves. Buckets are not known here."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from costsieve.recommendations.lifecycle.cohorts import Cohorts
from costsieve.recommendations.lifecycle.cost_model import Model, Schedule, Transition, daily_costs, total_cost
from costsieve.recommendations.lifecycle.prices import ARCHIVES, SYNCHRONOUS
from costsieve.recommendations.lifecycle.schedule import optimal_schedule
from costsieve.recommendations.lifecycle.stored_objects import StoredPrefix

SIZE_THRESHOLDS = (131072, 1048576, 16777216, 134217728, 16384, 0)
"""Lower edges of the size bins; 128 KiB first, as S3 itself moves no smaller object unless a rule says so."""


@dataclass(frozen=True)
class Policy:
    """Which colder classes may be used: archives only under the named prefixes, because reading from them needs a restore."""

    classes: tuple[str, ...] = SYNCHRONOUS
    archive_prefixes: frozenset[str] = frozenset()

    def allowed(self, prefix: str) -> tuple[str, ...]:
        """Return the classes that objects under ``prefix`` may move to."""
        return (*self.classes, *ARCHIVES) if prefix in self.archive_prefixes else self.classes


@dataclass(frozen=True)
class Effect:
    """USD over the next 365 days against leaving objects in Standard.

    ``stock_savings`` is before ``stock_fees``, the transition fees of what is stored today. ``flow_savings`` is, fees included,
    over the first 365 days of each object that a year creates; ``flow_savings_first_year`` the part that falls into this year.
    """

    stock_savings: float
    stock_fees: float
    flow_savings: float
    flow_savings_first_year: float

    @property
    def on_stored_objects(self) -> float:
        """What a year costs less for the objects that the bill charges today, fees included."""
        return self.stock_savings - self.stock_fees

    @property
    def first_year(self) -> float:
        """What the bill of the next 365 days is lower by, objects that are yet to be created included."""
        return self.on_stored_objects + self.flow_savings_first_year


@dataclass(frozen=True)
class PrefixPlan:
    """A rule for one prefix: objects of at least ``least_bytes`` follow ``schedule``."""

    stored: StoredPrefix
    least_bytes: int
    schedule: Schedule
    effect: Effect
    ladder: Effect


def plan_prefix(stored: StoredPrefix, model: Model, policy: Policy) -> PrefixPlan:
    """Return the cheapest schedule over all size thresholds; an empty schedule where Standard is cheapest."""
    allowed = policy.allowed(stored.prefix)
    best: tuple[int, Schedule] = (SIZE_THRESHOLDS[0], ())
    saved = 0.0
    for least_bytes in SIZE_THRESHOLDS:
        group = stored.stock(least_bytes).joined(stored.flow(least_bytes)).by_age()
        if not group.age_days.size:
            continue
        schedule = optimal_schedule(group, model, allowed)
        saving = total_cost(group, model, ()) - total_cost(group, model, schedule)
        if saving > saved * (1 + 1e-9) + 1e-9:
            best, saved = (least_bytes, schedule), saving
    return PrefixPlan(
        stored=stored,
        least_bytes=best[0],
        schedule=best[1],
        effect=effect(stored, best[0], best[1], model),
        ladder=effect(stored, SIZE_THRESHOLDS[0], fixed_ladder(allowed), model),
    )


def fixed_ladder(allowed: Sequence[str]) -> Schedule:
    """Return the rule that is usually copied: colder at 30, 90 and 365 days, whatever is stored and read."""
    ladder = (Transition("STANDARD_IA", 30), Transition("GLACIER_IR", 90), Transition("DEEP_ARCHIVE", 365))
    return tuple(step for step in ladder if step.storage_class in allowed)


def effect(stored: StoredPrefix, least_bytes: int, schedule: Schedule, model: Model) -> Effect:
    """Return what a schedule saves against no rule."""
    stock, flow = stored.stock(least_bytes), stored.flow(least_bytes)
    stock_costs = daily_costs(stock, model, schedule)
    flow_savings = _daily_savings(flow, model, schedule)
    # An object created on day d of the year spends only its first 365 - d days in it.
    share_in_year = 1 - np.arange(model.horizon_days) / model.horizon_days
    return Effect(
        stock_savings=total_cost(stock, model, ()) - float((stock_costs.storage + stock_costs.reads).sum()),
        stock_fees=float(stock_costs.fees.sum()),
        flow_savings=float(flow_savings.sum()),
        flow_savings_first_year=float(flow_savings @ share_in_year),
    )


def _daily_savings(group: Cohorts, model: Model, schedule: Schedule) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    savings: np.ndarray[tuple[int], np.dtype[np.float64]] = (
        daily_costs(group, model, ()).total - daily_costs(group, model, schedule).total
    ).sum(axis=0)
    return savings
