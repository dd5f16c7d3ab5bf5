"""The one-product optimum against a linear program, brute force, its SQL form and the properties it must have."""

from datetime import datetime, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from costsieve.recommendations.commitments.one_product import (
    average_coverage,
    average_utilization,
    bill,
    break_even_utilization,
    covered_on_demand,
    marginal_value,
    optimal_commitment,
)
from costsieve.sql_files import model_sql
from costsieve.warehouse import query

Floats = NDArray[np.float64]
Instance = tuple[Floats, Floats]


def random_instance(seed: int) -> Instance:
    generator = np.random.default_rng(seed)
    kinds, hours = int(generator.integers(1, 9)), int(generator.integers(5, 120))
    ratios = np.sort(generator.choice(np.arange(20, 100), kinds, replace=False)) / 100
    on_demand = generator.gamma(2, 10, (kinds, hours)) * (generator.random((kinds, hours)) < generator.uniform(0.3, 1))
    return on_demand, ratios


def least_bill_by_linear_program(on_demand: Floats, ratios: Floats, weights: Floats, price: float) -> float:
    """Minimise price * W * C + sum w (on-demand - covered) with sum r * covered <= C per hour, solved by HiGHS."""
    kinds, hours = on_demand.shape
    cost = np.append(-np.tile(weights, kinds), price * weights.sum())
    rows = np.append(np.tile(np.arange(hours), kinds), np.arange(hours))
    columns = np.append(np.arange(kinds * hours), np.full(hours, kinds * hours))
    entries = np.append(np.repeat(ratios, hours), -np.ones(hours))
    budget = coo_matrix((entries, (rows, columns)), shape=(hours, kinds * hours + 1)).tocsr()
    bounds = [(0.0, float(amount)) for amount in on_demand.ravel()] + [(0.0, None)]
    result = linprog(cost, A_ub=budget, b_ub=np.zeros(hours), bounds=bounds, method="highs")
    return float(result.fun + (on_demand @ weights).sum())


def total_bill(on_demand: Floats, ratios: Floats, commitment: float, price: float = 1.0) -> float:
    return float(bill(on_demand, ratios, commitment, price).sum())


def ones(on_demand: Floats) -> Floats:
    return np.ones(on_demand.shape[1])


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    percent = draw(st.lists(st.integers(20, 99), min_size=1, max_size=4, unique=True))
    hours = draw(st.integers(1, 12))
    amounts = st.integers(0, 40).map(lambda dollars: dollars / 4)
    on_demand = draw(arrays(np.float64, (len(percent), hours), elements=amounts))
    return on_demand, np.sort(np.array(percent)) / 100


@pytest.mark.parametrize("seed", range(120))
def test_no_linear_program_finds_a_lower_bill(seed: int) -> None:
    on_demand, ratios = random_instance(seed)
    generator = np.random.default_rng(seed + 1_000)
    weights, price = generator.integers(1, 4, on_demand.shape[1]).astype(float), float(generator.uniform(0.9, 1.2))
    commitment = optimal_commitment(on_demand, ratios, weights, price)
    least = least_bill_by_linear_program(on_demand, ratios, weights, price)
    assert bill(on_demand, ratios, commitment, price) @ weights == pytest.approx(least, rel=1e-9)


def test_twenty_seven_percent_off_commits_to_the_27th_percentile_of_discounted_usage() -> None:
    on_demand = np.arange(1.0, 101.0)[None, :]
    assert optimal_commitment(on_demand, np.array([0.73]), np.ones(100)) == pytest.approx(0.73 * 27)


def test_half_price_commits_to_the_median() -> None:
    on_demand = np.array([[1.0, 2.0, 3.0, 4.0, 5.0]])
    assert optimal_commitment(on_demand, np.array([0.5]), np.ones(5)) == pytest.approx(0.5 * 3)


def test_an_hour_is_billed_as_commitment_plus_what_it_leaves_on_demand() -> None:
    on_demand = np.array([[10.0, 0.0], [10.0, 4.0]])
    ratios = np.array([0.5, 0.8])
    assert bill(on_demand, ratios, 9.0).tolist() == pytest.approx([9 + 20 - 10 - 5, 9.0])


def test_the_deeper_discount_is_served_first() -> None:
    covered = covered_on_demand(np.array([[10.0], [10.0]]), np.array([0.5, 0.8]), 9.0)
    assert covered[:, 0].tolist() == pytest.approx([10.0, 5.0])


def test_utilization_coverage_and_break_even_of_a_worked_hour() -> None:
    usage = np.array([[10.0, 0.0]]), np.array([0.5]), np.ones(2)
    assert average_utilization(*usage, 5.0) == pytest.approx(0.5)
    assert average_coverage(*usage, 4.0) == pytest.approx(0.8)
    assert break_even_utilization(*usage, 4.0) == pytest.approx(0.5)


def test_nothing_committed_is_neither_used_nor_covering() -> None:
    usage = np.array([[10.0, 0.0]]), np.array([0.5]), np.ones(2)
    assert (average_utilization(*usage, 0.0), average_coverage(*usage, 0.0), break_even_utilization(*usage, 0.0)) == (0.0, 0.0, 1.0)


def test_the_next_dollar_is_worth_its_price_below_the_optimum_and_not_above() -> None:
    on_demand, ratios = random_instance(7)
    commitment = optimal_commitment(on_demand, ratios, ones(on_demand))
    assert marginal_value(on_demand, ratios, ones(on_demand), commitment * 0.999) > 1
    assert marginal_value(on_demand, ratios, ones(on_demand), commitment) <= 1 + 1e-9


def test_ratios_that_do_not_ascend_are_refused() -> None:
    with pytest.raises(ValueError, match="ascend"):
        optimal_commitment(np.ones((2, 3)), np.array([0.8, 0.7]), np.ones(3))


def test_usage_that_does_not_fit_the_ratios_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        optimal_commitment(np.ones((2, 3)), np.array([0.7]), np.ones(3))


def test_no_usage_at_all_commits_to_nothing() -> None:
    assert optimal_commitment(np.zeros((0, 24)), np.zeros(0), np.ones(24)) == 0.0


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


@pytest.mark.parametrize("seed", range(10))
def test_the_sql_model_finds_the_same_commitment(seed: int) -> None:
    on_demand, ratios = random_instance(seed)
    hours = on_demand.shape[1]
    start = datetime(2026, 9, 1)  # noqa: DTZ001 - hours of the warehouse are UTC without a zone
    usage = pl.DataFrame(
        [
            {"usage_hour": start + timedelta(hours=hour), "x_usage_type": f"BoxUsage:f{kind}.large", "ContractedCost": amount}
            for (kind, hour), amount in np.ndenumerate(on_demand)
        ]
    ).with_columns(ProviderName=pl.lit("AWS"), BillingAccountId=pl.lit("1"), BillingCurrency=pl.lit("USD"))
    parameters = {"billing_account_id": "1", "currency": "USD", "price_of_commitment": 1.0, "ratios": ratios.tolist()}
    parameters |= {"families": [f"f{kind}" for kind in range(ratios.size)], "window_start": start}
    parameters |= {"window_end": start + timedelta(hours=hours)}
    with duckdb.connect() as connection:
        connection.execute("CREATE SCHEMA core")
        connection.register("usage_rows", usage)
        connection.execute("CREATE TABLE core.hourly_usage AS SELECT *, 'usage' AS x_pool, 'Standard' AS PricingCategory FROM usage_rows")
        found = query(connection, model_sql("recommendations/one_product"), parameters).item()
    assert found == pytest.approx(optimal_commitment(on_demand, ratios, ones(on_demand)), rel=1e-9)
