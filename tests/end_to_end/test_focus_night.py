"""A night on the official FOCUS 1.0 sample: rows of AWS, Microsoft and Oracle (see tests/sources/data/focus)."""

import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.slow

SAMPLE = Path(__file__).parent.parent / "sources" / "data" / "focus"
CONFIGURATION = "sources:\n  - {name: sample, type: focus, location: bills}\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder after a night on the sample."""
    folder = tmp_path_factory.mktemp("focus")
    shutil.copytree(SAMPLE, folder / "bills")
    configuration = folder / "costsieve.yaml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    command = [sys.executable, "-m", "costsieve.cli", "night", "--as-of", "2024-10-02", "--config", str(configuration)]
    night = subprocess.run(command, capture_output=True, text=True, check=False)
    assert night.returncode == 0, night.stderr
    return folder / ".costsieve"


def rows(home: Path, sql: str) -> list[Any]:
    with duckdb.connect(str(home / "published" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_totals_by_provider_are_those_of_the_sample(home: Path) -> None:
    assert dict(rows(home, "SELECT ProviderName, sum(BilledCost) FROM core.daily_cost GROUP BY ProviderName")) == {
        "AWS": Decimal("18.0066386184"),
        "Microsoft": Decimal("1.97651418586"),
        "Oracle": Decimal("0.53707392473"),
    }


def test_published_charges_are_read_from_the_lake(home: Path) -> None:
    assert rows(home, "SELECT count(*), sum(BilledCost) FROM core.charges") == [(1000, Decimal("20.52022672899"))]


def test_no_critical_check_fails(home: Path) -> None:
    assert rows(home, "SELECT check_name FROM quality.results WHERE severity = 'critical' AND NOT is_passed") == []


def test_resources_of_other_providers_are_no_findings(home: Path) -> None:
    assert rows(home, "SELECT DISTINCT provider FROM results.evaluations") == [("AWS",)]
