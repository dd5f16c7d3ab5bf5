"""A whole demo estate: both providers, the configuration that reads it, and the answer key."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from costsieve.estate.plan import EstatePlan
from costsieve.settings import load_settings
from costsieve.source_settings import S3InventorySource

LINE_ITEMS = 40_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate of the command line; its line items are as few as 90 days of the fixed part have."""
    target = tmp_path_factory.mktemp("estate") / "new"
    command = [
        sys.executable,
        "-m",
        "costsieve.estate",
        str(target),
        "--seed",
        "5",
        "--line-items",
        str(LINE_ITEMS),
        "--as-of",
        "2026-10-01",
    ]
    subprocess.run(command, check=True)
    return target


def test_the_configuration_names_every_source_and_loads(folder: Path) -> None:
    settings = load_settings(folder / "costsieve.yaml")

    assert {source.name: source.type for source in settings.sources} == {
        "org-bill": "aws_cur",
        "gcp-bill": "gcp_billing",
        "metrics": "utilization_files",
        "estate": "inventory_files",
        "objects": "s3_inventory",
    }
    assert settings.home == folder / ".costsieve"


def test_everything_the_configuration_names_is_there(folder: Path) -> None:
    for source in load_settings(folder / "costsieve.yaml").sources:
        assert list(Path(str(getattr(source, "location", None))).rglob("*.*")), source.name
        if isinstance(source, S3InventorySource):
            assert list(Path(str(source.reads)).glob("*.parquet"))


def test_both_providers_share_the_folders_of_metrics_and_inventory(folder: Path) -> None:
    for day in ("utilization/date=2026-07-03", "utilization/date=2026-09-30", "inventory/date=2026-09-30"):
        assert {path.name for path in (folder / day).iterdir()} == {"aws.parquet", "gcp.parquet"}


def test_the_answer_key_can_be_read_back(folder: Path) -> None:
    rows = json.loads((folder / "answer-key.json").read_text())

    assert {row["provider"] for row in rows} == {"AWS", "GCP"}
    assert all(row["monthly_savings_at_most"] is None or Decimal(row["monthly_savings_at_most"]) > 0 for row in rows)
    assert len({(row["rule_id"], row["resource_id"]) for row in rows}) == len(rows)


def test_the_bill_charges_for_what_the_inventory_of_objects_lists(folder: Path) -> None:
    """409,600 GiB over the whole of August."""
    with duckdb.connect() as connection:
        billed = connection.sql(f"""
            SELECT sum(line_item_usage_amount) FROM read_parquet('{folder}/aws/cur/costs/data/BILLING_PERIOD=2026-08/*')
            WHERE line_item_resource_id = 'ml-datasets' AND line_item_usage_type = 'TimedStorage-ByteHrs'
        """).pl()
        listed = connection.sql(f"SELECT sum(size) / 2**30 FROM read_parquet('{folder}/s3-inventory/ml-datasets/**/*.parquet')").pl()

    assert abs(billed.item() / listed.item() - 1) < 0.002


def test_an_estate_covers_the_days_before_its_night() -> None:
    window = EstatePlan().window

    assert (window.start, window.end, window.days) == (date(2026, 7, 3), date(2026, 10, 1), 90)
