"""The official FOCUS 1.0 sample: 1,000 rows of AWS, Microsoft and Oracle (CC BY 4.0, see tests/sources/data/focus).

Its totals are computed here from the CSV text with Python's decimals, by none of the product's code.
"""

import csv
import gzip
import io
import shutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes
from costsieve.home import Home
from costsieve.settings import Allocation
from costsieve.source_settings import FocusSource
from costsieve.sources.focus.files import focus_files
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse

SAMPLE = Path(__file__).parent.parent / "sources/data/focus/focus_sample.csv.gz"
COSTS = ("BilledCost", "EffectiveCost", "ListCost")
TABLES = pytest.mark.parametrize("table", ["core.charges", "core.daily_cost"])


@pytest.fixture(scope="module")
def sample() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(gzip.decompress(SAMPLE.read_bytes()).decode())))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """A warehouse with the sample landed and rolled up."""
    folder = tmp_path_factory.mktemp("focus-sample")
    shutil.copytree(SAMPLE.parent, folder / "bills")
    warehouse = Warehouse(Home(folder / "home"))
    source = focus_files(FocusSource(name="sample", type="focus", location=str(folder / "bills")))
    load_source(warehouse, source, date(2024, 11, 1), datetime(2024, 11, 1, 3, tzinfo=UTC))
    with warehouse.transaction() as transaction:
        create_raw_views(transaction, warehouse.home, Allocation())
        create_charges_view(transaction)
        roll_up_changes(transaction, Allocation())
    return warehouse


def totals(rows: list[dict[str, str]], *keys: str) -> dict[Any, tuple[Decimal, ...]]:
    sums: Mapping[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(COSTS))
    for row in rows:
        key = tuple(row[name] for name in keys)
        sums[key][:] = [total + Decimal(row[cost]) for total, cost in zip(sums[key], COSTS, strict=True)]
    return {key: tuple(value) for key, value in sums.items()}


@TABLES
def test_billed_and_effective_cost_by_provider_are_those_of_the_file(night: Warehouse, sample: list[dict[str, str]], table: str) -> None:
    found = night.query(f"SELECT ProviderName, sum(BilledCost), sum(EffectiveCost) FROM {table} GROUP BY ProviderName").rows()
    expected = {provider: costs[:2] for (provider,), costs in totals(sample, "ProviderName").items()}
    assert {provider: tuple(costs) for provider, *costs in found} == expected
    assert expected["AWS"][0] == Decimal("18.0066386184")


@TABLES
def test_list_cost_by_provider_is_that_of_the_file(night: Warehouse, sample: list[dict[str, str]], table: str) -> None:
    found = dict(night.query(f"SELECT ProviderName, sum(ListCost) FROM {table} GROUP BY ProviderName").rows())
    assert found == {provider: costs[2] for (provider,), costs in totals(sample, "ProviderName").items()}


def test_control_totals_are_those_of_the_file_by_account_and_charge_category(night: Warehouse, sample: list[dict[str, str]]) -> None:
    found = night.query("SELECT billing_account_id, sub_account_id, currency, charge_type, billed_cost FROM meta.load_totals").rows()
    sums: dict[Any, Decimal] = defaultdict(Decimal)
    for *key, billed_cost in found:
        sums[tuple(key)] += billed_cost
    keys = ("BillingAccountId", "SubAccountId", "BillingCurrency", "ChargeCategory")
    assert sums == {key: costs[0] for key, costs in totals(sample, *keys).items()}


@TABLES
def test_no_row_is_lost_or_counted_twice(night: Warehouse, table: str) -> None:
    count = "sum(charge_count)" if table == "core.daily_cost" else "count(*)"
    assert night.query(f"SELECT x_period, {count} FROM {table} GROUP BY x_period ORDER BY x_period").rows() == [
        ("2024-09", 999),
        ("2024-10", 1),
    ]


def test_the_text_null_and_empty_categories_are_no_values(night: Warehouse) -> None:
    assert night.query("SELECT count(ChargeClass), count(CapacityReservationId) FROM core.charges").rows() == [(0, 0)]
    assert night.query("SELECT DISTINCT PricingCategory FROM core.charges WHERE ProviderName = 'Oracle'").rows() == [(None,)]


def test_enumerations_are_those_of_the_standard(night: Warehouse) -> None:
    found = night.query("SELECT DISTINCT ChargeFrequency FROM core.charges WHERE ProviderName = 'Oracle'").rows()
    assert sorted(found) == [("Usage-Based",)]


def test_tags_of_the_sample_are_read(night: Warehouse, sample: list[dict[str, str]]) -> None:
    tagged = sum('"environment": "dev"' in row["Tags"] for row in sample)
    assert night.query("SELECT count(*) FROM core.charges WHERE x_environment = 'dev'").rows() == [(tagged,)]
