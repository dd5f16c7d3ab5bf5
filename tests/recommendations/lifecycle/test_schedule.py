"""The exact schedule against brute force over every schedule, worked examples and the properties it must have."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from costsieve.recommendations.lifecycle.cohorts import Cohorts, ReadRates, cohorts
from costsieve.recommendations.lifecycle.cost_model import Model, Schedule, Tariff, Transition, daily_costs, list_tariff, total_cost
from costsieve.recommendations.lifecycle.prices import ARCHIVES, BYTES_PER_GB, SYNCHRONOUS, ClassPrice, price_table
from costsieve.recommendations.lifecycle.schedule import optimal_schedule

KIB = 1024
NO_READS = ReadRates((0,), (0.0,), (0.0,))
ALL_CLASSES = (*SYNCHRONOUS, *ARCHIVES)
LADDER = (Transition("STANDARD_IA", 30), Transition("GLACIER_IR", 90))


def small_class(name: str, storage: float, fee: float = 0.0, read: float = 0.0, minimum: int = 0) -> ClassPrice:
    return ClassPrice(name, storage, fee, read, 0.0, read, minimum, 0, 0, 0, 0, 0)


def random_case(seed: int) -> tuple[Cohorts, Model]:
    """Two weeks, three colder classes with minimum durations of days, reads that change twice."""
    generator = np.random.default_rng(seed)
    fees, reads = generator.uniform(0, 40, 3), generator.uniform(0, 20, 3)
    classes = (
        small_class("STANDARD", 60.0),
        replace(small_class("COOL", 35.0, float(fees[0]), float(reads[0]), 3), earliest_day=2),
        small_class("COLD", 15.0, float(fees[1]), float(reads[1]), 4),
        small_class("ICE", 5.0, float(fees[2]), float(reads[2]), 6),
    )
    rates = ReadRates((0, 4, 9), *(tuple(generator.uniform(0, 2, 3).tolist()) for _ in range(2)))
    ages = generator.choice(6, 2, replace=False).tolist()
    group = cohorts(ages, generator.uniform(1, 50, 2).tolist(), (generator.uniform(1, 50, 2) * BYTES_PER_GB / 10).tolist())
    return group, Model(Tariff({price.name: price for price in classes}, 60.0), rates, horizon_days=10)


def every_schedule(names: tuple[str, ...], earliest: dict[str, int], last_day: int) -> list[Schedule]:
    return [
        tuple(Transition(name, day) for name, day in zip(chosen, days, strict=True))
        for length in range(len(names) + 1)
        for chosen in combinations(names, length)
        for days in combinations(range(last_day), length)
        if all(day >= earliest.get(name, 0) for name, day in zip(chosen, days, strict=True))
    ]


@pytest.mark.parametrize("seed", range(12))
def test_no_schedule_of_two_weeks_is_cheaper(seed: int) -> None:
    group, model = random_case(seed)
    names = ("COOL", "COLD", "ICE")
    schedules = every_schedule(names, {"COOL": 2}, int(group.age_days.max()) + 10)
    least = min(total_cost(group, model, schedule) for schedule in schedules)
    assert total_cost(group, model, optimal_schedule(group, model, names)) == pytest.approx(least, rel=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_the_grid_of_candidate_days_is_as_good_as_every_day(seed: int) -> None:
    generator = np.random.default_rng(seed)
    ages = [0, 30, 90]
    group = cohorts(ages, generator.uniform(1e4, 1e6, 3).tolist(), (generator.uniform(1e4, 1e6, 3) * 300 * KIB).tolist())
    falling = np.sort(generator.uniform(0, 0.02, 4))[::-1].tolist()
    model = Model(list_tariff(), ReadRates((0, 15, 60, 180), tuple(falling), tuple(falling)))
    daily = optimal_schedule(group, model, ALL_CLASSES, days=range(455))
    assert total_cost(group, model, optimal_schedule(group, model, ALL_CLASSES)) == pytest.approx(
        total_cost(group, model, daily), rel=1e-12
    )


def test_a_year_of_unread_large_objects_is_cheapest_in_the_coldest_class_at_once() -> None:
    group = cohorts([0], [1000.0], [1000.0 * BYTES_PER_GB])
    schedule = optimal_schedule(group, Model(list_tariff(), NO_READS))
    assert schedule == (Transition("GLACIER_IR", 0),)


def test_a_year_in_standard_costs_twelve_months_of_its_price() -> None:
    group = cohorts([0], [1000.0], [1000.0 * BYTES_PER_GB])
    assert total_cost(group, Model(list_tariff(), NO_READS), ()) == pytest.approx(1000 * 0.023 * 12)


def test_a_year_in_glacier_instant_costs_its_storage_and_one_fee_per_object() -> None:
    group = cohorts([0], [1000.0], [1000.0 * BYTES_PER_GB])
    assert total_cost(group, Model(list_tariff(), NO_READS), (Transition("GLACIER_IR", 0),)) == pytest.approx(48 + 0.02)


def test_leaving_before_the_minimum_duration_pays_the_days_that_are_left() -> None:
    group = cohorts([0], [1.0], [1000.0 * BYTES_PER_GB])
    schedule = (Transition("GLACIER_IR", 0), Transition("GLACIER", 30))
    costs = daily_costs(group, Model(list_tariff(), NO_READS), schedule).storage[0]
    assert costs[:31].sum() == pytest.approx(1000 * 12 / 365 * (90 * 0.004 + 0.0036), rel=1e-6)


def test_stock_past_a_transition_moves_today_and_skips_classes_it_has_outlived() -> None:
    group = cohorts([100], [1000.0], [1000.0 * BYTES_PER_GB])
    fees = daily_costs(group, Model(list_tariff(), NO_READS), LADDER).fees[0]
    assert (fees[0], fees[1:].sum()) == pytest.approx((0.02, 0.0))


def test_objects_that_are_read_daily_stay_in_standard() -> None:
    group = cohorts([0], [1000.0], [1000.0 * BYTES_PER_GB])
    assert optimal_schedule(group, Model(list_tariff(), ReadRates((0,), (1.0,), (1.0,))), ALL_CLASSES) == ()


def test_nothing_stored_needs_no_schedule() -> None:
    assert optimal_schedule(cohorts([0], [0.0], [0.0]), Model(list_tariff(), NO_READS), ALL_CLASSES) == ()


@pytest.mark.parametrize(
    ("storage_class", "losing_kib", "winning_kib"),
    [("DEEP_ARCHIVE", 9, 12), ("GLACIER", 15, 18), ("GLACIER_IR", 22, 24), ("STANDARD_IA", 69, 72)],
)
def test_small_objects_cost_more_to_store_in_colder_classes(storage_class: str, losing_kib: int, winning_kib: int) -> None:
    tariff = list_tariff()
    small, large = (cohorts([0], [1000.0], [1000.0 * size * KIB]) for size in (losing_kib, winning_kib))
    assert tariff.daily_storage(small, storage_class)[0] > tariff.daily_storage(small, "STANDARD")[0]
    assert tariff.daily_storage(large, storage_class)[0] < tariff.daily_storage(large, "STANDARD")[0]


def test_objects_too_small_to_gain_never_move() -> None:
    group = cohorts([0], [1e6], [1e6 * 9 * KIB])
    assert optimal_schedule(group, Model(list_tariff(), NO_READS), ALL_CLASSES) == ()


def test_infrequent_access_is_not_entered_before_day_30_nor_left_within_30() -> None:
    group = cohorts([0], [1e5], [1e5 * 10 * 1024 * KIB])
    model = Model(list_tariff(), ReadRates((0, 10, 35), (1.0, 0.01, 0.0), (1.0, 0.01, 0.0)))
    schedule = optimal_schedule(group, model)
    for step, following in pairwise(schedule):
        assert step.storage_class != "STANDARD_IA" or following.days - step.days >= 30
    assert all(step.days >= 30 for step in schedule if step.storage_class == "STANDARD_IA")


cases = st.tuples(
    st.lists(st.integers(1, 1000), min_size=2, max_size=2),
    st.integers(4, 4096),
    st.lists(st.floats(0, 0.05), min_size=3, max_size=3),
)
Case = tuple[list[int], int, list[float]]


def built(case: Case) -> tuple[Cohorts, Model]:
    counts, kib, rates = case
    group = cohorts([0, 60], [float(n) for n in counts], [float(n * kib * KIB) for n in counts])
    return group, Model(list_tariff(), ReadRates((0, 30, 180), tuple(rates), tuple(rates)))


@settings(deadline=None, max_examples=40)
@given(cases)
def test_the_schedule_is_never_dearer_than_no_rule_or_the_fixed_ladder(case: Case) -> None:
    group, model = built(case)
    least = total_cost(group, model, optimal_schedule(group, model))
    assert least <= total_cost(group, model, ()) + 1e-12
    assert least <= total_cost(group, model, LADDER) + 1e-12


@settings(deadline=None, max_examples=40)
@given(cases, st.integers(2, 50))
def test_cost_is_linear_in_the_number_of_objects(case: Case, factor: int) -> None:
    group, model = built(case)
    assert total_cost(group.times(factor), model, LADDER) == pytest.approx(factor * total_cost(group, model, LADDER))


@settings(deadline=None, max_examples=40)
@given(cases, st.sampled_from(["storage_per_gb_month", "transition_per_1k", "get_per_1k", "retrieval_per_gb", "minimum_days"]))
def test_cost_never_falls_when_a_price_or_a_minimum_rises(case: Case, field: str) -> None:
    group, model = built(case)
    dearer = {name: replace(price, **{field: getattr(price, field) * 2}) for name, price in price_table().items()}
    raised = Model(Tariff(dearer, 0.046 if field == "storage_per_gb_month" else 0.023), model.reads)
    assert total_cost(group, raised, LADDER) >= total_cost(group, model, LADDER) - 1e-12


@settings(deadline=None, max_examples=40)
@given(cases)
def test_another_allowed_class_never_raises_the_optimum(case: Case) -> None:
    group, model = built(case)
    costs = [total_cost(group, model, optimal_schedule(group, model, ALL_CLASSES[:count])) for count in range(5)]
    assert all(later <= earlier + 1e-12 for earlier, later in pairwise(costs))


def test_a_gigabyte_has_two_to_the_thirty_bytes_as_in_the_s3_faq() -> None:
    assert pytest.approx(52_900) == 42_259_901_212_262_400 / BYTES_PER_GB / 744
