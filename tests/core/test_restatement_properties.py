"""Whatever bills a series of nights is given, the history tells what each night knew, and the bridges between nights add up exactly."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from costsieve.contracts.loads import ROLL_UPS
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.core.known_costs import record_known_costs
from costsieve.core.restatement import REASONS, Comparison, compare_since, read_bridges, read_changes, restatement
from costsieve.money import MONEY
from costsieve.warehouse import Connection, create_contract_tables, replace_frame
from tests.core.history import mark_published

FIRST = date(2026, 9, 3)
PERIODS = (("org-bill", "2026-08"), ("org-bill", "2026-09"), ("gcp", "2026-09-01"))
KINDS = (
    ("usage", "Usage", "Standard"),
    ("usage", "SavingsPlanCoveredUsage", "Committed"),
    ("commitment_negation", "SavingsPlanNegation", None),
    ("unused_commitment", "SavingsPlanRecurringFee", None),
    ("credit", "Credit", None),
    ("tax", "Tax", None),
    ("adjustment", "adjustment", None),
)

amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=12)


@st.composite
def costs(draw: st.DrawFn) -> dict[str, Any]:
    """One row of core.daily_cost, of few enough kinds that nights meet the same ones again."""
    pool, charge_type, pricing = draw(st.sampled_from(KINDS))
    billed, effective = draw(amounts), draw(amounts)
    return {
        "usage_date": draw(st.sampled_from([date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 4)])),
        "BillingCurrency": draw(st.sampled_from(["USD", "EUR"])),
        "SubAccountId": draw(st.sampled_from(["1", None])),
        "InvoiceId": draw(st.sampled_from(["INV", None])),
        "charge_count": draw(st.integers(0, 3)),
        "x_pool": pool,
        "x_charge_type": charge_type,
        "PricingCategory": pricing,
        "BilledCost": billed,
        "EffectiveCost": effective,
        "x_net_effective_cost": effective,
    }


type Bills = Mapping[tuple[str, str], list[dict[str, Any]]]
bills = st.dictionaries(st.sampled_from(PERIODS), st.lists(costs(), max_size=4))
series = st.lists(st.tuples(st.integers(0, 6), bills), min_size=2, max_size=6)


@dataclass
class Nights:
    """A warehouse that nights are run on, and what each night that is remembered was given."""

    connection: Connection
    given: dict[date, Bills] = field(default_factory=dict)

    def run(self, as_of: date, delivered: Bills) -> None:
        rows = [
            {**_FILLED, "x_source": source, "x_period": period, **cost} for (source, period), found in delivered.items() for cost in found
        ]
        replace_frame(self.connection, DAILY_COST, pl.DataFrame(rows, schema=DAILY_COST.polars_schema()))
        roll_ups = [(source, period, self._token(delivered[source, period]), "d") for source, period in delivered]
        replace_frame(self.connection, ROLL_UPS, pl.DataFrame(roll_ups, schema=ROLL_UPS.polars_schema(), orient="row"))
        if record_known_costs(self.connection, as_of):
            self.given[as_of] = delivered
            mark_published(self.connection, as_of)

    def known(self, as_of: date, days_before: date) -> dict[str, tuple[Decimal, Decimal]]:
        """What the night was given, added up in Python."""
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for cost in (cost for found in self.given[as_of].values() for cost in found if cost["usage_date"] < days_before):
            billed, effective = sums.get(cost["BillingCurrency"], (Decimal(0), Decimal(0)))
            sums[cost["BillingCurrency"]] = (billed + cost["BilledCost"], effective + cost["EffectiveCost"])
        return sums

    def _token(self, rows: list[dict[str, Any]]) -> str:
        return str(sorted(str(row) for row in rows))


_FILLED = {column.name: Decimal(0) if column.type == MONEY else "-" for column in DAILY_COST.columns if not column.nullable}
"""What a row of core.daily_cost must have and these tests do not look at."""


@contextmanager
def nights() -> Iterator[Nights]:
    with duckdb.connect() as connection:
        create_contract_tables(connection)
        yield Nights(connection)


@given(series)
@settings(deadline=None, max_examples=30)
def test_bridges_between_any_two_nights_add_up_to_the_last_decimal(series: list[tuple[int, Bills]]) -> None:
    """Offsets come in any order: a repeated one runs a night again, a smaller one is a backfill."""
    with nights() as ran:
        for offset, delivered in series:
            ran.run(FIRST + timedelta(days=offset), delivered)
        for then, now in combinations(sorted(ran.given), 2):
            comparison = Comparison(date(2026, 9, 3), then, now)
            changes = read_changes(ran.connection, comparison)
            known_then, known_now = ran.known(then, comparison.days_before), ran.known(now, comparison.days_before)
            bridges = {bridge.currency: bridge for bridge in read_bridges(ran.connection, comparison, changes)}
            assert set(bridges) == {*known_then, *known_now}
            for currency, bridge in bridges.items():
                assert (bridge.billed_then, bridge.effective_then) == known_then.get(currency, (0, 0))
                assert (bridge.billed_now, bridge.effective_now) == known_now.get(currency, (0, 0))
                assert bridge.billed_then + sum(reason.billed_change for reason in bridge.reasons) == bridge.billed_now
                assert bridge.effective_then + sum(reason.effective_change for reason in bridge.reasons) == bridge.effective_now


@given(series)
@settings(deadline=None, max_examples=20)
def test_every_change_has_exactly_one_reason(series: list[tuple[int, Bills]]) -> None:
    grain = ["known_on", "x_source", "x_period", "usage_date", "SubAccountId", "x_charge_type", "BillingCurrency"]
    with nights() as ran:
        for offset, delivered in series:
            ran.run(FIRST + timedelta(days=offset), delivered)
        comparison = compare_since(ran.connection, min(ran.given))
        changes = read_changes(ran.connection, comparison)
        assert set(changes["reason"]) <= set(REASONS)
        assert changes.select(grain).is_unique().all()


@given(series)
@settings(deadline=None, max_examples=20)
def test_months_of_the_report_add_up_to_their_reasons_and_to_all_changes(series: list[tuple[int, Bills]]) -> None:
    with nights() as ran:
        for offset, delivered in series:
            ran.run(FIRST + timedelta(days=offset), delivered)
        found = restatement(ran.connection, max(ran.given))
        if found.comparison is None:
            assert len(ran.given) == 1
            return
        changes = read_changes(ran.connection, found.comparison)
        assert sum(month.billed_change for month in found.months) == sum(changes["billed_change"])
        assert all(sum(reason.effective_change for reason in month.reasons) == month.effective_change for month in found.months)
