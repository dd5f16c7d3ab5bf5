"""Google's exports as files: JSON with declared types, folders with and without dates, FOCUS told by its columns."""

import gzip
import json
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from costsieve.errors import IncompleteExport, MissingColumn, MissingExport, UnreadableExport
from costsieve.home import Home
from costsieve.source_settings import GcpBillingSource
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.sources.source import Source
from costsieve.warehouse import Warehouse
from tests.sources.exports import gcp_row, parquet, upload, usd, write

JSON_ROW: dict[str, Any] = {
    "billing_account_id": "01D3M0-C0575E-15E7E5",
    "invoice": {"month": "202609"},
    "cost_type": "regular",
    "usage_start_time": "2026-09-03 07:00:00.25 UTC",
    "usage_end_time": "2026-09-03T08:00:00Z",
    "export_time": "2026-09-03 12:00:00+00:00",
    "project": {"id": "ml-prod", "number": "000000000042", "labels": [{"key": "team", "value": "vision"}]},
    "currency": "USD",
    "cost": "1005.004833",
    "credits": [{"name": "Sustained Usage Discount", "amount": "-5.004833"}],
}


def bill(location: Path | str) -> Source:
    return gcp_billing(GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(location)))


def land(warehouse: Warehouse, location: Path | str, as_of: date = date(2026, 10, 1)) -> LoadSummary:
    return load_source(warehouse, bill(location), as_of, datetime(2026, 10, 1, 3, tzinfo=UTC))


def lines(*rows: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def landed(warehouse: Warehouse) -> pl.DataFrame:
    return pl.concat([pl.read_parquet(file) for file in sorted(warehouse.home.lake.rglob("*.parquet"))])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("000.json", lines(JSON_ROW, JSON_ROW)),
        ("000.json.gz", gzip.compress(lines(JSON_ROW, JSON_ROW))),
        ("000.jsonl", lines(JSON_ROW, JSON_ROW)),
        ("000.json", (json.dumps(JSON_ROW, indent=2) * 2).encode()),
        ("000.json", json.dumps([JSON_ROW, JSON_ROW]).encode()),
    ],
    ids=["one object a line", "gzipped", "jsonl", "objects over several lines", "one array"],
)
def test_json_is_converted_once_with_declared_types(warehouse: Warehouse, tmp_path: Path, name: str, content: bytes) -> None:
    write(tmp_path / f"gcp/date=2026-09-03/{name}", content)

    summary = land(warehouse, tmp_path / "gcp")

    assert (summary.periods, summary.row_count, summary.totals) == (("2026-09-03",), 2, usd("2000.000000"))
    row = landed(warehouse).row(0, named=True)
    assert (row["project"]["number"], row["invoice"]["month"], row["cost"]) == ("000000000042", "202609", Decimal("1005.004833"))
    assert row["usage_start_time"] == datetime(2026, 9, 3, 7, 0, 0, 250000)  # noqa: DTZ001 the lake's timestamps are UTC
    assert row["usage_end_time"] == datetime(2026, 9, 3, 8)  # noqa: DTZ001 as above


def test_amounts_of_json_keep_every_digit_as_text_or_number(warehouse: Warehouse, tmp_path: Path) -> None:
    costs = ["0.1", 0.2, "123456.123456789", 4e-07, "-7.0E-10"]
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(*(JSON_ROW | {"cost": cost, "credits": []} for cost in costs)))

    land(warehouse, tmp_path / "gcp")

    assert landed(warehouse)["cost"].sum() == Decimal("123456.423457188300")


def test_a_column_that_json_leaves_out_because_it_is_null_may_be_missing(warehouse: Warehouse, tmp_path: Path) -> None:
    tax = {name: value for name, value in JSON_ROW.items() if name not in ("project", "credits")} | {"cost_type": "tax", "cost": 2.5}
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(tax))

    assert land(warehouse, tmp_path / "gcp").totals == usd("2.5")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"<html>Access denied</html>", r"date=2026-09-03/000\.json is truncated, damaged or not what its name says: .*Malformed JSON"),
        (lines(JSON_ROW)[:-20], r"date=2026-09-03/000\.json is truncated, damaged"),
        (lines(JSON_ROW | {"cost": "about twelve"}), r"Could not convert string .about twelve. to DECIMAL.*nothing of it was loaded"),
        (lines(JSON_ROW | {"usage_start_time": "yesterday"}), r"000\.json is truncated, damaged or not .*yesterday"),
        (lines(JSON_ROW | {"labels": "team=vision"}), r"000\.json is truncated, damaged or not "),
    ],
    ids=["a page", "cut off", "text for a cost", "no time", "no list"],
)
def test_damaged_json_is_named_and_changes_nothing(warehouse: Warehouse, tmp_path: Path, content: bytes, message: str) -> None:
    write(tmp_path / "gcp/date=2026-09-02/000.json", lines(JSON_ROW))
    land(warehouse, tmp_path / "gcp")
    before = warehouse.query("SELECT * FROM meta.loads")
    write(tmp_path / "gcp/date=2026-09-03/000.json", content)

    with pytest.raises(UnreadableExport, match=message):
        land(warehouse, tmp_path / "gcp")

    assert warehouse.query("SELECT * FROM meta.loads").equals(before)


def test_a_truncated_gz_is_not_taken_for_a_short_one(warehouse: Warehouse, tmp_path: Path) -> None:
    packed = gzip.compress(lines(*[JSON_ROW] * 1000))
    write(tmp_path / "gcp/date=2026-09-03/000.json.gz", packed[: len(packed) // 2])

    with pytest.raises(UnreadableExport, match=r"000\.json\.gz is truncated, damaged or not what its name says: Compressed file ended"):
        land(warehouse, tmp_path / "gcp")


def test_json_of_another_table_is_told_what_it_lacks(warehouse: Warehouse, tmp_path: Path) -> None:
    row = {name: value for name, value in JSON_ROW.items() if name not in ("currency", "invoice")}
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(row))

    with pytest.raises(MissingColumn, match=r"000\.json lacks the required columns invoice\.month, currency\. Export the table whole"):
        land(warehouse, tmp_path / "gcp")


def test_a_text_in_the_cost_column_of_one_parquet_of_many_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "gcp/date=2026-09-03/000.parquet", parquet([gcp_row()]))
    write(tmp_path / "gcp/date=2026-09-03/001.parquet", parquet([gcp_row() | {"cost": "n/a"}]))

    with pytest.raises(UnreadableExport, match=r"001\.parquet: column cost holds 'n/a', which is not a number\. Deliver the file again"):
        land(warehouse, tmp_path / "gcp")

    assert warehouse.query("SELECT * FROM meta.loads").is_empty()


def test_an_empty_shard_is_legal(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(JSON_ROW))
    write(tmp_path / "gcp/date=2026-09-03/001.json", b"")
    schema = pq.read_schema(BytesIO(parquet([gcp_row()])))
    write(tmp_path / "gcp/date=2026-09-03/002.parquet", parquet([], schema))

    assert land(warehouse, tmp_path / "gcp").row_count == 1


def test_months_and_days_in_folder_names_are_periods_of_their_own(warehouse: Warehouse, tmp_path: Path) -> None:
    for folder in ("2026-08", "month=2026-09/us", "2026-10", "2026-09-15"):
        write(tmp_path / f"gcp/{folder}/000.parquet", parquet([gcp_row()]))

    assert land(warehouse, tmp_path / "gcp").periods == ("2026-08", "2026-09", "2026-09-15")


def test_shards_without_dates_are_one_delivery_that_is_replaced_whole(warehouse: Warehouse, tmp_path: Path) -> None:
    for shard, cost in enumerate((1.0, 2.0)):
        write(tmp_path / f"gcp/export-{shard:012}.parquet", parquet([gcp_row(cost=cost, credit=0.0)]))
    assert land(warehouse, tmp_path / "gcp").totals == usd("3")
    write(tmp_path / "gcp/export-000000000000.parquet", parquet([gcp_row(cost=2.0, credit=0.0), gcp_row(cost=4.0, credit=0.0)]))
    write(tmp_path / "gcp/export-000000000001.parquet", parquet([gcp_row(cost=1.0, credit=0.0)]))

    summary = land(warehouse, tmp_path / "gcp")

    assert (summary.periods, summary.totals) == (("undated",), usd("7"))


def test_a_copy_of_a_json_folder_is_no_change(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(JSON_ROW))
    land(warehouse, tmp_path / "gcp")
    shutil.copytree(tmp_path / "gcp", tmp_path / "copy", copy_function=shutil.copyfile)

    assert land(warehouse, tmp_path / "copy").changed_periods == ()


def test_s3_gives_the_same_as_a_folder(warehouse: Warehouse, tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(JSON_ROW))
    local = land(Warehouse(Home(tmp_path / "local")), tmp_path / "gcp")

    assert land(warehouse, upload(tmp_path / "gcp", "billing", "gcp")) == local


def test_a_folder_without_exports_is_told_what_was_looked_for(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "gcp/README.md", b"nothing yet")

    with pytest.raises(MissingExport, match=r"No file was found at .*date=YYYY-MM-DD/\*\.parquet \(or \.json, \.json\.gz\)"):
        land(warehouse, tmp_path / "gcp")


FOCUS_ROW: dict[str, Any] = {
    "BillingAccountId": "01D3M0-C0575E-15E7E5",
    "BillingCurrency": "USD",
    "BillingPeriodStart": "2026-09-01 00:00:00 UTC",
    "ChargeCategory": "Usage",
    "ChargePeriodStart": "2026-09-03 07:00:00 UTC",
    "ProviderName": "Google Cloud",
    "ServiceName": "Compute Engine",
    "BilledCost": "1.25",
    "EffectiveCost": "1.25",
    "x_ExportTime": "2026-09-03 12:00:00 UTC",
    "x_Labels": [{"key": "team", "value": "vision"}],
    "SubAccountId": "000123",
}


@pytest.mark.parametrize("name", ["000.json", "000.parquet"])
def test_files_with_focus_columns_lie_under_focus(tmp_path: Path, name: str) -> None:
    content = lines(FOCUS_ROW) if name.endswith("json") else parquet([FOCUS_ROW])
    write(tmp_path / f"gcp/date=2026-09-03/{name}", content)
    source = bill(tmp_path / "gcp")
    (delivery,) = source.deliveries(date(2026, 10, 1))
    (tmp_path / "landing").mkdir()

    source.write(delivery, tmp_path / "landing")

    assert source.source_type == "focus"
    (file,) = (tmp_path / "landing").iterdir()
    row = pl.read_parquet(file).row(0, named=True)
    assert (row["SubAccountId"], row["x_Labels"]) == ("000123", [{"key": "team", "value": "vision"}])


def test_a_shard_that_is_replaced_while_it_is_read_is_not_loaded(tmp_path: Path) -> None:
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(JSON_ROW))
    source = bill(tmp_path / "gcp")
    (delivery,) = source.deliveries(date(2026, 10, 1))
    write(tmp_path / "gcp/date=2026-09-03/000.json", lines(JSON_ROW, JSON_ROW))
    (tmp_path / "landing").mkdir()

    with pytest.raises(IncompleteExport, match=r"of 2026-09-03 was replaced while it was read; run again"):
        source.write(delivery, tmp_path / "landing")
