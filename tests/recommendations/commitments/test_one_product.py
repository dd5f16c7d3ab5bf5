"""The one-product optimum against a linear program, worked examples and its SQL form."""

from datetime import datetime, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest
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


def ones(on_demand: Floats) -> Floats:
    return np.ones(on_demand.shape[1])


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
