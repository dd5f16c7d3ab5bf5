"""A night on a real bill: sixteen days of a real CUR 2.0 export (see tests/sources/data/aws-cur2), without metrics or inventory."""

import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sources" / "data" / "aws-cur2"
CONFIGURATION = "sources:\n  - {name: real-bill, type: aws_cur, location: cur/export}\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder after a night on the real bill."""
    folder = tmp_path_factory.mktemp("real")
    data = folder / "cur/export/data/BILLING_PERIOD=2026-04"
    metadata = folder / "cur/export/metadata/BILLING_PERIOD=2026-04"
    data.mkdir(parents=True)
    metadata.mkdir(parents=True)
    [bill] = SAMPLE.glob("*.csv.gz")
    [manifest] = SAMPLE.glob("*Manifest.json")
    shutil.copy(bill, data / "export-00001.csv.gz")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["dataFiles"] = ["s3://bills/cur/export/data/BILLING_PERIOD=2026-04/export-00001.csv.gz"]
    (metadata / "export-Manifest.json").write_text(json.dumps(content), encoding="utf-8")
    configuration = folder / "costsieve.yaml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "costsieve.cli", "night", "--as-of", "2026-04-17", "--config", str(configuration)]
    night = subprocess.run(command, capture_output=True, text=True, check=False)
    assert night.returncode == 0, night.stderr
    return folder / ".costsieve"


def rows(home: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(home / "published" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_totals_are_those_of_the_bill(home: Path) -> None:
    totals = dict(rows(home, "SELECT x_charge_type, sum(BilledCost) FROM core.daily_cost GROUP BY ALL"))

    assert (round(totals["Usage"], 6), round(totals["Credit"], 6)) == (Decimal("47.681694"), Decimal("-47.681694"))


def test_list_cost_is_that_of_the_price_list(home: Path) -> None:
    [(listed,)] = rows(home, "SELECT sum(pricing_public_on_demand_cost) FROM raw.aws_cur")

    assert round(listed, 6) == Decimal("49.558713")


def test_what_needs_metrics_is_not_evaluable_and_keeps_its_dollars(home: Path) -> None:
    ledger = rows(home, "SELECT outcome, reason, sum(monthly_cost) FROM results.evaluations WHERE rule_id = 'idle_vm' GROUP BY ALL")

    [(outcome, reason, dollars)] = ledger
    assert (outcome, reason) == ("not_evaluable", "no_metric")
    assert dollars > 0


def test_nothing_is_claimed_without_evidence(home: Path) -> None:
    assert rows(home, "SELECT rule_id, resource_id FROM results.findings") == []
