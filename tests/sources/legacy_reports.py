"""Legacy Cost and Usage Reports, laid out as AWS lays them out. No test is here."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.sources.exports import parquet, write

SAMPLE = Path(__file__).parent / "data/aws-cur-legacy/legacy-sample-1.csv.gz"
RANGE = "20260901-20261001"

_ROW = {
    "identity/LineItemId": "line-1",
    "identity/TimeInterval": "2026-09-03T07:00:00Z/2026-09-03T08:00:00Z",
    "bill/PayerAccountId": "000000000001",
    "bill/BillingPeriodStartDate": "2026-09-01T00:00:00.000Z",
    "lineItem/UsageAccountId": "000000000002",
    "lineItem/LineItemType": "Usage",
    "lineItem/UsageStartDate": "2026-09-03T07:00:00Z",
    "lineItem/UsageEndDate": "2026-09-03T08:00:00Z",
    "lineItem/ProductCode": "AmazonEC2",
    "lineItem/UsageType": "BoxUsage:m5.large",
    "lineItem/CurrencyCode": "USD",
    "lineItem/UnblendedCost": "1.5",
}


def legacy_csv(*rows: Mapping[str, str]) -> bytes:
    """A CSV part with the required columns and those that the rows name; every value is quoted."""
    filled = [_ROW | dict(row) for row in rows]
    header = list(dict.fromkeys(name for row in [_ROW, *filled] for name in row))
    return "\n".join([_line(header), *(_line([row.get(name, "") for name in header]) for row in filled), ""]).encode()


def _line(values: Sequence[str]) -> str:
    return ",".join('"' + value.replace('"', '""') + '"' for value in values)


def cost(amount: str) -> dict[str, str]:
    """The columns of a row that differ only in cost."""
    return {"lineItem/UnblendedCost": amount}


def write_manifest(path: Path, keys: Sequence[str], assembly_id: str = "assembly-1") -> None:
    """Write a manifest as AWS does: keys of the bucket, and columns that are of no use."""
    content: dict[str, Any] = {
        "assemblyId": assembly_id,
        "account": "000000000001",
        "columns": [{"category": "lineItem", "name": "UnblendedCost", "type": "BigDecimal"}],
        "charset": "UTF-8",
        "compression": "GZIP",
        "contentType": "text/csv",
        "reportName": "costs",
        "billingPeriod": {"start": "20260901T000000.000Z", "end": "20261001T000000.000Z"},
        "bucket": "delivery-bucket",
        "reportKeys": list(keys),
        "additionalArtifactKeys": [],
    }
    write(path, json.dumps(content).encode())


def overwrite(report: Path, parts: Mapping[str, bytes], assembly_id: str = "assembly-1", month: str = RANGE) -> None:
    """Deliver one refresh in overwrite mode."""
    for name, content in parts.items():
        write(report / month / name, content)
    write_manifest(report / month / "costs-Manifest.json", [f"cur/costs/{month}/{name}" for name in parts], assembly_id)


def create_new(report: Path, parts: Mapping[str, bytes], assembly_id: str) -> None:
    """Deliver one refresh in create-new mode: a folder of its own, and the pointer that names it."""
    for name, content in parts.items():
        write(report / RANGE / assembly_id / name, content)
    keys = [f"cur/costs/{RANGE}/{assembly_id}/{name}" for name in parts]
    write_manifest(report / RANGE / assembly_id / "costs-Manifest.json", keys, assembly_id)
    write_manifest(report / RANGE / "costs-Manifest.json", keys, assembly_id)


def athena(report: Path, content: bytes, month: str = "month=9", status: str = "READY") -> None:
    """Deliver one refresh for Athena: Parquet by year and month, its status, and manifests in both places."""
    write(report / f"costs/year=2026/{month}/costs-00001.snappy.parquet", content)
    keys = [f"cur/costs/costs/year=2026/{month}/costs-00001.snappy.parquet"]
    write_manifest(report / RANGE / "costs-Manifest.json", keys)
    write_manifest(report / f"costs/year=2026/{month}/costs-Manifest.json", keys)
    write(report / RANGE / "costs-create-table.sql", b"CREATE EXTERNAL TABLE")
    write(report / "cost_and_usage_data_status/status.snappy.parquet", parquet([{"status": status}], pa.schema({"status": pa.string()})))
