"""Noise that changes no verdict, and metrics that are missing: only where the plan asks for them."""

import numpy as np

from costsieve.estate.disturbances import coverage, is_kept, with_noise
from costsieve.estate.plan import EstatePlan

QUIET = EstatePlan(seed=5)
NOISY = EstatePlan(seed=5, noise=True)
MISSING = EstatePlan(seed=5, missing_metrics=True)
LOSES_CPU = {"coverage": 0.8, "missing": {"coverage": 0.4, "metrics": ["cpu_percent"]}}


def test_noise_moves_values_by_eight_percent_at_most() -> None:
    values = np.full((50, 24), 40.0)

    noisy = with_noise(values, NOISY)

    assert np.abs(noisy / values - 1).max() <= 0.08 + 1e-12
    assert noisy.std() > 1


def test_noise_makes_nothing_of_nothing() -> None:
    assert not with_noise(np.zeros((3, 24)), NOISY).any()


def test_a_quiet_plan_has_neither_noise_nor_lost_hours() -> None:
    values = np.full((3, 24), 40.0)

    assert (with_noise(values, QUIET) == values).all()
    assert is_kept(90 * 24, 3, QUIET).all()


def test_noise_loses_three_percent_of_the_hours() -> None:
    assert abs(is_kept(90 * 24, 40, NOISY).mean() - 0.97) < 0.01


def test_the_same_hour_of_the_week_is_lost_once_in_four_weeks_at_most() -> None:
    lost = ~is_kept(8 * 168, 40, NOISY)

    assert lost[-4 * 168 :].reshape(4, 168, 40).sum(axis=0).max() == 1


def test_missing_metrics_have_the_coverage_of_their_entry() -> None:
    assert coverage(LOSES_CPU, "cpu_percent", MISSING) == 0.4
    assert coverage(LOSES_CPU, "cpu_percent", QUIET) == 0.8


def test_other_metrics_of_the_same_entry_keep_theirs() -> None:
    assert coverage(LOSES_CPU, "network_bytes", MISSING) == 0.8
    assert coverage({}, "network_bytes", MISSING) == 1.0
