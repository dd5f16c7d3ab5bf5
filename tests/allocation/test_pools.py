"""Shared pools over the values of one dimension: hand-worked, and properties that hold of any pools."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from costsieve.allocation.pools import OwnedCost, Share, allocate
from costsieve.allocation_settings import DEFAULT_SHARED_COSTS, IDLE_CLUSTER, SharedCost


def owned(value: str | None, cost: str, pool: str = "usage", position: int | None = None, committed: str = "0") -> OwnedCost:
    return OwnedCost(value, pool, position, Decimal(cost), Decimal(committed))


USAGE = [owned("vision", "60", committed="10"), owned("speech", "30", committed="30"), owned(None, "10")]


def shares_of(entry: SharedCost, amount: str, dimension: str = "team") -> dict[str | None, Decimal]:
    allocated = allocate(dimension, [*USAGE, owned(None, amount, "tax", position=0)], [entry])
    return {share.value: share.cost for share in allocated if share.share == "shared"}


def test_by_cost_untagged_usage_takes_its_part_too() -> None:
    assert shares_of(SharedCost(pool="tax"), "20") == {"vision": Decimal(12), "speech": Decimal(6), None: Decimal(2)}


def test_by_committed_cost_only_who_uses_commitments_pays_for_them() -> None:
    assert shares_of(SharedCost(pool="unused_commitment", by="committed_cost"), "20") == {"vision": Decimal(5), "speech": Decimal(15)}


def test_equal_parts_go_to_every_named_value_with_a_cost() -> None:
    assert shares_of(SharedCost(pool="tax", by="equal"), "20") == {"vision": Decimal(10), "speech": Decimal(10)}


def test_given_shares_count_in_their_dimension_only() -> None:
    entry = SharedCost(pool="tax", by="shares", shares={"team": {"vision": Decimal(3), "platform": Decimal(1)}})
    assert shares_of(entry, "20") == {"vision": Decimal(15), "platform": Decimal(5)}
    assert shares_of(entry, "20", dimension="owner") == {}


def test_credits_come_back_by_the_same_key() -> None:
    assert shares_of(SharedCost(pool="credit"), "-20") == {"vision": Decimal(-12), "speech": Decimal(-6), None: Decimal(-2)}


def test_a_pool_without_a_key_stays_visible_as_not_split() -> None:
    allocated = allocate("team", [owned("vision", "60"), owned(None, "5", "fee"), owned("vision", "2", "fee")], ())
    assert allocated == [
        Share("vision", "direct", "usage", Decimal(60)),
        Share(None, "not split", "fee", Decimal(5)),
        Share("vision", "direct", "fee", Decimal(2)),
    ]


def test_a_pool_that_nobody_has_a_weight_for_stays_visible_as_not_split() -> None:
    entry = SharedCost(pool="unused_commitment", by="committed_cost")
    allocated = allocate("team", [owned("vision", "60"), owned(None, "7", "unused_commitment", position=0)], [entry])
    assert allocated[-1] == Share(None, "not split", "unused_commitment", Decimal(7))


def test_what_was_idle_is_nobodys_until_a_key_says_otherwise() -> None:
    idle = owned("vision", "4", IDLE_CLUSTER)
    assert allocate("team", [*USAGE, idle], ())[-1] == Share(None, "not split", IDLE_CLUSTER, Decimal(4))
    split = allocate("team", [*USAGE, owned("vision", "4", IDLE_CLUSTER, position=0)], [SharedCost(idle_cluster=True)])
    assert {share.value: share.cost for share in split if share.share == "shared"} == {
        "vision": Decimal("2.4"),
        "speech": Decimal("1.2"),
        None: Decimal("0.4"),
    }


MONEY = st.decimals(min_value=-1000, max_value=10**6, places=12)
OWNED = st.builds(
    OwnedCost,
    value=st.one_of(st.none(), st.sampled_from("abcd")),
    pool=st.sampled_from(["usage", "tax", "fee", IDLE_CLUSTER]),
    position=st.one_of(st.none(), st.integers(0, len(DEFAULT_SHARED_COSTS) - 1)),
    cost=MONEY,
    committed_cost=MONEY,
)


@settings(max_examples=200, deadline=None)
@given(costs=st.lists(OWNED, max_size=20))
def test_shares_add_up_to_what_is_owned_to_the_last_decimal(costs: list[OwnedCost]) -> None:
    shares = allocate("team", costs, DEFAULT_SHARED_COSTS)
    assert sum((share.cost for share in shares), Decimal(0)) == sum((cost.cost for cost in costs), Decimal(0))
