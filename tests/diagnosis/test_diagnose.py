"""What doctor says of sources that are well, refused, late, incomplete or misconfigured. AWS is moto's server and real boto3."""

import gzip
import json
from datetime import date
from pathlib import Path

import boto3
import polars as pl
import pytest

from costsieve.diagnosis.diagnose import diagnose
from costsieve.diagnosis.observation import Observation
from costsieve.gate_settings import Quarantine
from costsieve.settings import Settings
from costsieve.source_settings import AwsCurSource, CloudWatchSource, GcpBillingSource, InventoryFilesSource, SourceSettings
from tests.sources.powerless_user import only_allowed

AS_OF = date(2026, 10, 1)
BUCKET = "example-billing"


def _seen(tmp_path: Path, *sources: SourceSettings) -> dict[str, Observation]:
    settings = Settings(home=tmp_path / "home", sources=sources)
    return {observation.point: observation for observation in diagnose(settings, AS_OF)}


def _bill(location: str = f"s3://{BUCKET}/cur/costs") -> AwsCurSource:
    return AwsCurSource(name="org-bill", type="aws_cur", location=location)


@pytest.fixture
def delivered(moto_endpoint: str) -> str:
    """A CUR 2.0 export of September; doctor never opens its data."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    manifest = {
        "executionId": "e-1",
        "exportArn": "arn:aws:bcm-data-exports:us-east-1:100000000001:export/costs",
        "columns": [],
        "dataFiles": [f"s3://{BUCKET}/cur/costs/data/BILLING_PERIOD=2026-09/costs-00001.snappy.parquet"],
    }
    s3.put_object(Bucket=BUCKET, Key="cur/costs/data/BILLING_PERIOD=2026-09/costs-00001.snappy.parquet", Body=b"PAR1")
    key = "cur/costs/metadata/BILLING_PERIOD=2026-09/costs-Manifest.json"
    s3.put_object(Bucket=BUCKET, Key=key, Body=json.dumps(manifest).encode())
    return moto_endpoint


def test_both_permissions_of_a_readable_bill_are_granted(delivered: str, tmp_path: Path) -> None:
    seen = _seen(tmp_path, _bill())

    assert delivered
    assert (seen["s3:ListBucket"].state, seen["s3:GetObject"].state) == ("ok", "ok")


def test_the_latest_delivery_is_told(delivered: str, tmp_path: Path) -> None:
    seen = _seen(tmp_path, _bill())

    assert delivered
    assert (seen["delivery"].state, seen["delivery"].finding) == ("ok", "1 period, newest 2026-09")


def test_a_refused_permission_is_named_by_itself(delivered: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with only_allowed(delivered, ["s3:ListBucket"], monkeypatch):
        seen = _seen(tmp_path, _bill())

    assert (seen["s3:ListBucket"].state, seen["s3:GetObject"].state) == ("ok", "failed")
    assert "s3:GetObject" in seen["s3:GetObject"].finding


def test_nothing_is_said_of_the_delivery_of_a_source_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nope")
    metrics = CloudWatchSource(name="metrics", type="cloudwatch", regions=("us-east-1",))

    assert {point: each.state for point, each in _seen(tmp_path, metrics).items()} == {"home": "ok", "credentials": "failed"}


@pytest.mark.parametrize("home", ["bill.csv", "bill.csv/home", "/proc/costs"])
def test_a_home_that_cannot_be_written_to_has_failed(tmp_path: Path, home: str) -> None:
    (tmp_path / "bill.csv").write_text("a", encoding="utf-8")

    (only,) = diagnose(Settings(home=tmp_path / home), AS_OF)

    assert (only.point, only.state) == ("home", "failed")
    assert f"{tmp_path / home} cannot be used" in only.finding


def test_looking_at_the_home_leaves_nothing_there(tmp_path: Path) -> None:
    list(diagnose(Settings(home=tmp_path / "home"), AS_OF))

    assert not list(tmp_path.iterdir())


def test_a_quarantine_of_a_period_that_was_not_delivered_is_told_the_nearest(delivered: str, tmp_path: Path) -> None:
    assert delivered
    entry = Quarantine(source="org-bill", period="2062-09", reason="half is missing")
    settings = Settings(home=tmp_path / "home", sources=(_bill(),), quarantine=(entry,))
    seen = {each.point: each for each in diagnose(settings, AS_OF)}["quarantine of 2062-09"]

    assert seen.state == "warning"
    assert "no 2062-09 has been delivered; the nearest are 2026-09." in seen.finding


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    seen = _seen(tmp_path, InventoryFilesSource(name="estate", type="inventory_files", location=str(tmp_path / "nowhere")))

    assert seen["location"].state == "failed"
    assert f"The folder {tmp_path / 'nowhere'} is not there. Correct `location`" in seen["location"].finding


def test_columns_are_unknown_before_the_first_night(delivered: str, tmp_path: Path) -> None:
    assert delivered
    assert _seen(tmp_path, _bill())["columns"].state == "unknown"


def test_a_bill_without_resource_ids_names_the_rules_that_cannot_judge(tmp_path: Path) -> None:
    landed = tmp_path / "home" / "lake" / "aws_cur" / "source=org-bill" / "period=2026-09" / "version=v1"
    landed.mkdir(parents=True)
    pl.DataFrame({"line_item_operation": ["RunInstances"]}).write_parquet(landed / "part-1.parquet")
    export = tmp_path / "cur"
    (export / "metadata" / "BILLING_PERIOD=2026-09").mkdir(parents=True)
    manifest = {"executionId": "e-1", "dataFiles": ["s3://b/data/BILLING_PERIOD=2026-09/costs-00001.csv.gz"], "columns": []}
    (export / "metadata" / "BILLING_PERIOD=2026-09" / "costs-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    data = export / "data" / "BILLING_PERIOD=2026-09" / "costs-00001.csv.gz"
    data.parent.mkdir(parents=True)
    data.write_bytes(gzip.compress(b"line_item_operation\nRunInstances\n"))

    seen = _seen(tmp_path, _bill(str(export)))

    assert seen["column line_item_resource_id"].state == "warning"
    assert "idle_vm" in seen["column line_item_resource_id"].finding


def test_a_bill_that_stopped_is_late(tmp_path: Path) -> None:
    export = tmp_path / "cur"
    (export / "metadata" / "BILLING_PERIOD=2026-07").mkdir(parents=True)
    manifest = {"executionId": "e-1", "dataFiles": ["s3://b/data/BILLING_PERIOD=2026-07/costs-00001.csv.gz"], "columns": []}
    (export / "metadata" / "BILLING_PERIOD=2026-07" / "costs-Manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    seen = _seen(tmp_path, _bill(str(export)))

    assert seen["delivery"].state == "warning"
    assert "ended 61 days before the night" in seen["delivery"].finding


def test_the_age_of_a_folder_without_dates_is_unknown(tmp_path: Path) -> None:
    row = {"billing_account_id": "01D3M0", "export_time": "2026-09-30T09:00:00Z", "cost": "1.5"}
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "part-0.json").write_text(json.dumps(row), encoding="utf-8")
    bill = GcpBillingSource(name="gcp-bill", type="gcp_billing", location=str(tmp_path / "export"))

    seen = _seen(tmp_path, bill)["delivery"]

    assert (seen.state, seen.finding) == ("ok", "1 period without a date in its folder's name, so its age is unknown")
