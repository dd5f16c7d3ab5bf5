"""Values of FOCUS files as providers write them: declared types, never sniffed; what cannot be read is named."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from costsieve.errors import MissingColumn, UnreadableExport
from costsieve.warehouse import Warehouse
from tests.sources.exports import parquet, write
from tests.sources.focus_exports import csv_text, deliver, delivered, eur, focus_row, land

NINE = datetime(2026, 9, 3, 9)  # noqa: DTZ001 - TIMESTAMP is naive
FORMATS = pytest.mark.parametrize("name", ["bill.csv", "bill.parquet"])


@pytest.fixture
def bills(tmp_path: Path) -> Path:
    return tmp_path / "bills"


def deliver_as(path: Path, **values: str) -> None:
    """Write one charge as CSV, or as Parquet whose columns are all text."""
    write(path, parquet([focus_row(**values)]) if path.suffix == ".parquet" else csv_text([focus_row(**values)]))


@FORMATS
def test_ids_keep_their_zeros(warehouse: Warehouse, bills: Path, name: str) -> None:
    deliver_as(bills / name, SkuId="0007")
    land(warehouse, bills)
    assert delivered(warehouse, "BillingAccountId, SubAccountId, SkuId") == [("00077", "0042", "0007")]


@FORMATS
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.1", "0.1"),
        ("-7.0E-10", "-0.0000000007"),
        ("1E+3", "1000"),
        ("98765432.123456789012", "98765432.123456789012"),
        ("NULL", "0"),
        ("", "0"),
    ],
)
def test_amounts_are_exact(warehouse: Warehouse, bills: Path, name: str, text: str, amount: str) -> None:
    deliver_as(bills / name, BilledCost=text)
    assert land(warehouse, bills).totals == eur(amount)
    assert delivered(warehouse, "BilledCost") == [(Decimal(amount),)]


@FORMATS
@pytest.mark.parametrize("text", ["2026-09-03T09:00Z", "2026-09-03T09:00:00.000Z", "2026-09-03 09:00:00", "2026-09-03T11:00:00+02:00"])
def test_times_are_utc_whatever_their_spelling(warehouse: Warehouse, bills: Path, name: str, text: str) -> None:
    deliver_as(bills / name, ChargePeriodStart=text)
    land(warehouse, bills)
    assert delivered(warehouse, "ChargePeriodStart") == [(NINE,)]


@FORMATS
def test_the_text_null_is_no_value(warehouse: Warehouse, bills: Path, name: str) -> None:
    deliver_as(bills / name, RegionId="NULL", EffectiveCost="NULL", ChargePeriodEnd="NULL", Tags="NULL", SubAccountId="NULL")
    land(warehouse, bills)
    assert delivered(warehouse, "RegionId, EffectiveCost, ChargePeriodEnd, Tags, SubAccountId") == [(None,) * 5]


@FORMATS
@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ('{"env": "prod", "n": 1, "on": true, "none": null}', {"env": "prod", "n": "1", "on": "true", "none": None}),
        ('{"Team": "a", "team": "b", "TEAM": "c"}', {"Team": "a", "team": "b", "TEAM": "c"}),
        ('{"team": "first", "team": "second"}', {"team": "first"}),
        ('[{"key": "team", "value": "a"}, {"key": "team", "value": "b"}]', {"team": "a"}),
        ('"env": "prod","team": "a"', {"env": "prod", "team": "a"}),
        ('{"note": "two\nlines\tand \\u0001"}', {"note": "two\nlines\tand \x01"}),
        ('{"x": "<script>alert(1)</script>", "q": "it\'s \\"quoted\\""}', {"x": "<script>alert(1)</script>", "q": 'it\'s "quoted"'}),
        ('{"long": "' + "x" * 10_240 + '"}', {"long": "x" * 10_240}),
        ("{}", {}),
    ],
    ids=[
        "json types",
        "keys by case",
        "repeated key",
        "list",
        "without braces",
        "control characters",
        "markup and quotes",
        "10 KB",
        "empty",
    ],
)
def test_tags_in_text_are_a_map(warehouse: Warehouse, bills: Path, name: str, text: str, tags: dict[str, str | None]) -> None:
    deliver_as(bills / name, Tags=text)
    land(warehouse, bills)
    assert delivered(warehouse, "Tags") == [(tags,)]


def test_unknown_columns_stay_in_the_lake(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "bill.csv", focus_row(x_SkuMeterName="D4s v3", PricingCurrency="EUR"))
    land(warehouse, bills)
    [file] = warehouse.home.lake.rglob("*.parquet")
    assert warehouse.query(f"SELECT x_SkuMeterName, PricingCurrency FROM '{file}'").rows() == [("D4s v3", "EUR")]


def test_names_of_columns_are_known_in_lower_case(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "bill.csv", {name.lower(): value for name, value in focus_row(ListCost="3").items()})
    assert land(warehouse, bills).totals == eur("1.5")
    assert delivered(warehouse, "ListCost, BillingAccountId") == [(Decimal(3), "00077")]


@FORMATS
def test_missing_required_columns_are_named_together(warehouse: Warehouse, bills: Path, name: str) -> None:
    row = {column: value for column, value in focus_row().items() if column not in ("BilledCost", "ServiceName")}
    write(bills / "2026-09" / name, parquet([row]) if name.endswith("parquet") else csv_text([row]))
    with pytest.raises(MissingColumn, match=rf"{name} lacks the required columns ServiceName, BilledCost\. Every FOCUS version requires"):
        land(warehouse, bills)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("BilledCost", "1,5", 'Error when converting column "BilledCost".*"1,5"'),
        ("ListUnitPrice", "free", 'Error when converting column "ListUnitPrice".*"free"'),
        ("ChargePeriodStart", "yesterday", 'Error when converting column "ChargePeriodStart".*"yesterday"'),
        ("Tags", "{bad", "column Tags holds {bad, which is no JSON object"),
        ("Tags", "5", "column Tags holds 5, which is no JSON object"),
    ],
)
def test_a_wrong_value_in_one_csv_file_of_many_is_named(warehouse: Warehouse, bills: Path, column: str, value: str, told: str) -> None:
    for number in range(3):
        deliver(bills / f"2026-09/part-{number}.csv", focus_row(ResourceId=str(number), **{column: value} if number == 1 else {}))
    with pytest.raises(UnreadableExport, match=rf"(?s)part-1\.csv .*{told}"):
        land(warehouse, bills)


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("BilledCost", "1,5", "column BilledCost holds '1,5', which is not a number"),
        ("BilledCost", True, "column BilledCost holds bool instead of a number"),
        ("ChargePeriodStart", "yesterday", "column ChargePeriodStart holds 'yesterday', which is not a time"),
        ("ChargePeriodStart", 7, "column ChargePeriodStart holds int64 instead of a time"),
        ("Tags", "{bad", "column Tags holds '{bad', which is not a map"),
        ("BillingAccountId", 77, "column BillingAccountId holds int64 instead of text, so leading zeros"),
    ],
)
def test_a_wrong_type_in_one_parquet_file_of_many_is_named(
    warehouse: Warehouse, bills: Path, column: str, value: object, told: str
) -> None:
    for number in range(3):
        row: dict[str, Any] = dict(focus_row(ResourceId=str(number)))
        write(bills / f"2026-09/part-{number}.parquet", parquet([row | ({column: value} if number == 1 else {})]))
    with pytest.raises(UnreadableExport, match=rf"part-1\.parquet: {told}"):
        land(warehouse, bills)


@pytest.mark.parametrize("column", ["BillingAccountId", "BillingCurrency", "ChargeCategory", "BillingPeriodStart"])
def test_rows_that_cannot_be_told_apart_are_refused(warehouse: Warehouse, bills: Path, column: str) -> None:
    deliver(bills / "2026-09/bill.csv", focus_row(), focus_row(**{column: "NULL"}))
    with pytest.raises(UnreadableExport, match=f"1 rows have no {column}"):
        land(warehouse, bills)


def test_a_column_that_is_there_twice_is_named(warehouse: Warehouse, bills: Path) -> None:
    deliver(bills / "2026-09/bill.csv", focus_row(Tags="{}", tags="{}"))
    with pytest.raises(UnreadableExport, match="header names Tags, tags more than once"):
        land(warehouse, bills)


@pytest.mark.parametrize("name", ["bill.csv.gz", "bill.parquet"])
def test_a_truncated_file_is_named(warehouse: Warehouse, bills: Path, name: str) -> None:
    deliver(bills / "2026-09/whole.csv.gz", *[focus_row(ResourceId=str(number)) for number in range(200)])
    content = (bills / "2026-09/whole.csv.gz").read_bytes() if name.endswith("gz") else parquet([focus_row()])
    (bills / "2026-09/whole.csv.gz").unlink()
    write(bills / "2026-09" / name, content[: len(content) // 2])
    with pytest.raises(UnreadableExport, match=rf"{name} is .*truncated"):
        land(warehouse, bills)


def test_files_of_one_delivery_may_differ_in_types_and_add_up(warehouse: Warehouse, bills: Path) -> None:
    typed = dict(focus_row()) | {"BilledCost": Decimal("0.1"), "Tags": [("team", "map")]}
    schema = pa.schema([(name, pa.map_(pa.string(), pa.string()) if name == "Tags" else pa.infer_type([typed[name]])) for name in typed])
    write(bills / "2026-09/decimal.parquet", parquet([typed], schema))
    write(bills / "2026-09/double.parquet", parquet([dict(focus_row()) | {"BilledCost": 0.2, "Tags": [{"key": "team", "value": "list"}]}]))
    deliver(bills / "2026-09/text.csv", focus_row(BilledCost="0.000000000003", Tags='{"team": "text"}'))

    assert land(warehouse, bills).totals == eur("0.300000000003")
    assert delivered(warehouse, "BilledCost, Tags['team'], delivered_team") == [
        (Decimal("0.000000000003"), "text", "text"),
        (Decimal("0.1"), "map", "map"),
        (Decimal("0.2"), "list", "list"),
    ]
