"""Properties that the one-product optimum must have, on drawn instances."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from costsieve.recommendations.commitments.one_product import bill, optimal_commitment

Floats = NDArray[np.float64]
Instance = tuple[Floats, Floats]


def total_bill(on_demand: Floats, ratios: Floats, commitment: float) -> float:
    return float(bill(on_demand, ratios, commitment).sum())


def ones(on_demand: Floats) -> Floats:
    return np.ones(on_demand.shape[1])


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    percent = draw(st.lists(st.integers(20, 99), min_size=1, max_size=4, unique=True))
    hours = draw(st.integers(1, 12))
    amounts = st.integers(0, 40).map(lambda dollars: dollars / 4)
    on_demand = draw(arrays(np.float64, (len(percent), hours), elements=amounts))
    return on_demand, np.sort(np.array(percent)) / 100


@settings(deadline=None)
@given(instances())
def test_the_optimum_is_never_worse_than_on_demand_or_its_neighbours(instance: Instance) -> None:
    on_demand, ratios = instance
    best = optimal_commitment(on_demand, ratios, ones(on_demand))
    least = total_bill(on_demand, ratios, best)
    assert least <= total_bill(on_demand, ratios, 0.0) + 1e-9
    assert least <= total_bill(on_demand, ratios, best + 0.01) + 1e-9
    assert least <= total_bill(on_demand, ratios, max(best - 0.01, 0)) + 1e-9


@settings(deadline=None)
@given(instances())
def test_the_bill_is_convex_in_the_commitment(instance: Instance) -> None:
    on_demand, ratios = instance
    bills = np.array([total_bill(on_demand, ratios, level) for level in np.linspace(0, 50, 41)])
    assert np.all(np.diff(bills, 2) >= -1e-8)


@settings(deadline=None)
@given(instances(), st.integers(2, 9))
def test_scaled_usage_scales_the_commitment(instance: Instance, factor: int) -> None:
    on_demand, ratios = instance
    once = optimal_commitment(on_demand, ratios, ones(on_demand))
    assert optimal_commitment(on_demand * factor, ratios, ones(on_demand)) == pytest.approx(once * factor)


@settings(deadline=None)
@given(instances(), st.integers(2, 5))
def test_an_integer_weight_is_a_repeated_hour(instance: Instance, times: int) -> None:
    on_demand, ratios = instance
    repeated = np.concatenate([on_demand, np.repeat(on_demand[:, :1], times - 1, axis=1)], axis=1)
    weights = ones(on_demand)
    weights[0] = times
    assert optimal_commitment(on_demand, ratios, weights) == pytest.approx(optimal_commitment(repeated, ratios, ones(repeated)))


@settings(deadline=None)
@given(instances())
def test_duplicating_every_hour_changes_nothing(instance: Instance) -> None:
    on_demand, ratios = instance
    doubled = np.concatenate([on_demand, on_demand], axis=1)
    assert optimal_commitment(doubled, ratios, ones(doubled)) == pytest.approx(optimal_commitment(on_demand, ratios, ones(on_demand)))


@settings(deadline=None)
@given(instances(), st.floats(0.5, 2), st.floats(0.01, 2))
def test_a_dearer_commitment_is_never_larger(instance: Instance, price: float, increase: float) -> None:
    on_demand, ratios = instance
    cheap = optimal_commitment(on_demand, ratios, ones(on_demand), price)
    assert optimal_commitment(on_demand, ratios, ones(on_demand), price + increase) <= cheap + 1e-9


@settings(deadline=None)
@given(instances())
def test_nothing_is_bought_once_the_price_reaches_the_best_ratio(instance: Instance) -> None:
    on_demand, ratios = instance
    assert optimal_commitment(on_demand, ratios, ones(on_demand), float(1 / ratios[0])) == 0.0


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=30), st.integers(20, 99))
def test_one_ratio_is_the_inverted_distribution_at_the_discount(usage: list[int], percent: int) -> None:
    discounted = np.array(usage) * (percent / 100)
    expected = np.quantile(discounted, 1 - percent / 100, method="inverted_cdf")
    found = optimal_commitment(np.array([usage], dtype=float), np.array([percent / 100]), np.ones(len(usage)))
    assert found == pytest.approx(float(expected)) or exact_tie(discounted, percent, found)


def exact_tie(discounted: Floats, percent: int, found: float) -> bool:
    """A share of hours that equals the discount exactly: numpy may take the next order statistic of the flat optimum."""
    return round(float((discounted <= found + 1e-9).mean()) * 100, 6) == 100 - percent


@settings(deadline=None)
@given(instances(), st.integers(0, 3), st.integers(0, 11), st.integers(1, 20))
def test_more_usage_never_lowers_the_commitment(instance: Instance, kind: int, hour: int, dollars: int) -> None:
    on_demand, ratios = instance
    more = on_demand.copy()
    more[kind % on_demand.shape[0], hour % on_demand.shape[1]] += dollars
    assert optimal_commitment(more, ratios, ones(more)) >= optimal_commitment(on_demand, ratios, ones(on_demand)) - 1e-9


@settings(deadline=None)
@given(st.integers(20, 99), st.floats(0.5, 4).filter(lambda price: abs(price * 100 % 1) > 1e-6))
def test_constant_usage_is_covered_fully_or_not_at_all(percent: int, price: float) -> None:
    ratio = percent / 100
    found = optimal_commitment(np.full((1, 48), 7.0), np.array([ratio]), np.ones(48), price)
    assert found == pytest.approx(7.0 * ratio if price * ratio < 1 else 0.0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=30), st.integers(21, 99))
def test_a_deeper_discount_never_saves_less(usage: list[int], percent: int) -> None:
    on_demand = np.array([usage], dtype=float)
    savings = []
    for ratio in (np.array([percent / 100]), np.array([(percent - 1) / 100])):
        best = optimal_commitment(on_demand, ratio, ones(on_demand))
        savings.append(on_demand.sum() - total_bill(on_demand, ratio, best))
    assert savings[1] >= savings[0] - 1e-9
