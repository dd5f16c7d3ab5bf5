"""A delivery that is replaced while it is read: seen before and after the download, tried again within bounds, then said."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

import pytest

from costsieve.errors import IncompleteExport
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.stores.object_store import LocalStore, ReplacedMeanwhile, StoredObject
from costsieve.sources.stores.replacements import PAUSES, until_steady
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet, usd, write
from tests.sources.legacy_reports import RANGE, cost, create_new, legacy_csv, overwrite

AS_OF = date(2026, 10, 1)


def load(warehouse: Warehouse, location: Path) -> LoadSummary:
    source = AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(location)))
    return load_source(warehouse, source, AS_OF, datetime(2026, 10, 1, 3, tzinfo=UTC))


@pytest.fixture
def after_each_download(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let the provider do something right after each file that was read."""

    def meanwhile(happens: Callable[[], object]) -> None:
        download = LocalStore.download

        def downloaded(store: LocalStore, stored: StoredObject, target: Path) -> None:
            download(store, stored, target)
            happens()

        monkeypatch.setattr(LocalStore, "download", downloaded)

    return meanwhile


def test_a_manifest_that_is_replaced_during_the_download_is_seen(
    warehouse: Warehouse, tmp_path: Path, after_each_download: Callable[[Callable[[], object]], None]
) -> None:
    create_new(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("1"))}, "refresh-1")
    after_each_download(lambda: create_new(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("2"))}, "refresh-2"))

    with pytest.raises(ReplacedMeanwhile, match=r"costs-Manifest\.json was replaced while it was read; run again\. Nothing of this"):
        load(warehouse, tmp_path / "costs")

    assert warehouse.query("SELECT * FROM meta.loads").is_empty()


def test_the_newer_delivery_is_loaded_when_it_is_tried_again(
    warehouse: Warehouse, tmp_path: Path, after_each_download: Callable[[Callable[[], object]], None]
) -> None:
    create_new(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("1"))}, "refresh-1")
    refreshes = iter(["refresh-2"])

    def refresh_once() -> None:
        for name in refreshes:
            create_new(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("2"))}, name)

    after_each_download(refresh_once)
    pauses: list[float] = []

    summary = until_steady(lambda: load(warehouse, tmp_path / "costs"), pauses.append)

    assert (summary.totals, pauses) == (usd("2"), [PAUSES[0]])


def test_deliveries_that_keep_coming_are_given_up_in_words(
    warehouse: Warehouse, tmp_path: Path, after_each_download: Callable[[Callable[[], object]], None]
) -> None:
    numbers = count()

    def refresh() -> None:
        overwrite(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("1"))}, f"refresh-{next(numbers)}")

    refresh()
    after_each_download(refresh)
    pauses: list[float] = []

    with pytest.raises(IncompleteExport, match="was replaced while it was read; run again"):
        until_steady(lambda: load(warehouse, tmp_path / "costs"), pauses.append)

    assert tuple(pauses) == PAUSES


def test_a_file_that_is_overwritten_under_the_same_manifest_is_seen(
    warehouse: Warehouse, tmp_path: Path, after_each_download: Callable[[Callable[[], object]], None]
) -> None:
    parts = {"a.parquet": parquet([cur_row("1")]), "b.parquet": parquet([cur_row("2")])}
    deliver_cur_month(tmp_path / "export", "2026-09", parts)
    first = tmp_path / "export/data/BILLING_PERIOD=2026-09/a.parquet"
    after_each_download(lambda: write(first, parquet([cur_row("100"), cur_row("100")])))

    with pytest.raises(ReplacedMeanwhile, match=r"was replaced while it was read"):
        load(warehouse, tmp_path / "export")

    assert list(warehouse.home.lake.rglob("*.parquet")) == []


def test_a_file_that_vanishes_with_its_manifest_is_a_replacement(tmp_path: Path) -> None:
    overwrite(tmp_path / "costs", {"costs-1.csv": legacy_csv(cost("1"))})
    source = AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(tmp_path / "costs")))
    [delivery] = source.deliveries(AS_OF)
    (tmp_path / "costs" / RANGE / "costs-1.csv").unlink()
    overwrite(tmp_path / "costs", {"costs-2.csv": legacy_csv(cost("1"))}, "assembly-2")

    with pytest.raises(ReplacedMeanwhile):
        source.write(delivery, tmp_path)


def test_several_files_are_read_at_once_and_land_like_one_after_the_other(
    warehouse: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.process_cpu_count", lambda: 4)
    overwrite(tmp_path / "costs", {f"costs-{number}.csv": legacy_csv(cost(str(number))) for number in range(1, 10)})

    assert load(warehouse, tmp_path / "costs").totals == usd("45")
