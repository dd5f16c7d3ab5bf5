"""What could not be collected is stored with the load, and asked for again until it is complete; what was collected stays."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl

from costsieve.contracts.usage import UTILIZATION
from costsieve.sources.gaps import Gap, Unfinished
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.source import Delivery
from costsieve.warehouse import Warehouse

FIRST_NIGHT = date(2026, 10, 1)
OBSERVED_AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
DAY = "2026-09-30"


@dataclass
class Accounts:
    """A source that asks three accounts for one day; those in ``refusing`` answer nothing."""

    refusing: set[str]
    asked: list[str] = field(default_factory=list)
    name: str = "metrics"
    source_type: str = "utilization"
    _gaps: list[Gap] = field(default_factory=list)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        assert as_of >= FIRST_NIGHT
        return [Delivery(DAY, "final", ("the metrics API",))]

    def write(self, delivery: Delivery, folder: Path) -> None:
        self._ask(("a", "b", "c"), delivery, folder)

    def gaps(self, delivery: Delivery) -> Sequence[Gap]:
        assert delivery.period == DAY
        return self._gaps

    def _ask(self, accounts: Sequence[str], delivery: Delivery, folder: Path) -> None:
        self.asked += accounts
        self._gaps = [_gap(account) for account in accounts if account in self.refusing]
        for account in sorted({*accounts} - self.refusing):
            _row(account, delivery).write_parquet(folder / f"{account}.parquet")


class CompletingAccounts(Accounts):
    """The same, asking only for what is missing."""

    def complete(self, delivery: Delivery, unfinished: Unfinished, folder: Path) -> None:
        for path in unfinished.files:
            shutil.copy(path, folder / path.name)
        self._ask([str(gap.account_id) for gap in unfinished.gaps], delivery, folder)


def _gap(account: str) -> Gap:
    return Gap("AWS", account, f"arn:aws:iam::{account}:role/read", None, None, "no_permission", f"role of {account} was refused")


def _row(account: str, delivery: Delivery) -> pl.DataFrame:
    midnight = datetime.fromisoformat(delivery.period)
    row = {"provider": "AWS", "account_id": account, "resource_id": "i-1", "metric": "cpu_percent", "observed_at": midnight}
    measured = {"average": 1.0, "maximum": 1.0, "p95": None, "total": None, "sample_count": 12}
    return pl.DataFrame([row | measured], schema=UTILIZATION.polars_schema())


def _land(warehouse: Warehouse, source: Accounts, nights_later: int = 0) -> LoadSummary:
    return load_source(warehouse, source, FIRST_NIGHT + timedelta(days=nights_later), OBSERVED_AT + timedelta(days=nights_later))


def _current_gaps(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query(
        """
        SELECT gap.as_of, gap.account_id, gap.reason, gap.message
        FROM meta.collection_gaps AS gap SEMI JOIN (SELECT * FROM meta.loads WHERE is_current) AS loads USING (source, period, version)
        ORDER BY ALL
        """
    ).rows()


def test_what_could_be_collected_is_landed_and_the_gap_is_told(warehouse: Warehouse) -> None:
    summary = _land(warehouse, Accounts({"b"}))

    assert (summary.changed_periods, summary.row_count) == ((DAY,), 2)
    assert _current_gaps(warehouse) == [(FIRST_NIGHT, "b", "no_permission", "role of b was refused")]


def test_a_complete_delivery_has_no_gaps_and_is_never_asked_for_again(warehouse: Warehouse) -> None:
    source = Accounts(set())
    _land(warehouse, source)

    assert _land(warehouse, source, nights_later=1).changed_periods == ()
    assert source.asked == ["a", "b", "c"]
    assert _current_gaps(warehouse) == []


def test_a_partial_delivery_is_asked_for_again_until_it_is_complete(warehouse: Warehouse) -> None:
    source = Accounts({"b"})
    _land(warehouse, source)
    source.refusing.clear()

    assert _land(warehouse, source, nights_later=1).row_count == 3
    assert warehouse.query("SELECT version FROM meta.loads WHERE is_current").rows() == [("final",)]
    assert _current_gaps(warehouse) == []


def test_a_source_that_can_complete_asks_only_for_what_is_missing_and_keeps_the_rest(warehouse: Warehouse) -> None:
    source = CompletingAccounts({"b", "c"})
    _land(warehouse, source)
    source.refusing = {"a", "c"}

    assert _land(warehouse, source, nights_later=1).row_count == 2
    assert source.asked == ["a", "b", "c", "b", "c"]
    assert [account for _, account, _, _ in _current_gaps(warehouse)] == ["c"]


def test_a_gap_that_stays_changes_no_version_but_tells_the_night_that_asked_last(warehouse: Warehouse) -> None:
    source = CompletingAccounts({"b"})
    _land(warehouse, source)

    assert _land(warehouse, source, nights_later=1).changed_periods == ()
    assert [as_of for as_of, *_ in _current_gaps(warehouse)] == [FIRST_NIGHT + timedelta(days=1)]


def test_a_killed_landing_of_a_partial_delivery_is_harmless(warehouse: Warehouse) -> None:
    """Its folder is in the lake, but nothing was recorded: the same content is landed again in its place."""
    _land(warehouse, Accounts({"b"}))
    with warehouse.transaction() as connection:
        connection.execute("DELETE FROM meta.loads")

    assert _land(warehouse, Accounts({"b"})).row_count == 2
