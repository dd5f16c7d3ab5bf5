"""Landing is all or nothing, idempotent, and replaces whole periods."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from costsieve.errors import IncompleteExport, MissingColumn, UnreadableExport
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.source import Delivery
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, parquet, usd

AS_OF = date(2026, 10, 1)
OBSERVED_AT = datetime(2026, 10, 1, 3, tzinfo=UTC)


@dataclass
class Offered:
    """A source that offers what a test puts into it: period -> (version, Parquet file or error)."""

    periods: dict[str, tuple[str, bytes | Exception]]
    name: str = "org-bill"
    source_type: str = "aws_cur"
    written: list[str] = field(default_factory=list)

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        return [
            Delivery(period, version, (f"{period}.parquet",)) for period, (version, _) in self.periods.items() if period < as_of.isoformat()
        ]

    def write(self, delivery: Delivery, folder: Path) -> None:
        self.written.append(f"{delivery.period} {delivery.version}")
        content = self.periods[delivery.period][1]
        if isinstance(content, Exception):
            (folder / "half.parquet").write_bytes(b"PAR1")
            raise content
        (folder / f"{delivery.period}.parquet").write_bytes(content)


def land(warehouse: Warehouse, source: Offered) -> LoadSummary:
    return load_source(warehouse, source, AS_OF, OBSERVED_AT)


def loads(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query("SELECT source, period, version, is_current FROM meta.loads ORDER BY ALL").rows()


def lake_files(warehouse: Warehouse) -> list[str]:
    return sorted(path.relative_to(warehouse.home.lake).as_posix() for path in warehouse.home.lake.rglob("*.parquet"))


def test_a_new_version_lies_in_the_lake_byte_for_byte_and_is_recorded(warehouse: Warehouse) -> None:
    delivered = parquet([cur_row("1.5"), cur_row("2.25")])

    summary = land(warehouse, Offered({"2026-09": ("v1", delivered)}))

    file = "lake/aws_cur/source=org-bill/period=2026-09/version=v1/2026-09.parquet"
    assert (warehouse.home.root / file).read_bytes() == delivered
    assert warehouse.query("SELECT * FROM meta.loads").rows() == [
        ("org-bill", "aws_cur", "2026-09", "v1", [file], 2, len(delivered), datetime(2026, 10, 1, 3), True)  # noqa: DTZ001 stored as UTC
    ]
    assert summary == LoadSummary("org-bill", ("2026-09",), ("2026-09",), 2, len(delivered), 1, usd("3.75"))


def test_control_totals_are_kept_per_account_currency_and_type(warehouse: Warehouse) -> None:
    rows = [
        cur_row("1.5"),
        cur_row("0.25"),
        cur_row("9", line_item_usage_account_id="100000000003"),
        cur_row("-1", line_item_line_item_type="Credit"),
        cur_row("7", line_item_currency_code="EUR"),
    ]

    land(warehouse, Offered({"2026-09": ("v1", parquet(rows))}))

    columns = "billing_account_id, sub_account_id, currency, charge_type, row_count, billed_cost"
    assert warehouse.query(f"SELECT {columns} FROM meta.load_totals ORDER BY ALL").rows() == [
        ("100000000001", "100000000002", "EUR", "Usage", 1, Decimal(7)),
        ("100000000001", "100000000002", "USD", "Credit", 1, Decimal(-1)),
        ("100000000001", "100000000002", "USD", "Usage", 2, Decimal("1.75")),
        ("100000000001", "100000000003", "USD", "Usage", 1, Decimal(9)),
    ]


def test_a_second_night_without_changes_fetches_nothing_and_says_the_same(warehouse: Warehouse) -> None:
    source = Offered({"2026-09": ("v1", parquet([cur_row("1.5")]))})
    first = land(warehouse, source)
    source.written.clear()

    second = land(warehouse, source)

    assert source.written == []
    assert second.changed_periods == ()
    assert (second.row_count, second.totals) == (first.row_count, first.totals)


def test_a_restated_period_replaces_the_old_version_as_a_whole(warehouse: Warehouse) -> None:
    land(warehouse, Offered({"2026-08": ("v1", parquet([cur_row("5")])), "2026-09": ("v1", parquet([cur_row("1"), cur_row("2")]))}))

    summary = land(warehouse, Offered({"2026-08": ("v1", b""), "2026-09": ("v2", parquet([cur_row("4")]))}))

    assert loads(warehouse) == [
        ("org-bill", "2026-08", "v1", True),
        ("org-bill", "2026-09", "v1", False),
        ("org-bill", "2026-09", "v2", True),
    ]
    assert (summary.changed_periods, summary.totals) == (("2026-09",), usd("9"))


def test_a_version_that_comes_back_is_current_again(warehouse: Warehouse) -> None:
    first, second = parquet([cur_row("1")]), parquet([cur_row("2")])
    for version, content in (("v1", first), ("v2", second), ("v1", first)):
        summary = land(warehouse, Offered({"2026-09": (version, content)}))

    assert loads(warehouse) == [("org-bill", "2026-09", "v1", True), ("org-bill", "2026-09", "v2", False)]
    assert summary.totals == usd("1")


def test_a_period_that_the_source_no_longer_offers_stays(warehouse: Warehouse) -> None:
    land(warehouse, Offered({"2026-08": ("v1", parquet([cur_row("5")])), "2026-09": ("v1", parquet([cur_row("1")]))}))

    summary = land(warehouse, Offered({"2026-09": ("v1", b"")}))

    assert (summary.periods, summary.totals) == (("2026-08", "2026-09"), usd("6"))


def test_a_failing_period_leaves_all_loads_and_the_lake_without_a_half_version(warehouse: Warehouse) -> None:
    land(warehouse, Offered({"2026-08": ("v1", parquet([cur_row("5")]))}))
    before = loads(warehouse)
    broken = Offered({"2026-08": ("v2", parquet([cur_row("6")])), "2026-09": ("v1", IncompleteExport("it is missing"))})

    with pytest.raises(IncompleteExport, match="it is missing"):
        land(warehouse, broken)

    assert loads(warehouse) == before
    assert not list(warehouse.home.lake.rglob("half.parquet"))
    assert not list((warehouse.home.root / "work").rglob("*.parquet"))


def test_a_landing_that_was_killed_before_it_recorded_is_finished_without_fetching_again(warehouse: Warehouse) -> None:
    good = parquet([cur_row("6")])
    with pytest.raises(IncompleteExport):
        land(warehouse, Offered({"2026-08": ("v1", good), "2026-09": ("v1", IncompleteExport("cut off"))}))
    retried = Offered({"2026-08": ("v1", good), "2026-09": ("v1", parquet([cur_row("1")]))})

    summary = land(warehouse, retried)

    assert retried.written == ["2026-09 v1"]
    assert summary.totals == usd("7")


def test_what_a_killed_landing_left_in_staging_is_dropped(warehouse: Warehouse) -> None:
    left = warehouse.home.root / "work/staging/org-bill/version/half.parquet"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"PAR1")

    land(warehouse, Offered({"2026-09": ("v1", parquet([cur_row("1")]))}))

    assert lake_files(warehouse) == ["aws_cur/source=org-bill/period=2026-09/version=v1/2026-09.parquet"]


def test_a_current_version_whose_folder_was_removed_is_landed_again(warehouse: Warehouse) -> None:
    source = Offered({"2026-09": ("v1", parquet([cur_row("1")]))})
    land(warehouse, source)
    shutil.rmtree(warehouse.home.lake)

    assert land(warehouse, source).changed_periods == ("2026-09",)
    assert len(lake_files(warehouse)) == 1


def test_a_missing_required_column_is_named_with_its_file_and_the_way_to_get_it(warehouse: Warehouse) -> None:
    row = cur_row()
    del row["line_item_unblended_cost"]

    with pytest.raises(MissingColumn) as raised:
        land(warehouse, Offered({"2026-09": ("v1", parquet([row]))}))

    assert str(raised.value) == (
        "org-bill 2026-09: 2026-09.parquet lacks the required column line_item_unblended_cost. The SQL of the data export must "
        "select it: add it to the export's query, or use the default CUR 2.0 query."
    )
    assert loads(warehouse) == []


def test_a_truncated_parquet_file_is_named(warehouse: Warehouse) -> None:
    whole = parquet([cur_row()])

    with pytest.raises(UnreadableExport, match=r"org-bill 2026-09: 2026-09\.parquet is a truncated Parquet file: 100 bytes were delivered"):
        land(warehouse, Offered({"2026-09": ("v1", whole[:100])}))


def test_a_file_that_only_is_called_parquet_is_named_with_what_it_begins_with(warehouse: Warehouse) -> None:
    with pytest.raises(UnreadableExport, match=r"2026-09\.parquet is not a Parquet file: it begins with b'<html>Sign in'"):
        land(warehouse, Offered({"2026-09": ("v1", b"<html>Sign in")}))


def test_damaged_pages_inside_an_intact_footer_are_found(warehouse: Warehouse) -> None:
    damaged = bytearray(parquet([cur_row(str(cost)) for cost in range(1000)]))
    damaged[4:2000] = bytes(1996)

    with pytest.raises(UnreadableExport, match="could not be summed"):
        land(warehouse, Offered({"2026-09": ("v1", bytes(damaged))}))


def test_rows_without_a_currency_are_not_guessed(warehouse: Warehouse) -> None:
    rows = [cur_row(), cur_row(line_item_currency_code=None)]

    with pytest.raises(UnreadableExport, match="1 rows have no line_item_currency_code"):
        land(warehouse, Offered({"2026-09": ("v1", parquet(rows))}))


def test_totals_of_a_fraction_that_binary_numbers_cannot_hold_are_exact(warehouse: Warehouse) -> None:
    summary = land(warehouse, Offered({"2026-09": ("v1", parquet([cur_row("0.1")] * 30))}))

    assert summary.totals == usd("3.0")


def test_a_source_that_is_no_bill_has_no_totals(warehouse: Warehouse) -> None:
    reads = {
        "bucket": "ml-datasets",
        "prefix": "raw/",
        "age_days_from": 0,
        "get_count": 3,
        "byte_count": 10,
        "object_days": 1.0,
        "byte_days": 1.0,
        "observed_from": date(2026, 9, 1),
        "observed_to": date(2026, 9, 30),
    }
    source = Offered({"2026-09-29": ("v1", parquet([reads]))}, name="objects-reads", source_type="s3_reads")

    assert land(warehouse, source).totals == {}
    assert warehouse.query("SELECT * FROM meta.load_totals").equals(
        pl.DataFrame(schema=warehouse.query("SELECT * FROM meta.load_totals").schema)
    )


def test_another_source_is_not_touched(warehouse: Warehouse) -> None:
    land(warehouse, Offered({"2026-09": ("v1", parquet([cur_row("1")]))}, name="other-bill"))

    with pytest.raises(UnreadableExport):
        land(warehouse, Offered({"2026-09": ("v1", b"nothing")}))

    assert loads(warehouse) == [("other-bill", "2026-09", "v1", True)]
