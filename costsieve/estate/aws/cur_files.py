"""Line items -> a CUR 2.0 export as Data Exports delivers it: Parquet and a manifest per billing month, overwrite mode."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from costsieve.estate.aws.cur_arrays import SCHEMA, Column, month_columns
from costsieve.estate.aws.cur_columns import CUR_COLUMNS
from costsieve.estate.aws.fleet import PAYER_NAME, account_id, digest
from costsieve.estate.aws.line_items import LineItems, Texts, months_of
from costsieve.estate.plan import EstatePlan

EXPORT = "costs"
BUCKET = "example-billing"
PREFIX = "cur"
ROWS_PER_FILE = 1_000_000
_ROWS_PER_GROUP = 131_072


def write_export(root: Path, lines: LineItems, plan: EstatePlan) -> None:
    """Write every month under ``root``, which stands for s3://example-billing/cur/costs. Rows are shuffled, as in real bills."""
    for number, (month, first, last) in enumerate(months_of(plan)):
        facts = lines.between(first, last).sort("kind", "start").collect()
        shuffled = facts[np.random.default_rng([plan.seed, 2, number]).permutation(len(facts))]
        del facts
        is_final = number < len(months_of(plan)) - 1
        kinds = [_identified(kind, index, month, plan, is_final=is_final) for index, kind in enumerate(lines.kinds)]
        partition = f"BILLING_PERIOD={month:%Y-%m}"
        names = list(_write_data(root / "data" / partition, shuffled, month_columns(kinds, month, plan)))
        _write_manifest(root / "metadata" / partition, [f"data/{partition}/{name}" for name in names], month, plan)


def _identified(kind: Texts, index: int, month: date, plan: EstatePlan, *, is_final: bool) -> Texts:
    invoice = str(int(digest(plan, "invoice", f"{month}", str(kind["bill_payer_account_id"]))[:9], 16)) if is_final else ""
    return {**kind, "identity_line_item_id": digest(plan, "line", str(index))[:52], "bill_invoice_id": invoice}


def _write_data(folder: Path, facts: pl.DataFrame, columns: dict[str, Column]) -> Iterator[str]:
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(facts), ROWS_PER_FILE), start=1):
        name = f"{EXPORT}-{number:05d}.snappy.parquet"
        _write_file(folder / name, facts.slice(start, ROWS_PER_FILE), columns)
        yield name


def _write_file(path: Path, facts: pl.DataFrame, columns: dict[str, Column]) -> None:
    with pq.ParquetWriter(path, _stored_schema(), compression="snappy", store_schema=False, write_page_index=False) as writer:
        for start in range(0, len(facts), _ROWS_PER_GROUP):
            group = facts.slice(start, _ROWS_PER_GROUP)
            writer.write_table(pa.Table.from_arrays([make(group) for make in columns.values()], schema=_stored_schema()))


def _stored_schema() -> pa.Schema:
    """Return the schema with texts as dictionaries; the file itself shows plain strings, because the Arrow schema is not stored in it."""
    dictionary = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([field.with_type(dictionary) if field.type == pa.string() else field for field in SCHEMA])


def _write_manifest(folder: Path, files: Sequence[str], month: date, plan: EstatePlan) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    owner = account_id(PAYER_NAME)
    manifest = {
        "executionId": str(UUID(digest(plan, "execution", f"{month}", str(plan.line_items), str(plan.days))[:32])),
        "exportArn": f"arn:aws:bcm-data-exports:us-east-1:{owner}:export/{EXPORT}-{UUID(digest(plan, 'export')[:32])}",
        "columns": [{"name": name, "type": type_} for name, type_ in CUR_COLUMNS.items()],
        "dataFiles": [f"s3://{BUCKET}/{PREFIX}/{EXPORT}/{file}" for file in files],
    }
    (folder / f"{EXPORT}-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
