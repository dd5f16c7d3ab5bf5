"""CUR 2.0 through its manifests: both write modes, both formats, from a folder and from S3. Damaged deliveries: test_bad_input."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from costsieve.errors import IncompleteExport, MissingExport, UnreadableExport
from costsieve.home import Home
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import (
    CUR_CSV_HEADER,
    cur_csv,
    cur_csv_row,
    cur_row,
    deliver_cur_month,
    parquet,
    upload,
    usd,
    write,
    write_cur_manifest,
)

SAMPLE = Path(__file__).parents[1] / "data/aws-cur2"


def source_at(location: Path | str) -> AwsCur:
    return AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(location)))


def land(warehouse: Warehouse, location: Path | str, as_of: date = date(2026, 10, 1)) -> LoadSummary:
    return load_source(warehouse, source_at(location), as_of, datetime(2026, 10, 1, 3, tzinfo=UTC))


def landed_files(warehouse: Warehouse) -> list[Path]:
    return sorted(warehouse.home.lake.rglob("*.parquet"))


def lay_out_sample(export: Path) -> Path:
    """The real export as it was delivered: the manifest's own refresh folder, and the file under the manifest's own name."""
    manifest = json.loads((SAMPLE / "anon-cur2-Manifest.json").read_text())
    below = manifest["dataFiles"][0].split("/data/")[1]
    write(export / "data" / below, (SAMPLE / "anon-cur2-daily-00001.csv.gz").read_bytes())
    write(export / "metadata/BILLING_PERIOD=2026-04/ha-project-CUR-daily-1-Manifest.json", json.dumps(manifest).encode())
    return export


def test_parquet_is_copied_byte_for_byte(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = parquet([cur_row("1.5")]), parquet([cur_row("2")])
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": first, "costs-00002.snappy.parquet": second})

    summary = land(warehouse, tmp_path / "export")

    assert [path.read_bytes() for path in landed_files(warehouse)] == [first, second]
    assert summary.totals == usd("3.5")


def test_the_version_is_the_execution_id(tmp_path: Path) -> None:
    deliver_cur_month(tmp_path, "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row()])}, execution_id="04e9e487")

    assert [(delivery.period, delivery.version) for delivery in source_at(tmp_path).deliveries(date(2026, 10, 1))] == [
        ("2026-09", "04e9e487")
    ]


def test_months_that_begin_on_or_after_the_night_are_not_offered(tmp_path: Path) -> None:
    for period in ("2026-08", "2026-09", "2026-10"):
        deliver_cur_month(tmp_path, period, {"costs-00001.snappy.parquet": parquet([cur_row()])})

    assert [delivery.period for delivery in source_at(tmp_path).deliveries(date(2026, 10, 1))] == ["2026-08", "2026-09"]


def test_files_that_the_manifest_does_not_name_are_not_counted(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row("1")])})
    write(tmp_path / "export/data/BILLING_PERIOD=2026-09/costs-00002.snappy.parquet", parquet([cur_row("100")]))

    assert land(warehouse, tmp_path / "export").totals == usd("1")


def test_in_create_new_mode_only_the_newest_refresh_counts(warehouse: Warehouse, tmp_path: Path) -> None:
    export, month = tmp_path / "export", "2026-09"
    for refresh, cost in (("2026-09-20T01:00:00.000Z-aaa", "1"), ("2026-09-21T01:00:00.000Z-bbb", "2")):
        deliver_cur_month(export, month, {f"{refresh}/costs-00001.snappy.parquet": parquet([cur_row(cost)])}, execution_id=refresh[-3:])
        pointer = export / f"metadata/BILLING_PERIOD={month}/costs-Manifest.json"
        write(export / f"metadata/BILLING_PERIOD={month}/{refresh}/costs-Manifest.json", pointer.read_bytes())

    assert land(warehouse, export).totals == usd("2")


def test_without_the_pointer_the_newest_refresh_folder_counts(warehouse: Warehouse, tmp_path: Path) -> None:
    export, month = tmp_path / "export", "2026-09"
    for refresh, cost in (("2026-09-21T01:00:00.000Z-bbb", "2"), ("2026-09-20T01:00:00.000Z-aaa", "1")):
        deliver_cur_month(export, month, {f"{refresh}/costs-00001.snappy.parquet": parquet([cur_row(cost)])}, execution_id=refresh[-3:])
        pointer = export / f"metadata/BILLING_PERIOD={month}/costs-Manifest.json"
        write(export / f"metadata/BILLING_PERIOD={month}/{refresh}/costs-Manifest.json", pointer.read_bytes())
        pointer.unlink()

    assert land(warehouse, export).totals == usd("2")


def test_a_month_that_has_data_but_no_manifest_yet_is_no_delivery(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-08", {"costs-00001.snappy.parquet": parquet([cur_row("1")])})
    write(tmp_path / "export/data/BILLING_PERIOD=2026-09/costs-00001.snappy.parquet", parquet([cur_row("2")]))

    assert land(warehouse, tmp_path / "export").periods == ("2026-08",)


@pytest.mark.parametrize(
    "parts",
    [
        {"costs-00001.snappy.parquet": b""},
        {"costs-00001.snappy.parquet": parquet([cur_row()][:0])},
        {"costs-00001.csv.gz": b""},
        {"costs-00001.csv.gz": gzip.compress(b"")},
        {"costs-00001.csv.gz": gzip.compress(cur_csv())},
        {"costs-00001.csv": b""},
    ],
    ids=["0-byte Parquet", "Parquet without rows", "0-byte gz", "gz of nothing", "header only", "0-byte csv"],
)
def test_an_empty_month_is_a_load_without_rows(warehouse: Warehouse, tmp_path: Path, parts: dict[str, bytes]) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", parts)

    summary = land(warehouse, tmp_path / "export")

    assert (summary.changed_periods, summary.row_count, summary.file_count, summary.totals) == (("2026-09",), 0, 0, {})
    assert land(warehouse, tmp_path / "export").changed_periods == ()


def test_surplus_parts_that_were_emptied_do_no_harm(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.csv.gz": gzip.compress(cur_csv("1.5")), "costs-00002.csv.gz": b""})

    assert land(warehouse, tmp_path / "export").totals == usd("1.5")


def _zip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("costs-00001.csv", content)
    return buffer.getvalue()


@pytest.mark.parametrize(("ending", "packed"), [("csv.gz", gzip.compress), ("zip", _zip), ("csv", bytes)])
def test_csv_is_converted_with_money_exact_to_the_last_digit(
    warehouse: Warehouse, tmp_path: Path, ending: str, packed: Callable[[bytes], bytes]
) -> None:
    content = cur_csv("123456789012345.123456789012", "-0.000000000001", "9.68E-8")
    deliver_cur_month(tmp_path / "export", "2026-09", {f"costs-00001.{ending}": packed(content)})

    summary = land(warehouse, tmp_path / "export")

    assert summary.totals == usd("123456789012345.123456885811")


def test_csv_columns_get_their_declared_types_and_blanks_are_nulls(warehouse: Warehouse, tmp_path: Path) -> None:
    header = f"{CUR_CSV_HEADER},resource_tags,line_item_resource_id,product"
    tagged = cur_csv_row("1") + ',"{""user_team"":""vision, ""}",i-0abc,"{""region"":""us-east-1""}"'
    untagged = cur_csv_row("1") + ',{},"",'
    content = f"{header}\n{tagged}\n{untagged}\n".encode()
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.csv.gz": gzip.compress(content)})

    land(warehouse, tmp_path / "export")

    (file,) = landed_files(warehouse)
    with duckdb.connect() as connection:
        landed = connection.read_parquet(str(file))
        assert dict(zip(landed.columns, map(str, landed.types), strict=True))["line_item_usage_start_date"] == "TIMESTAMP"
        rows = landed.select("resource_tags", "line_item_resource_id", "product").order("line_item_resource_id NULLS LAST").fetchall()
    assert rows == [({"user_team": "vision, "}, "i-0abc", {"region": "us-east-1"}), ({}, None, None)]


def test_a_real_export_agrees_with_its_published_totals(warehouse: Warehouse, tmp_path: Path) -> None:
    summary = land(warehouse, lay_out_sample(tmp_path / "export"), as_of=date(2026, 5, 1))

    totals = warehouse.query("SELECT charge_type, SUM(row_count), SUM(billed_cost) FROM meta.load_totals GROUP BY ALL ORDER BY ALL").rows()
    assert totals == [("Credit", 358, Decimal("-47.6816938998")), ("Tax", 13, Decimal(0)), ("Usage", 1511, Decimal("47.6816938322"))]
    assert [round(cost, 6) for _, _, cost in totals] == [Decimal("-47.681694"), Decimal(0), Decimal("47.681694")]
    assert summary.row_count == 1882


def test_s3_gives_the_same_result_as_a_folder(tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    export = lay_out_sample(tmp_path / "export")
    deliver_cur_month(export, "2026-03", {"costs-00001.snappy.parquet": parquet([cur_row("2.5")])})
    local, remote = Warehouse(Home(tmp_path / "local")), Warehouse(Home(tmp_path / "remote"))
    land(local, export, as_of=date(2026, 5, 1))

    land(remote, upload(export, "bills", "cur/costs"), as_of=date(2026, 5, 1))

    for table in ("meta.loads", "meta.load_totals"):
        assert remote.query(f"SELECT * FROM {table} ORDER BY ALL").equals(local.query(f"SELECT * FROM {table} ORDER BY ALL"))
    assert landed_files(remote)[0].read_bytes() == landed_files(local)[0].read_bytes()


def test_a_bucket_that_does_not_exist_is_named(tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    with pytest.raises(MissingExport, match="bucket no-such-bucket does not exist"):
        land(Warehouse(Home(tmp_path)), "s3://no-such-bucket/cur/costs")


def test_a_location_without_metadata_is_told_how_the_layout_should_look(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "export/costs.csv", b"a,b\n")

    with pytest.raises(MissingExport) as raised:
        land(warehouse, tmp_path / "export")

    assert str(raised.value) == (
        f"No manifest was found at {tmp_path}/export/metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json or {tmp_path}/export/YYYYMMDD-YYYYMMDD/"
        "*-Manifest.json. A data export (CUR 2.0 or FOCUS) has metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json and "
        "data/BILLING_PERIOD=YYYY-MM/ below its `location`, a legacy Cost and Usage Report YYYYMMDD-YYYYMMDD/*-Manifest.json. The first "
        "delivery can take 24 hours after the export was created in Billing and Cost Management > Data Exports."
    )


def test_a_manifest_that_leads_out_of_the_location_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    write(tmp_path / "secret.parquet", parquet([cur_row("9")]))
    write_cur_manifest(tmp_path / "export", "2026-09", ["../../../secret.parquet"])

    with pytest.raises(UnreadableExport, match=r"names .*/\.\./\.\./\.\./secret\.parquet, which is not below data/BILLING_PERIOD"):
        land(warehouse, tmp_path / "export")


def test_a_manifest_without_the_exports_name_is_read(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row("1.5")])})
    folder = tmp_path / "export/metadata/BILLING_PERIOD=2026-09"
    (folder / "costs-Manifest.json").rename(folder / "Manifest.json")

    assert land(warehouse, tmp_path / "export").totals == usd("1.5")


def test_a_manifest_that_lists_other_columns_and_output_files_is_believed_in_its_data_files_only(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row("1.5")])})
    manifest = tmp_path / "export/metadata/BILLING_PERIOD=2026-09/costs-Manifest.json"
    columns = [{"name": "line_item_unblended_cost", "type": "string"}, {"name": "line_item_not_there", "type": "double"}]
    more = {"columns": columns, "additionalOutputFiles": ["s3://delivery-bucket/cur/costs/data/BILLING_PERIOD=2026-09/create-table.sql"]}
    write(manifest, json.dumps(json.loads(manifest.read_text()) | more).encode())

    assert land(warehouse, tmp_path / "export").totals == usd("1.5")


def test_a_month_whose_manifest_names_no_file_keeps_what_was_loaded_before(warehouse: Warehouse, tmp_path: Path) -> None:
    for period in ("2026-08", "2026-09"):
        deliver_cur_month(tmp_path / "export", period, {"costs-00001.snappy.parquet": parquet([cur_row("1")])})
    land(warehouse, tmp_path / "export")
    write_cur_manifest(tmp_path / "export", "2026-09", [], execution_id="execution-2")

    summary = land(warehouse, tmp_path / "export")

    assert (summary.changed_periods, summary.totals) == ((), usd("2"))


def test_columns_may_come_in_any_order_and_number(warehouse: Warehouse, tmp_path: Path) -> None:
    first, second = cur_row("1", line_item_operation="RunInstances"), dict(reversed(cur_row("2", my_own_alias="x").items()))
    parts = {"costs-00001.snappy.parquet": parquet([first]), "costs-00002.snappy.parquet": parquet([second])}
    deliver_cur_month(tmp_path / "export", "2026-09", parts)

    assert land(warehouse, tmp_path / "export").totals == usd("3")
    assert [pq.read_schema(path).names[-1] for path in landed_files(warehouse)] == ["line_item_operation", "bill_payer_account_id"]


def test_a_refresh_that_arrives_while_a_month_is_read_is_no_load(tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row("1")])})
    source = source_at(tmp_path / "export")
    (delivery,) = source.deliveries(date(2026, 10, 1))
    write_cur_manifest(tmp_path / "export", "2026-09", ["costs-00001.snappy.parquet"], execution_id="execution-2")

    with pytest.raises(IncompleteExport, match=r"costs-Manifest\.json was replaced while it was read; run again"):
        source.write(delivery, tmp_path)
