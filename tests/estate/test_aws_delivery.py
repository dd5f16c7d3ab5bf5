"""The demo's AWS files: laid out as Data Exports delivers them, and the same for the same plan."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from costsieve.estate.aws import cur_files
from costsieve.estate.aws.generate import write_aws
from costsieve.estate.plan import EstatePlan
from tests.estate.conftest import AwsEstate

ROOT = "s3://example-billing/cur/costs/"
SHORT = EstatePlan(days=14)


def fingerprints(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_manifests_name_exactly_the_files_of_their_month(aws_estate: AwsEstate) -> None:
    export = aws_estate.folder / "aws" / "cur" / "costs"
    manifests = sorted(export.glob("metadata/*/costs-Manifest.json"))

    assert [path.parent.name for path in manifests] == [f"BILLING_PERIOD=2026-0{month}" for month in (7, 8, 9)]
    for path in manifests:
        named = {export / uri.removeprefix(ROOT) for uri in json.loads(path.read_text())["dataFiles"]}
        assert named == set((export / "data" / path.parent.name).iterdir())


def test_a_manifest_declares_the_columns_of_its_files(aws_estate: AwsEstate) -> None:
    manifest = json.loads((aws_estate.folder / "aws/cur/costs/metadata/BILLING_PERIOD=2026-08/costs-Manifest.json").read_text())
    delivered = [name for name in aws_estate.query("SELECT * FROM bill LIMIT 0").columns if name != "BILLING_PERIOD"]

    assert [column["name"] for column in manifest["columns"]] == delivered
    assert manifest["exportArn"].startswith("arn:aws:bcm-data-exports:us-east-1:100000000001:export/costs-")


def test_a_long_month_comes_in_several_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cur_files, "ROWS_PER_FILE", 10_000)

    write_aws(tmp_path, SHORT, 0)

    chunks = sorted(path.name for path in (tmp_path / "aws/cur/costs/data/BILLING_PERIOD=2026-09").iterdir())
    assert chunks == [f"costs-0000{number}.snappy.parquet" for number in (1, 2, 3)]


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        write_aws(tmp_path / name, SHORT, 16_000)

    assert fingerprints(tmp_path / "first") == fingerprints(tmp_path / "second")


def test_another_seed_gives_other_resources(tmp_path: Path) -> None:
    first = write_aws(tmp_path / "first", SHORT, 0)
    second = write_aws(tmp_path / "second", replace(SHORT, seed=8), 0)

    machines = [{waste.resource_id for waste in planted if waste.rule_id == "idle_vm"} for planted in (first, second)]
    assert machines[0].isdisjoint(machines[1])
