"""Records of Google's exports in Parquet that another tool wrote: a wrong type in one file of many is named, nothing is lost in silence."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.errors import UnreadableExport
from costsieve.settings import Allocation
from costsieve.source_settings import GcpBillingSource, GcpPricingSource
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.gcp.pricing import gcp_pricing
from costsieve.sources.landing import load_source
from costsieve.sources.source import Source
from costsieve.warehouse import Warehouse
from tests.sources.exports import gcp_row, parquet, write

DAY = "date=2026-09-03"


def land(warehouse: Warehouse, source: Source) -> None:
    load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def bill(location: Path) -> Source:
    return gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(location)))


def found(warehouse: Warehouse, query: str) -> list[Any]:
    with warehouse.connect() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        create_charges_view(connection)
        return connection.execute(query).fetchall()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"cost": "about twelve"}, "cost holds 'about twelve', which is not a number"),
        ({"cost": True}, "cost holds bool instead of a number"),
        ({"cost_at_list": "n/a"}, "cost_at_list holds 'n/a', which is not a number"),
        ({"usage_start_time": "yesterday"}, "usage_start_time holds 'yesterday', which is not a time"),
        ({"usage_start_time": 20260903}, "usage_start_time holds int64 instead of a time"),
        ({"billing_account_id": 77}, "billing_account_id holds int64 instead of text, so leading zeros of account ids are lost"),
        ({"credits": [{"type": "PROMOTION", "amount": "five"}]}, r"credits\.amount holds 'five', which is not a number"),
        ({"usage": {"amount_in_pricing_units": "many"}}, r"usage\.amount_in_pricing_units holds 'many', which is not a number"),
        ({"usage": "8 hours"}, "usage holds string instead of a record"),
        ({"price": {"list_price": "free"}}, r"price\.list_price holds 'free', which is not a number"),
        ({"labels": "team=vision"}, "labels holds string instead of a list"),
        ({"labels": {"team": "vision"}}, "labels holds struct<team: string> instead of a list"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_type_in_one_file_of_many_is_named_and_the_days_before_stay(
    warehouse: Warehouse, tmp_path: Path, changes: dict[str, Any], problem: str
) -> None:
    write(tmp_path / "gcp/date=2026-09-02/000.parquet", parquet([gcp_row()]))
    land(warehouse, bill(tmp_path / "gcp"))
    for number in range(3):
        write(tmp_path / f"gcp/{DAY}/{number:03}.parquet", parquet([gcp_row() | (changes if number == 1 else {})]))

    with pytest.raises(UnreadableExport, match=rf"001\.parquet: column {problem}\. Deliver the file again; nothing of this delivery was"):
        land(warehouse, bill(tmp_path / "gcp"))

    assert warehouse.query("SELECT period, is_current FROM meta.loads").rows() == [("2026-09-02", True)]
    assert found(warehouse, "SELECT sum(BilledCost) FROM core.charges") == [(Decimal("1.5"),)]


def test_text_that_can_be_read_as_declared_passes_in_one_file_beside_numbers_in_another(warehouse: Warehouse, tmp_path: Path) -> None:
    text = {"cost": "0.1", "usage_start_time": "2026-09-03 07:00:00", "usage": {"amount_in_pricing_units": "8", "pricing_unit": "hour"}}
    write(tmp_path / f"gcp/{DAY}/000.parquet", parquet([gcp_row(cost=0.2, credit=0.0)]))
    write(tmp_path / f"gcp/{DAY}/001.parquet", parquet([gcp_row(credit=0.0) | text]))
    land(warehouse, bill(tmp_path / "gcp"))

    assert found(warehouse, "SELECT BilledCost, ConsumedQuantity FROM core.charges ORDER BY BilledCost") == [
        (Decimal("0.1"), Decimal(8)),
        (Decimal("0.2"), None),
    ]


def test_a_record_that_is_null_in_every_row_and_a_list_without_an_element_are_no_wrong_types(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / f"gcp/{DAY}/000.parquet", parquet([gcp_row(usage=None, labels=None, price=None)]))
    land(warehouse, bill(tmp_path / "gcp"))

    assert found(warehouse, "SELECT sum(BilledCost) FROM core.charges") == [(Decimal("1.5"),)]


def test_a_text_among_the_prices_of_the_pricing_export_is_named(warehouse: Warehouse, tmp_path: Path) -> None:
    tier = {"start_usage_amount": Decimal(0), "account_currency_amount": "on request"}
    price = {
        "export_time": datetime(2026, 9, 3, 8),  # noqa: DTZ001 Parquet without zone
        "billing_account_id": "01D3M0-C0575E-15E7E5",
        "sku": {"id": "CORE"},
        "account_currency_code": "USD",
        "list_price": {"tiered_rates": [tier]},
    }
    write(tmp_path / f"prices/{DAY}/000.parquet", parquet([price]))
    source = gcp_pricing(GcpPricingSource(name="prices", type="gcp_pricing", location=str(tmp_path / "prices")))

    with pytest.raises(UnreadableExport, match=r"column list_price\.tiered_rates\.account_currency_amount holds 'on request', which"):
        land(warehouse, source)


def test_lists_of_the_larger_kind_are_lists(warehouse: Warehouse, tmp_path: Path) -> None:
    """As Polars writes them."""
    table = pa.Table.from_pylist([gcp_row()])
    label = pa.struct({"key": pa.string(), "value": pa.string()})
    labels = pa.array([[{"key": "team", "value": "vision"}]], pa.large_list(label))
    labelled = table.append_column("labels", labels)
    write(tmp_path / f"gcp/{DAY}/000.parquet", parquet(labelled.to_pylist(), labelled.schema))
    land(warehouse, bill(tmp_path / "gcp"))

    assert found(warehouse, "SELECT DISTINCT labels FROM raw.gcp_billing") == [({"team": "vision"},)]
