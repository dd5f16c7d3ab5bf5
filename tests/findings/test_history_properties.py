"""Whatever nights find, and in whatever order they run, the bridge adds up exactly and the history is that of the nights in order."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from costsieve.contracts import usage
from costsieve.warehouse import Connection, create_contract_tables, query
from tests.findings.nights import FIRST, Seen, run_night

amounts = st.none() | st.decimals(min_value=0, max_value=10**9, places=2).map(str)


@st.composite
def resources(draw: st.DrawFn) -> Seen:
    """One of a few resources, so that nights meet the same ones again."""
    outcome = draw(st.sampled_from(["finding", "finding", "clean", "excepted", "not_evaluable", None]))
    return Seen(
        draw(st.sampled_from(["i-1", "i-2", "i-3"])),
        outcome,
        savings=draw(amounts) if outcome == "finding" else None,
        reason={"excepted": "agreed", "not_evaluable": "gaps"}.get(str(outcome)),
        currency=draw(st.sampled_from(["USD", "EUR"])),
        listed={"state": draw(st.sampled_from(["running", "stopped"])), "is_in_inventory": draw(st.booleans())},
    )


nights = st.lists(
    st.tuples(st.integers(0, 4), st.lists(resources(), max_size=3, unique_by=lambda seen: seen.resource_id)), min_size=2, max_size=6
)
type Amounts = Mapping[str, Decimal]


def _opened() -> Connection:
    connection = duckdb.connect()
    create_contract_tables(connection)
    connection.execute(usage.UTILIZATION.ddl())
    return connection


def _totals(connection: Connection, sql: str) -> Amounts:
    return {currency: amount for currency, amount in query(connection, sql).rows() if amount}


def _told(connection: Connection) -> list[tuple[object, ...]]:
    sql = "SELECT as_of, previous_night, finding_id, currency, change, reason, detail, difference FROM results.finding_changes ORDER BY ALL"
    return [*query(connection, sql).rows(), *query(connection, "FROM results.finding_history ORDER BY ALL").rows()]


@given(nights)
@settings(deadline=None, max_examples=12)
def test_bridges_add_up_and_the_order_of_the_nights_does_not_matter(run: list[tuple[int, list[Seen]]]) -> None:
    """Offsets come in any order: a repeated one runs a night again, a smaller one runs late."""
    last = dict(run)
    with _opened() as connection, _opened() as in_order:
        for offset, seen in run:
            run_night(connection, FIRST + timedelta(days=offset), seen)
        for offset in sorted(last):
            run_night(in_order, FIRST + timedelta(days=offset), last[offset])

        assert _told(connection) == _told(in_order)
        for then, now in pairwise(FIRST + timedelta(days=offset) for offset in sorted(last)):
            sums = "SELECT currency, sum({}) FROM results.{} WHERE as_of = DATE '{}' GROUP BY currency"
            before = _totals(connection, sums.format("monthly_savings", "findings", then))
            after = _totals(connection, sums.format("monthly_savings", "findings", now))
            moved = _totals(connection, sums.format("difference", "finding_changes", now))
            for currency in {*before, *after, *moved}:
                nothing = Decimal(0)
                assert before.get(currency, nothing) + moved.get(currency, nothing) == after.get(currency, nothing)
