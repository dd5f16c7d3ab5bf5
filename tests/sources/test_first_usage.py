"""A night that lies before everything that the bills are about is refused, and told which nights can be."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from costsieve.errors import MissingExport
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.source_settings import AwsCurSource
from costsieve.sources.first_usage import require_usage_before
from costsieve.sources.reads import Night, read_sources
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet

TONIGHT = date(2026, 10, 1)


def night(as_of: date) -> Night:
    return Night(as_of, datetime(2026, 10, 1, 3, tzinfo=UTC))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An export of September with a tax of the 1st and usage from the 3rd on."""
    rows = [cur_row(), cur_row(line_item_line_item_type="Tax", line_item_usage_start_date=datetime(2026, 9, 1))]  # noqa: DTZ001 as in exports
    deliver_cur_month(tmp_path / "one", "2026-09", {"costs-1.snappy.parquet": parquet(rows)})
    return configured(tmp_path, "one")


def configured(folder: Path, *names: str) -> Settings:
    return Settings(sources=tuple(AwsCurSource(name=f"{name}-bill", type="aws_cur", location=str(folder / name)) for name in names))


def land(warehouse: Warehouse, settings: Settings, as_of: date) -> None:
    read_sources(warehouse, settings, "aws_cur", night(as_of))


def test_a_night_before_the_first_delivered_month_names_it_and_the_first_night(warehouse: Warehouse, settings: Settings) -> None:
    land(warehouse, settings, date(2026, 8, 15))

    with pytest.raises(MissingExport, match=r"first delivered period is 2026-09, in one-bill: run .* --as-of 2026-09-02 or later"):
        require_usage_before(warehouse, settings, night(date(2026, 8, 15)))


@pytest.mark.parametrize("as_of", [date(2026, 8, 1), date(2026, 9, 2), date(2026, 9, 3)])
def test_a_night_before_the_first_usage_names_its_day_although_a_tax_is_dated_earlier(
    warehouse: Warehouse, settings: Settings, as_of: date
) -> None:
    land(warehouse, settings, TONIGHT)

    with pytest.raises(MissingExport, match=r"first delivered day is 2026-09-03, in one-bill: run .* --as-of 2026-09-04 or later"):
        require_usage_before(warehouse, settings, night(as_of))


@pytest.mark.parametrize("as_of", [date(2026, 9, 4), TONIGHT, date(2027, 6, 1)])
def test_a_night_after_a_day_of_usage_goes_on_however_long_after(warehouse: Warehouse, settings: Settings, as_of: date) -> None:
    land(warehouse, settings, TONIGHT)

    require_usage_before(warehouse, settings, night(as_of))


def test_a_bill_of_nothing_but_taxes_goes_on_from_its_first_day(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "taxes", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row(line_item_line_item_type="Tax")])})
    taxes = configured(tmp_path, "taxes")
    land(warehouse, taxes, TONIGHT)

    require_usage_before(warehouse, taxes, night(date(2026, 9, 4)))


def test_what_is_held_is_not_offered_for_another_night(warehouse: Warehouse, settings: Settings) -> None:
    hold = Quarantine(source="one-bill", period="2026-09", reason="case 12345")
    held = settings.model_copy(update={"quarantine": (hold,)})
    land(warehouse, held, TONIGHT)

    with pytest.raises(MissingExport, match="Nothing else is delivered yet; what `quarantine`"):
        require_usage_before(warehouse, held, night(TONIGHT))


def test_nothing_is_required_where_no_bill_is_configured_or_all_are_held(warehouse: Warehouse, settings: Settings) -> None:
    holds = tuple(Quarantine(source=source.name, reason="case 12345") for source in settings.sources)

    require_usage_before(warehouse, Settings(), night(TONIGHT))
    require_usage_before(warehouse, settings.model_copy(update={"quarantine": holds}), night(TONIGHT))
