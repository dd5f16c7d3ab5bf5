"""Bad input ends in a message with file and reason, and leaves what was loaded, of this source and of others, as it was."""

import gzip
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from costsieve.errors import IncompleteExport, MissingColumn, MissingExport, SourceError, UnreadableExport
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_csv, cur_row, deliver_cur_month, parquet, write, write_cur_manifest


def land(warehouse: Warehouse, export: Path, name: str = "org-bill") -> None:
    source = AwsCur(AwsCurSource(name=name, type="aws_cur", location=str(export)))
    load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def _delivered(export: Path) -> None:
    deliver_cur_month(export, "2026-08", {"costs-00001.snappy.parquet": parquet([cur_row("1")])})


def _missing_manifests(export: Path) -> None:
    shutil.rmtree(export / "metadata")


def _manifest_names_a_missing_file(export: Path) -> None:
    write_cur_manifest(export, "2026-09", ["costs-00007.snappy.parquet"])


def _truncated_parquet(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.snappy.parquet": parquet([cur_row()])[:200]})


def _truncated_gz(export: Path) -> None:
    packed = gzip.compress(cur_csv(*map(str, range(1000))))
    deliver_cur_month(export, "2026-09", {"costs-00001.csv.gz": packed[: len(packed) // 2]})


def _damaged_gz(export: Path) -> None:
    packed = bytearray(gzip.compress(cur_csv(*map(str, range(1000)))))
    packed[-6] ^= 0xFF
    deliver_cur_month(export, "2026-09", {"costs-00001.csv.gz": bytes(packed)})


def _page_called_parquet(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.snappy.parquet": b"<html>Access denied</html>"})


def _page_called_gz(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.csv.gz": b"<html>Access denied</html>"})


def _parquet_called_csv(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.csv": parquet([cur_row()])})


def _page_called_zip(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.zip": b"<html>Access denied</html>"})


def _text_for_a_cost(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.csv": cur_csv("about twelve")})


def _unknown_format(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.orc": b"ORC"})


def _missing_column(export: Path) -> None:
    row = cur_row()
    del row["line_item_currency_code"]
    deliver_cur_month(export, "2026-09", {"costs-00001.snappy.parquet": parquet([row])})


def _missing_csv_column(export: Path) -> None:
    deliver_cur_month(export, "2026-09", {"costs-00001.csv.gz": gzip.compress(cur_csv("1").replace(b"currency_code", b"money"))})


def _manifest_is_no_json(export: Path) -> None:
    write(export / "metadata/BILLING_PERIOD=2026-09/costs-Manifest.json", b"<html>")


def _manifest_of_another_report(export: Path) -> None:
    write(export / "metadata/BILLING_PERIOD=2026-09/costs-Manifest.json", b'{"executionId": "e", "dataFiles": ["s3://b/20260901/x.csv"]}')


PART = r"2026-09/costs-00001"


@pytest.mark.parametrize(
    ("damage", "error", "message"),
    [
        (_missing_manifests, MissingExport, r"No manifest was found at .*/metadata/BILLING_PERIOD=YYYY-MM.*24 hours"),
        (
            _manifest_names_a_missing_file,
            IncompleteExport,
            r"2026-09/costs-00007\.snappy\.parquet is missing although .*costs-Manifest\.json",
        ),
        (_truncated_parquet, UnreadableExport, PART + r"\.snappy\.parquet is a truncated Parquet file: 200 bytes were delivered"),
        (_truncated_gz, UnreadableExport, PART + r"\.csv\.gz is truncated, damaged or not .*: Compressed file ended before"),
        (_damaged_gz, UnreadableExport, PART + r"\.csv\.gz is truncated, damaged or not .*: CRC check failed"),
        (_page_called_parquet, UnreadableExport, PART + r"\.snappy\.parquet is not a Parquet file: it begins with b'<html>Access den'"),
        (_page_called_gz, UnreadableExport, PART + r"\.csv\.gz is truncated, damaged or not what its name says: Not a gzipped file"),
        (_parquet_called_csv, UnreadableExport, PART + r"\.csv is truncated, damaged or not what its name says"),
        (_page_called_zip, UnreadableExport, PART + r"\.zip is truncated, damaged or not what its name says: File is not a zip file"),
        (_text_for_a_cost, UnreadableExport, PART + r"\.csv is truncated, damaged or not .*: .*about twelve"),
        (_unknown_format, UnreadableExport, PART + r"\.orc is neither Parquet nor CSV"),
        (_missing_column, MissingColumn, PART + r"\.snappy\.parquet lacks the required column line_item_currency_code\. The SQL of"),
        (_missing_csv_column, MissingColumn, PART + r"\.csv\.gz lacks the required column line_item_currency_code\."),
        (_manifest_is_no_json, UnreadableExport, r"2026-09/costs-Manifest\.json is not the manifest of a data export: Invalid JSON"),
        (_manifest_of_another_report, UnreadableExport, r"costs-Manifest\.json names s3://b/20260901/x\.csv, which is not below data/"),
    ],
)
def test_bad_input_is_named_with_file_and_reason_and_changes_nothing(
    warehouse: Warehouse, tmp_path: Path, damage: Callable[[Path], None], error: type[SourceError], message: str
) -> None:
    export = tmp_path / "export"
    _delivered(export)
    land(warehouse, export, "other-bill")
    land(warehouse, export)
    before = _recorded(warehouse)
    damage(export)

    with pytest.raises(error, match=message):
        land(warehouse, export)

    assert _recorded(warehouse) == before


def _recorded(warehouse: Warehouse) -> list[object]:
    """Everything that a failed landing could have changed."""
    tables = [warehouse.query(f"SELECT * FROM meta.{table} ORDER BY ALL").rows() for table in ("loads", "load_totals")]
    files = sorted((path, path.read_bytes()) for path in warehouse.home.lake.rglob("*") if path.is_file())
    return [*tables, files]
