"""FOCUS exports of AWS share folders and manifests with CUR 2.0: told apart by the manifest's columns, landed as FOCUS."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import UnreadableExport
from costsieve.source_settings import AwsCurSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.landing import LoadSummary, load_source
from costsieve.warehouse import Warehouse
from tests.sources.exports import cur_row, deliver_cur_month, parquet, usd, write

ROW: dict[str, Any] = {
    "BillingAccountId": "000000000001",
    "BillingCurrency": "USD",
    "BillingPeriodStart": datetime(2026, 9, 1),  # noqa: DTZ001 - Parquet of AWS carries no zone
    "ChargeCategory": "Usage",
    "ChargePeriodStart": datetime(2026, 9, 3, 7),  # noqa: DTZ001 - as above
    "ProviderName": "AWS",
    "ServiceName": "Amazon Elastic Compute Cloud",
    "BilledCost": 1.5,
    "SubAccountId": "000000000002",
}


def deliver(export: Path, parts: Mapping[str, bytes], columns: Sequence[str] = tuple(ROW), period: str = "2026-09") -> None:
    """Deliver a month of a FOCUS export, whose manifest lists its columns."""
    deliver_cur_month(export, period, parts)
    manifest = export / f"metadata/BILLING_PERIOD={period}/costs-Manifest.json"
    content = json.loads(manifest.read_text()) | {"columns": [{"name": name, "type": "string"} for name in columns]}
    write(manifest, json.dumps(content).encode())


def source_at(export: Path) -> AwsCur:
    return AwsCur(AwsCurSource(name="focus-bill", type="aws_cur", location=str(export)))


def land(warehouse: Warehouse, export: Path) -> LoadSummary:
    return load_source(warehouse, source_at(export), date(2026, 10, 1), datetime(2026, 10, 1, 3, tzinfo=UTC))


@pytest.mark.parametrize("columns", [tuple(ROW), tuple(name.lower() for name in ROW)], ids=["FOCUS 1.2", "lower case as in Athena"])
def test_parquet_is_kept_byte_for_byte_below_focus(warehouse: Warehouse, tmp_path: Path, columns: tuple[str, ...]) -> None:
    delivered = parquet([dict(zip(columns, ROW.values(), strict=True))])
    deliver(tmp_path / "export", {"a.parquet": delivered}, columns)

    summary = land(warehouse, tmp_path / "export")

    [file] = warehouse.home.lake.rglob("*.parquet")
    assert file.relative_to(warehouse.home.lake).parts[:2] == ("focus", "source=focus-bill")
    assert (file.read_bytes(), summary.totals) == (delivered, usd("1.5"))


def test_csv_is_landed_under_the_types_of_focus(warehouse: Warehouse, tmp_path: Path) -> None:
    rows = [",".join(ROW), ",".join(str(value) for value in ROW.values()), ""]
    deliver(tmp_path / "export", {"a.csv": "\n".join(rows).encode()})

    land(warehouse, tmp_path / "export")

    [file] = warehouse.home.lake.rglob("*.parquet")
    types = f"SELECT typeof(BilledCost), typeof(ChargePeriodStart), BillingAccountId FROM read_parquet('{file}')"
    assert warehouse.query(types).rows() == [("DECIMAL(38,12)", "TIMESTAMP", "000000000001")]


def test_an_export_without_line_item_columns_in_its_manifest_is_focus_only_when_it_has_those_of_focus(tmp_path: Path) -> None:
    deliver(tmp_path / "cur", {"a.parquet": parquet([cur_row()])}, tuple(cur_row()))
    deliver(tmp_path / "focus", {"a.parquet": parquet([ROW])})

    assert (source_at(tmp_path / "cur").source_type, source_at(tmp_path / "focus").source_type) == ("aws_cur", "focus")


def test_a_location_that_turned_from_cur_to_focus_is_refused(warehouse: Warehouse, tmp_path: Path) -> None:
    deliver(tmp_path / "export", {"a.parquet": parquet([cur_row()])}, tuple(cur_row()), "2026-08")
    deliver(tmp_path / "export", {"a.parquet": parquet([ROW])})

    with pytest.raises(UnreadableExport, match=r"holds CUR 2\.0 and FOCUS \(.*2026-08.*2026-09.*\)\. Deliver each export to a folder"):
        land(warehouse, tmp_path / "export")
