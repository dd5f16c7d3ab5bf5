from decimal import Decimal
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from costsieve.core.shares import split

AMOUNTS = st.decimals(min_value=-(10**12), max_value=10**12, places=12)
WEIGHTS = st.dictionaries(
    st.one_of(st.none(), st.text(max_size=3)), st.decimals(min_value=-10, max_value=10**9, places=6), min_size=1, max_size=12
)


def test_a_third_each_gives_the_odd_trillionth_to_the_first_name() -> None:
    assert split(Decimal(10), {"c": Decimal(1), "a": Decimal(1), "b": Decimal(1)}) == {
        "a": Decimal("3.333333333334"),
        "b": Decimal("3.333333333333"),
        "c": Decimal("3.333333333333"),
    }


def test_the_largest_remainder_is_served_first() -> None:
    """0.000000000010 by 1, 1 and 4 is 1.67, 1.67 and 6.67 trillionths: 1, 1 and 6, and the two left over go to the larger remainders."""
    assert split(Decimal("1e-11"), {"a": Decimal(1), "b": Decimal(1), "c": Decimal(4)}) == {
        "a": Decimal("2e-12"),
        "b": Decimal("2e-12"),
        "c": Decimal("6e-12"),
    }


def test_untagged_takes_its_part_and_is_last_among_equals() -> None:
    assert split(Decimal("1e-12"), {None: Decimal(1), "a": Decimal(1)}) == {None: Decimal(0), "a": Decimal("1e-12")}


def test_a_credit_is_split_as_a_cost_is() -> None:
    assert split(Decimal(-3), {"a": Decimal(2), "b": Decimal(1)}) == {"a": Decimal(-2), "b": Decimal(-1)}


def test_nothing_is_split_where_nobody_has_a_weight() -> None:
    assert split(Decimal(3), {"a": Decimal(0), "b": Decimal(-1)}) == {}


def test_amounts_of_26_digits_keep_every_one() -> None:
    assert sum(split(Decimal("99999999999999.999999999999"), {"a": Decimal(1), "b": Decimal(2)}).values()) == Decimal(
        "99999999999999.999999999999"
    )


@settings(max_examples=300, deadline=None)
@given(amount=AMOUNTS, weights=WEIGHTS)
def test_parts_add_up_have_the_sign_of_the_amount_and_are_within_a_trillionth_of_their_due(
    amount: Decimal, weights: dict[str | None, Decimal]
) -> None:
    parts = split(amount, weights)
    whole = sum(weight for weight in weights.values() if weight > 0)
    assert sum(parts.values()) == (amount if whole else 0)
    assert all(part * amount >= 0 for part in parts.values())
    units = {key: int(part.scaleb(12)) * int(whole * 10**6) for key, part in parts.items()}
    due = {key: int(amount * 10**12) * int(weights[key] * 10**6) for key in parts}
    assert all(abs(units[key] - due[key]) < int(whole * 10**6) for key in parts)


@settings(max_examples=100, deadline=None)
@given(amount=AMOUNTS, weights=WEIGHTS, order=st.randoms(use_true_random=False))
def test_parts_do_not_depend_on_the_order_of_the_weights(amount: Decimal, weights: dict[str | None, Decimal], order: Random) -> None:
    shuffled = list(weights.items())
    order.shuffle(shuffled)
    assert split(amount, dict(shuffled)) == split(amount, weights)
