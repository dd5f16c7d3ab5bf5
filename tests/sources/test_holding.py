"""A quarantined delivery is kept at what was published last, or left out, until its quarantine ends."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from costsieve.contracts.nights import NIGHTS
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.source_settings import AwsCurSource, GcpBillingSource
from costsieve.sources.reads import Night, SourceRead, conclude_reads, read_sources
from costsieve.sources.retention import remove_unreferenced
from costsieve.warehouse import Warehouse, replace_frame
from tests.sources.exports import cur_row, deliver_cur_month, gcp_row, parquet, write

OBSERVED_AT = datetime(2026, 10, 1, 3, tzinfo=UTC)
TONIGHT = date(2026, 10, 1)
TOMORROW = date(2026, 10, 2)


def deliver(export: Path, period: str, version: str, cost: str) -> None:
    deliver_cur_month(export, period, {"costs-1.snappy.parquet": parquet([cur_row(cost)])}, execution_id=version)


def bill(export: Path, *quarantine: Quarantine) -> Settings:
    return Settings(sources=(AwsCurSource(name="org-bill", type="aws_cur", location=str(export)),), quarantine=quarantine)


def read(warehouse: Warehouse, settings: Settings, as_of: date = TOMORROW) -> SourceRead:
    (only,) = read_sources(warehouse, settings, "aws_cur", Night(as_of, OBSERVED_AT))
    conclude_reads(warehouse, settings, as_of)
    return only


def publish(warehouse: Warehouse) -> None:
    """Publish what is current as tonight's result."""
    night = {"as_of": TONIGHT, "published_at": datetime(2026, 10, 1, 4), "costsieve_version": "1"}  # noqa: DTZ001 stored as UTC
    counts = dict.fromkeys(("loads_changed", "checks_passed", "checks_warned"), 0)
    with warehouse.transaction() as connection:
        replace_frame(connection, NIGHTS, pl.DataFrame([{**night, **counts}], schema=NIGHTS.polars_schema()))
    warehouse.home.published_warehouse.parent.mkdir(exist_ok=True)
    shutil.copyfile(warehouse.home.work_warehouse, warehouse.home.published_warehouse)


def current(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query("SELECT period, version FROM meta.loads WHERE is_current ORDER BY ALL").rows()


def states(warehouse: Warehouse) -> list[tuple[object, ...]]:
    return warehouse.query("SELECT as_of, source, period, state FROM meta.quarantines ORDER BY ALL").rows()


@pytest.fixture
def export(warehouse: Warehouse, tmp_path: Path) -> Path:
    """August and September were published tonight; then September was delivered again, with half of its cost, and October began."""
    export = tmp_path / "export"
    deliver(export, "2026-08", "v1", "9")
    deliver(export, "2026-09", "v1", "10")
    read(warehouse, bill(export), TONIGHT)
    publish(warehouse)
    deliver(export, "2026-09", "v2", "5")
    deliver(export, "2026-10", "v1", "1")
    return export


def test_a_held_period_keeps_the_published_version_and_the_others_go_on(warehouse: Warehouse, export: Path) -> None:
    told = read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing")))

    assert current(warehouse) == [("2026-08", "v1"), ("2026-09", "v1"), ("2026-10", "v1")]
    assert (told.outcome, told.message) == ("quarantined", "2026-09: half is missing")
    assert states(warehouse) == [(TOMORROW, "org-bill", "2026-09", "held")]


def test_a_version_that_a_blocked_night_landed_goes_back_to_the_published_one(warehouse: Warehouse, export: Path) -> None:
    read(warehouse, bill(export))
    landed = current(warehouse)

    read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing")))

    assert ("2026-09", "v2") in landed
    assert current(warehouse) == [("2026-08", "v1"), ("2026-09", "v1"), ("2026-10", "v1")]


def test_a_period_that_was_never_published_is_left_out(warehouse: Warehouse, export: Path) -> None:
    read(warehouse, bill(export))

    read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-10", reason="wrong account")))

    assert current(warehouse) == [("2026-08", "v1"), ("2026-09", "v2")]
    assert states(warehouse) == [(TOMORROW, "org-bill", "2026-10", "left_out")]


def test_a_whole_source_is_not_even_asked(warehouse: Warehouse, export: Path) -> None:
    shutil.rmtree(export)

    told = read(warehouse, bill(export, Quarantine(source="org-bill", reason="being moved")))

    assert (told.outcome, told.message, told.error) == ("quarantined", "all periods: being moved", None)
    assert current(warehouse) == [("2026-08", "v1"), ("2026-09", "v1")]


def test_a_source_that_was_never_published_can_be_left_out_as_a_whole(warehouse: Warehouse, tmp_path: Path) -> None:
    told = read(warehouse, bill(tmp_path / "nowhere", Quarantine(source="org-bill", reason="not set up yet")))

    assert (told.outcome, told.latest_period) == ("quarantined", None)
    assert states(warehouse) == [(TOMORROW, "org-bill", None, "left_out")]


def test_the_last_night_of_a_quarantine_still_holds_and_the_next_one_reads_what_is_delivered(warehouse: Warehouse, export: Path) -> None:
    settings = bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing", until=TOMORROW))

    read(warehouse, settings)
    on_its_last_night = current(warehouse)
    read(warehouse, settings, date(2026, 10, 3))

    assert ("2026-09", "v1") in on_its_last_night
    assert ("2026-09", "v2") in current(warehouse)
    assert states(warehouse)[1] == (date(2026, 10, 3), "org-bill", "2026-09", "expired")


def test_an_entry_that_is_taken_out_is_forgotten_for_the_night(warehouse: Warehouse, export: Path) -> None:
    read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing")))

    read(warehouse, bill(export))

    assert states(warehouse) == []
    assert ("2026-09", "v2") in current(warehouse)


def test_the_held_version_stays_in_the_lake_while_newer_ones_are_published(warehouse: Warehouse, export: Path) -> None:
    read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing")))

    publish(warehouse)
    remove_unreferenced(warehouse.home)

    assert (warehouse.home.lake / "aws_cur/source=org-bill/period=2026-09/version=v1").is_dir()


def test_control_totals_come_back_with_their_version_when_the_work_file_was_lost(warehouse: Warehouse, export: Path) -> None:
    warehouse.home.work_warehouse.unlink()

    read(warehouse, bill(export, Quarantine(source="org-bill", period="2026-09", reason="half is missing")))

    billed = "SELECT CAST(sum(billed_cost) AS INTEGER) FROM meta.load_totals WHERE period = '2026-09' AND version = 'v1'"
    assert warehouse.query(billed).item() == 10


def test_a_quarantined_month_holds_its_partition_days(warehouse: Warehouse, tmp_path: Path) -> None:
    for day in ("2026-08-31", "2026-09-29", "2026-09-30"):
        write(tmp_path / f"gcp/date={day}/part.parquet", parquet([gcp_row()]))
    source = GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(tmp_path / "gcp"))
    settings = Settings(sources=(source,), quarantine=(Quarantine(source="gcp-bill", period="2026-09", reason="wrong project"),))

    read_sources(warehouse, settings, "gcp_billing", Night(TONIGHT, OBSERVED_AT))

    assert [period for period, _ in current(warehouse)] == ["2026-08-31"]


def test_what_was_published_is_remembered_for_comparison(warehouse: Warehouse, export: Path) -> None:
    read(warehouse, bill(export))

    remembered = warehouse.query("SELECT as_of, period, version, CAST(billed_cost AS INTEGER) FROM meta.published_totals ORDER BY ALL")
    assert remembered.rows() == [(TONIGHT, "2026-08", "v1", 9), (TONIGHT, "2026-09", "v1", 10)]
