"""Small hand-made deliveries, laid out as the providers lay theirs out. No test is here."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

Rows = Sequence[Mapping[str, Any]]


def cur_row(cost: str = "1.5", **changes: object) -> dict[str, Any]:
    """One line item with the required columns and nothing else."""
    return {
        "bill_payer_account_id": "100000000001",
        "bill_billing_period_start_date": datetime(2026, 9, 1),  # noqa: DTZ001 CUR timestamps carry no zone
        "line_item_usage_account_id": "100000000002",
        "line_item_line_item_type": "Usage",
        "line_item_usage_start_date": datetime(2026, 9, 3, 7),  # noqa: DTZ001 as above
        "line_item_product_code": "AmazonEC2",
        "line_item_usage_type": "BoxUsage:m5.large",
        "line_item_currency_code": "USD",
        "line_item_unblended_cost": float(cost),
    } | changes


CUR_CSV_HEADER = ",".join(cur_row())


def cur_csv_row(cost: str) -> str:
    """The same line item as CSV delivers it."""
    start, usage = "2026-09-01T00:00:00.000Z", "2026-09-03T07:00:00.000Z"
    return f"100000000001,{start},100000000002,Usage,{usage},AmazonEC2,BoxUsage:m5.large,USD,{cost}"


def cur_csv(*costs: str) -> bytes:
    """One CSV part with a line item for each cost."""
    return "\n".join([CUR_CSV_HEADER, *(cur_csv_row(cost) for cost in costs), ""]).encode()


def gcp_row(cost: float = 2.0, credit: float = -0.5, **changes: object) -> dict[str, Any]:
    """One row of the detailed export with the required columns and nothing else."""
    return {
        "billing_account_id": "01D3M0-C0575E-15E7E5",
        "invoice": {"month": "202609"},
        "cost_type": "regular",
        "usage_start_time": datetime(2026, 9, 3, 7),  # noqa: DTZ001 Parquet without zone, as EXPORT DATA may write it
        "usage_end_time": datetime(2026, 9, 3, 8),  # noqa: DTZ001 as above
        "export_time": datetime(2026, 9, 3, 12),  # noqa: DTZ001 as above
        "project": {"id": "ml-prod"},
        "currency": "USD",
        "cost": cost,
        "credits": [{"type": "PROMOTION", "amount": credit}],
    } | changes


def parquet(rows: Rows, schema: pa.Schema | None = None) -> bytes:
    """Rows as one Parquet file."""
    buffer = BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows), schema=schema), buffer)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> Path:
    """Write one file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def deliver_cur_month(export: Path, period: str, parts: Mapping[str, bytes], execution_id: str = "execution-1") -> None:
    """Deliver one month in overwrite mode: parts, and a manifest that names them by the bucket they were first written to."""
    for name, content in parts.items():
        write(export / f"data/BILLING_PERIOD={period}/{name}", content)
    write_cur_manifest(export, period, tuple(parts), execution_id)


def write_cur_manifest(export: Path, period: str, names: Sequence[str], execution_id: str = "execution-1") -> None:
    """Write the manifest of a month; names may lead into a refresh folder."""
    uris = [f"s3://delivery-bucket/cur/costs/data/BILLING_PERIOD={period}/{name}" for name in names]
    manifest = {"executionId": execution_id, "exportArn": "arn:aws:bcm-data-exports:::export/costs", "columns": [], "dataFiles": uris}
    write(export / f"metadata/BILLING_PERIOD={period}/costs-Manifest.json", json.dumps(manifest).encode())


def upload(folder: Path, bucket: str, prefix: str) -> str:
    """Copy a folder into a new bucket and return its s3:// location."""
    client = boto3.client("s3")
    client.create_bucket(Bucket=bucket)
    for path in folder.rglob("*"):
        if path.is_file():
            client.put_object(Bucket=bucket, Key=f"{prefix}/{path.relative_to(folder).as_posix()}", Body=path.read_bytes())
    return f"s3://{bucket}/{prefix}"


def usd(amount: str) -> dict[str, Decimal]:
    """A total in one currency, as summaries state it."""
    return {"USD": Decimal(amount)}
