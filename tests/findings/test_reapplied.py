"""Freed commitments are given to what runs on demand in the same hour: by hand, and against an exact calculation hour by hour."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from costsieve.findings.reapplied import BILLIONTHS, Action, Reapplied, billionths, reapply


def _hours(*amounts: float) -> np.ndarray:
    return np.array([round(amount * BILLIONTHS) for amount in amounts], dtype=np.int64)


def test_what_runs_at_other_hours_takes_nothing_over() -> None:
    # 2 an hour are freed in four hours. On demand runs 8 in all, as much as is freed, but in two hours only.
    [reapplied] = reapply([Action("f", 0, 1.0)], _hours(2, 2, 2, 2).reshape(1, 4), _hours(4, 4, 0, 0)).values()

    assert reapplied == Reapplied(Decimal(4), hours_freed=4, hours_taken_over=2)


def test_the_actions_of_a_fleet_share_what_runs_on_demand_in_their_order() -> None:
    committed = np.array([_hours(2, 2), _hours(2, 0)])

    reapplied = reapply([Action("first", 0, 1.0), Action("second", 1, 1.0)], committed, _hours(3, 1))

    assert {name: each.lost_cost for name, each in reapplied.items()} == {"first": 1, "second": 1}


def test_two_actions_on_one_machine_lose_the_same_commitment_and_need_on_demand_usage_once() -> None:
    # Half of 4 is freed: 2, of which 1 is taken over. Another action frees half of all: of the half that was freed before it loses
    # as much (half of 1), of the other half it frees 1 more, which nobody takes over.
    reapplied = reapply([Action("half", 0, 0.5), Action("other half", 0, 0.5)], _hours(4).reshape(1, 1), _hours(1))

    assert {name: each.lost_cost for name, each in reapplied.items()} == {"half": 1, "other half": Decimal("1.5")}


def test_nothing_is_lost_where_the_same_amount_runs_on_demand() -> None:
    amounts = np.full(720, 0.1 + 0.2)

    [reapplied] = reapply([Action("f", 0, 1.0)], billionths(amounts, up=True).reshape(1, 720), billionths(amounts, up=False)).values()

    assert reapplied == Reapplied(Decimal(0), 720, 720)


def test_an_hour_that_costs_less_than_nothing_takes_nothing_over_and_frees_nothing() -> None:
    assert billionths(np.array([-1.0, 1.0]), up=True).tolist() == [0, BILLIONTHS]
    assert reapply([Action("f", 0, 1.0)], _hours(1).reshape(1, 1), _hours(-5))["f"].lost_cost == 1


AMOUNT = st.integers(min_value=0, max_value=5).map(lambda whole: whole * BILLIONTHS)
FLEETS = st.integers(1, 3).flatmap(
    lambda machines: st.tuples(
        st.lists(st.lists(AMOUNT, min_size=6, max_size=6), min_size=machines, max_size=machines),
        st.lists(AMOUNT, min_size=6, max_size=6),
        st.lists(st.tuples(st.integers(0, machines - 1), st.sampled_from([0.25, 0.5, 1.0])), min_size=1, max_size=5),
    )
)


def _hour_by_hour(
    committed: Sequence[Sequence[int]], on_demand: Sequence[int], actions: Sequence[Action]
) -> tuple[list[Fraction], Fraction]:
    """What each action loses, and how much is taken over in all, in exact fractions."""
    lost, taken_over = [Fraction(0) for _ in actions], Fraction(0)
    for hour, capacity in enumerate(on_demand):
        left = Fraction(capacity)
        freed = {machine: Fraction(0) for machine in range(len(committed))}
        lost_of = {machine: Fraction(0) for machine in range(len(committed))}
        for number, action in enumerate(actions):
            share, cost = Fraction(action.share), committed[action.machine][hour]
            anew = share * (cost - freed[action.machine])
            taken = min(anew, left)
            left, taken_over = left - taken, taken_over + taken
            lost[number] += anew - taken + share * lost_of[action.machine]
            lost_of[action.machine] += anew - taken
            freed[action.machine] += anew
    return lost, taken_over


@given(FLEETS)
def test_any_fleet_loses_what_an_exact_calculation_says(fleet: tuple[list[list[int]], list[int], list[tuple[int, float]]]) -> None:
    committed, on_demand, shares = fleet
    actions = [Action(str(number), machine, share) for number, (machine, share) in enumerate(shares)]

    reapplied = reapply(actions, np.array(committed, dtype=np.int64), np.array(on_demand, dtype=np.int64))

    lost, taken_over = _hour_by_hour(committed, on_demand, actions)
    assert taken_over <= sum(on_demand)
    for number, action in enumerate(actions):
        assert abs(reapplied[action.finding_id].lost_cost * BILLIONTHS - Decimal(lost[number].numerator) / lost[number].denominator) <= 100


@given(FLEETS)
def test_what_is_taken_over_never_exceeds_what_runs_on_demand(fleet: tuple[list[list[int]], list[int], list[tuple[int, float]]]) -> None:
    committed, on_demand, shares = fleet
    once = dict(shares)
    actions = [Action(str(machine), machine, share) for machine, share in once.items()]

    reapplied = reapply(actions, np.array(committed, dtype=np.int64), np.array(on_demand, dtype=np.int64))

    freed = {action.finding_id: Decimal(action.share) * sum(committed[action.machine]) / BILLIONTHS for action in actions}
    taken_over = sum((freed[name] - each.lost_cost for name, each in reapplied.items()), Decimal(0))
    assert taken_over * BILLIONTHS <= sum(on_demand)
