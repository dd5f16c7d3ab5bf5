"""The least-cost transition schedule of a group of objects, exact by dynamic programming. Choosing the groups is not done here.

Cost is piecewise linear in the transition days, with kinks only where a day meets an edge (a change of read rates, a cohort's
age or end of horizon), a class's minimum duration, or both. So days from the closure of the edges under plus and minus the
minimum durations, applied twice, hold an optimum; on that grid the schedules are the paths of a small acyclic graph.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from costsieve.recommendations.lifecycle.cohorts import Cohorts, Floats
from costsieve.recommendations.lifecycle.cost_model import Model, Schedule, Transition
from costsieve.recommendations.lifecycle.prices import STANDARD, SYNCHRONOUS

_TIE = 1e-12
Days = NDArray[np.int64]
_Step = tuple[int, int]


def optimal_schedule(group: Cohorts, model: Model, allowed: Sequence[str] = SYNCHRONOUS, days: Sequence[int] | None = None) -> Schedule:
    """Return the cheapest schedule over the horizon; on ties the one with fewer transitions, then later days.

    ``allowed`` are the colder classes that may be used; ``days`` replaces the grid of candidate days.
    """
    merged = group.by_age()
    names = [STANDARD, *(name for name in model.tariff.classes if name in allowed)]
    end = int(merged.age_days.max(initial=0)) + model.horizon_days
    grid = np.array(sorted({0, *(days if days is not None else candidate_days(merged, model, names))}))
    grid = grid[grid < end]
    stays = {name: _stay_costs(merged, model, name, np.append(grid, end)) for name in names}
    best, came_from = _entries(names, model, grid, stays)
    return _cheapest_path(names, grid, stays, best, came_from)


def candidate_days(group: Cohorts, model: Model, names: Sequence[str]) -> list[int]:
    """Return the closure of all edges under the classes' minimum durations."""
    ages = group.age_days.tolist()
    end = max(ages, default=0) + model.horizon_days
    steps = {model.tariff.classes[name].minimum_days for name in names} | {model.tariff.classes[name].earliest_day for name in names}
    found = {0, *model.reads.age_days, *ages, *(age + model.horizon_days for age in ages)}
    for _ in range(2):
        found |= {edge + sign * step for edge in found for step in steps for sign in (-1, 1)}
    return sorted(day for day in found if 0 <= day < end)


def _stay_costs(group: Cohorts, model: Model, name: str, days: Days) -> Floats:
    """Return the cost [from, to] of being in a class between two candidate days, fee and minimum duration included."""
    price, tariff, horizon = model.tariff.classes[name], model.tariff, model.horizon_days
    storage = tariff.daily_storage(group, name)
    reads = tariff.daily_reads(group, name, model.reads.daily(int(days[-1])))
    ages = np.arange(int(days[-1]))
    alive = (ages >= group.age_days[:, None]) & (ages < group.age_days[:, None] + horizon)
    until = np.append(0.0, np.cumsum(((storage[:, None] + reads) * alive).sum(axis=0)))[days]
    first = np.maximum(days[None, :], group.age_days[:, None])[:, :, None]
    end = (group.age_days + horizon)[:, None, None]
    is_in = first < np.minimum(days[None, None, :], end)
    left_early = np.maximum(0, first + price.minimum_days - days[None, None, :]) * (is_in & (days[None, None, :] < end))
    fees = np.einsum("c,cab->ab", group.objects * price.transition_per_1k / 1000, is_in.astype(float))
    early = np.einsum("c,cab->ab", storage, left_early.astype(float))
    costs: Floats = until[None, :] - until[:, None] + fees + early
    return costs


def _entries(names: list[str], model: Model, grid: Days, stays: Mapping[str, Floats]) -> tuple[Floats, dict[_Step, _Step]]:
    """Return the least cost [class, day] up to entering a class on a day, and where each entry comes from."""
    best = np.full((len(names), grid.size), np.inf)
    best[0, 0] = 0.0
    came_from: dict[_Step, _Step] = {}
    for later in range(1, len(names)):
        for earlier in range(later):
            price = model.tariff.classes[names[earlier]]
            stay = grid[None, :] - grid[:, None]
            is_allowed = (stay >= max(price.least_stay_days, 1 if earlier else 0)) & (
                grid[None, :] >= model.tariff.classes[names[later]].earliest_day
            )
            costs = np.where(is_allowed, best[earlier][:, None] + stays[names[earlier]][:-1, :-1], np.inf)
            for day in np.flatnonzero(np.isfinite(costs).any(axis=0)):
                source = _last_of_least(costs[:, day])
                if costs[source, day] < best[later, day] - _TIE * abs(costs[source, day]):
                    best[later, day] = costs[source, day]
                    came_from[later, int(day)] = (earlier, source)
    return best, came_from


def _cheapest_path(
    names: list[str],
    grid: Days,
    stays: Mapping[str, Floats],
    best: Floats,
    came_from: Mapping[_Step, _Step],
) -> Schedule:
    least, step = np.inf, (0, 0)
    for position, name in enumerate(names):
        totals = best[position] + stays[name][:-1, -1]
        day = _last_of_least(totals)
        if np.isfinite(totals[day]) and totals[day] < least - _TIE * abs(totals[day]):
            least, step = float(totals[day]), (position, day)
    path: list[Transition] = []
    while step[0]:
        path.append(Transition(names[step[0]], int(grid[step[1]])))
        step = came_from[step]
    return tuple(reversed(path))


def _last_of_least(costs: Floats) -> int:
    """Return the last index of the least cost: the later day on a tie."""
    least = float(costs.min())
    return int(np.flatnonzero(costs <= least + _TIE * abs(least))[-1]) if np.isfinite(least) else int(costs.size - 1)
