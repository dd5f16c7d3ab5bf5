"""Columns that drift between files: united by name under declared types; a wrong type is named with its file and column."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from costsieve.core.raw_views import create_raw_views
from costsieve.errors import MissingColumn, UnreadableExport
from costsieve.settings import Allocation
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_csv, cur_row, deliver_cur_month, parquet


def land(warehouse: Warehouse, export: Path) -> None:
    source = AwsCur(AwsCurSource(name="org-bill", type="aws_cur", location=str(export)))
    load_source(warehouse, source, date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


def raw(warehouse: Warehouse, select: str) -> list[Any]:
    with warehouse.connect() as connection:
        create_raw_views(connection, warehouse.home, Allocation())
        return connection.execute(f"{select} FROM raw.aws_cur ORDER BY ALL").fetchall()


def test_columns_that_come_and_go_are_null_where_they_are_missing(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-08", {"a.parquet": parquet([cur_row("1", line_item_operation="RunInstances")])})
    parts = {"a.parquet": parquet([cur_row("2")]), "b.parquet": parquet([cur_row("3", pricing_unit="Hrs")])}
    deliver_cur_month(tmp_path / "export", "2026-09", parts)
    land(warehouse, tmp_path / "export")

    assert raw(warehouse, "SELECT line_item_unblended_cost, line_item_operation, pricing_unit") == [
        (Decimal(1), "RunInstances", None),
        (Decimal(2), None, None),
        (Decimal(3), None, "Hrs"),
    ]


def test_a_column_that_is_all_null_in_one_month_has_its_declared_type(warehouse: Warehouse, tmp_path: Path) -> None:
    for period, net in (("2026-08", pa.array([None], pa.string())), ("2026-09", pa.array([0.09], pa.float64()))):
        table = pa.Table.from_pylist([cur_row("1")]).append_column("line_item_net_unblended_cost", net)
        deliver_cur_month(tmp_path / "export", period, {"a.parquet": parquet(table.to_pylist(), table.schema)})
    land(warehouse, tmp_path / "export")

    assert raw(warehouse, "SELECT line_item_net_unblended_cost") == [(Decimal("0.09"),), (None,)]


def test_amounts_of_csv_lose_no_digit_beside_a_month_of_parquet(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-08", {"a.parquet": parquet([cur_row("0.5")])})
    deliver_cur_month(tmp_path / "export", "2026-09", {"a.csv": cur_csv("12345678901.123456789012")})
    land(warehouse, tmp_path / "export")

    assert raw(warehouse, "SELECT line_item_unblended_cost") == [(Decimal("0.5"),), (Decimal("12345678901.123456789012"),)]


def test_unknown_columns_stay_in_the_lake(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "export", "2026-09", {"a.parquet": parquet([cur_row("1", something_new=7)])})
    land(warehouse, tmp_path / "export")

    [file] = warehouse.home.lake.rglob("*.parquet")
    assert warehouse.query(f"SELECT something_new FROM read_parquet('{file}')").rows() == [(7,)]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"line_item_unblended_cost": True}, "line_item_unblended_cost holds bool instead of a number"),
        ({"line_item_unblended_cost": "about twelve"}, "line_item_unblended_cost holds 'about twelve', which is not a number"),
        ({"line_item_usage_start_date": 20260903}, "line_item_usage_start_date holds int64 instead of a time"),
        ({"line_item_usage_start_date": "yesterday"}, "line_item_usage_start_date holds 'yesterday', which is not a time"),
        ({"bill_payer_account_id": 1}, "bill_payer_account_id holds int64 instead of text, so leading zeros of account ids are lost"),
        ({"resource_tags": 5}, "resource_tags holds int64 instead of a map"),
        ({"tags": "{oops"}, r"tags holds '\{oops', which is not a map"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_type_in_one_file_of_many_is_named(warehouse: Warehouse, tmp_path: Path, changes: dict[str, Any], problem: str) -> None:
    parts = {f"part-{number}.parquet": parquet([cur_row("1")]) for number in range(3)}
    parts["part-1.parquet"] = parquet([cur_row("1") | changes])
    deliver_cur_month(tmp_path / "export", "2026-09", parts)

    with pytest.raises(UnreadableExport, match=rf"part-1\.parquet: column {problem}\. Deliver the file again; nothing of this delivery"):
        land(warehouse, tmp_path / "export")

    assert warehouse.query("SELECT * FROM meta.loads").is_empty()


@pytest.mark.parametrize("missing", ["line_item_usage_start_date", "line_item_unblended_cost", "bill_payer_account_id"])
def test_a_required_column_that_the_export_does_not_select_is_named(warehouse: Warehouse, tmp_path: Path, missing: str) -> None:
    row = cur_row("1")
    del row[missing]
    deliver_cur_month(tmp_path / "export", "2026-09", {"a.parquet": parquet([row])})

    with pytest.raises(MissingColumn, match=f"lacks the required column {missing}. The SQL of the data export must select it"):
        land(warehouse, tmp_path / "export")
