"""A night on the bundled estate, run as a user runs it: one command, real files, real Dagster, real checks."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from costsieve.estate.generate import write_estate
from costsieve.estate.plan import EstatePlan

pytestmark = pytest.mark.slow

PLAN = EstatePlan(seed=11, line_items=60_000)
NIGHT = PLAN.as_of


@dataclass(frozen=True)
class Estate:
    folder: Path
    first_output: str = ""

    @property
    def published(self) -> Path:
        return self.folder / ".costsieve" / "published" / "warehouse.duckdb"

    def night(self, as_of: date = NIGHT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command("night", "--as-of", as_of.isoformat()), capture_output=True, text=True, check=False)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "costsieve.cli", *arguments, "--config", str(self.folder / "costsieve.yaml")]

    def rows(self, sql: str) -> list[Any]:
        with duckdb.connect(str(self.published), read_only=True) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """An estate on which one night has run."""
    folder = tmp_path_factory.mktemp("estate")
    write_estate(folder, PLAN)
    first = Estate(folder).night()
    assert first.returncode == 0, first.stderr
    yield Estate(folder, first.stdout)
    shutil.rmtree(folder)


@pytest.fixture
def copy(estate: Estate, tmp_path: Path) -> Estate:
    """A copy that a test may break."""
    shutil.copytree(estate.folder, tmp_path / "copy", symlinks=True)
    return Estate(tmp_path / "copy")


def results(estate: Estate) -> dict[str, list[Any]]:
    return {
        "findings": estate.rows("SELECT * FROM results.findings ORDER BY as_of, finding_id"),
        "evaluations": estate.rows("SELECT * FROM results.evaluations ORDER BY ALL"),
        "plan": estate.rows("SELECT * FROM results.plan ORDER BY as_of, step"),
        "recommendations": estate.rows("SELECT * FROM results.recommendations ORDER BY as_of, recommendation_id"),
        "daily": estate.rows(
            "SELECT x_source, x_period, BillingCurrency, sum(BilledCost), count(*) FROM core.daily_cost GROUP BY ALL ORDER BY ALL"
        ),
    }


def test_every_planted_case_is_found_and_nothing_else(estate: Estate) -> None:
    planted = {
        (p["rule_id"], p["provider"], p["resource_id"]) for p in json.loads((estate.folder / "answer-key.json").read_text(encoding="utf-8"))
    }

    found = set(estate.rows("SELECT rule_id, provider, resource_id FROM results.findings"))

    assert found == planted


def test_published_totals_are_the_delivered_totals_to_the_last_decimal(estate: Estate) -> None:
    delivered = estate.rows(
        "SELECT source, period, currency, sum(billed_cost) FROM meta.load_totals"
        " INNER JOIN meta.loads USING (source, period, version) WHERE is_current GROUP BY ALL"
    )
    rolled_up = estate.rows("SELECT x_source, x_period, BillingCurrency, sum(BilledCost) FROM core.daily_cost GROUP BY ALL")
    charged = estate.rows("SELECT x_source, x_period, BillingCurrency, sum(BilledCost) FROM core.charges GROUP BY ALL")

    assert set(delivered) == set(rolled_up) == set(charged)


def test_net_savings_stay_below_the_usage_they_are_saved_on(estate: Estate) -> None:
    [(savings, spend)] = estate.rows(
        "SELECT (SELECT sum(net_savings) FROM results.plan),"
        f" (SELECT sum(x_net_effective_cost) FROM core.daily_cost WHERE x_pool = 'usage' AND usage_date >= DATE '{NIGHT}' - 30)"
    )

    assert 0 < savings < spend


def test_a_night_names_its_report_and_the_five_largest_savings(estate: Estate) -> None:
    assert f"{NIGHT}/report.html" in estate.first_output
    assert len([line for line in estate.first_output.splitlines() if " USD  " in line]) == 5


def test_a_second_night_without_changes_loads_and_rolls_up_nothing_and_gives_the_same(estate: Estate) -> None:
    before, loads = results(estate), estate.rows("SELECT * FROM meta.loads ORDER BY ALL")

    assert estate.night().returncode == 0

    assert estate.rows("SELECT * FROM meta.loads ORDER BY ALL") == loads
    assert results(estate) == before
    assert estate.rows(f"SELECT loads_changed FROM meta.nights WHERE as_of = DATE '{NIGHT}'") == [(0,)]


def test_a_killed_night_can_be_run_again_and_gives_the_same(copy: Estate) -> None:
    expected = results(copy)
    shutil.rmtree(copy.folder / ".costsieve" / "work")
    shutil.rmtree(copy.folder / ".costsieve" / "lake")
    with subprocess.Popen(copy.command("night", "--as-of", NIGHT.isoformat()), stderr=subprocess.PIPE, start_new_session=True) as night:
        assert night.stderr is not None
        for line in night.stderr:
            if b"core/" in line or b"roll_up" in line:
                break
        os.killpg(night.pid, signal.SIGKILL)

    assert copy.night().returncode == 0

    assert results(copy) == expected


def test_a_night_whose_totals_disagree_publishes_nothing_exits_3_and_the_next_one_mends_it(copy: Estate) -> None:
    with duckdb.connect(str(copy.folder / ".costsieve" / "work" / "warehouse.duckdb")) as work:
        work.execute("UPDATE core.daily_cost SET BilledCost = BilledCost + 0.01 WHERE rowid = (SELECT min(rowid) FROM core.daily_cost)")
    published = copy.published.read_bytes()

    blocked = copy.night()

    assert blocked.returncode == 3
    assert "delivered_equals_core_equals_daily" in blocked.stderr
    assert copy.published.read_bytes() == published
    assert copy.night().returncode == 0


def test_a_truncated_bill_fails_the_night_names_the_file_and_keeps_the_published_result(copy: Estate) -> None:
    data = copy.folder / "aws" / "cur" / "costs" / "data" / "BILLING_PERIOD=2026-09"
    bill = next(data.glob("*.parquet"))
    bill.write_bytes(bill.read_bytes()[:1000])
    manifest = next((copy.folder / "aws" / "cur" / "costs" / "metadata" / "BILLING_PERIOD=2026-09").glob("*Manifest.json"))
    content = json.loads(manifest.read_text(encoding="utf-8"))
    manifest.write_text(json.dumps({**content, "executionId": "restated"}), encoding="utf-8")
    published = copy.published.read_bytes()

    failed = copy.night()

    assert failed.returncode == 1
    assert bill.name in failed.stderr
    assert copy.published.read_bytes() == published


def test_explain_reproduces_the_savings_of_a_finding(estate: Estate) -> None:
    [(finding_id, savings)] = estate.rows(
        "SELECT finding_id, monthly_savings FROM results.findings WHERE rule_id = 'idle_vm' ORDER BY monthly_savings DESC LIMIT 1"
    )

    explained = subprocess.run(estate.command("explain", finding_id), capture_output=True, text=True, check=False)

    assert f"{savings:,.2f}" in explained.stdout


def test_sql_answers_in_every_format(estate: Estate) -> None:
    for output_format, expected in (("csv", "n\n1\n"), ("json", '[\n  {\n    "n": 1\n  }\n]\n')):
        answer = subprocess.run(
            estate.command("sql", "SELECT count(*) AS n FROM meta.nights", "--format", output_format),
            capture_output=True,
            text=True,
            check=False,
        )
        assert answer.stdout == expected


def test_the_report_has_no_reference_to_the_network(estate: Estate) -> None:
    report = (estate.folder / ".costsieve" / "reports" / "latest" / "report.html").read_text(encoding="utf-8")

    assert 'src="http' not in report
    assert "@import" not in report
