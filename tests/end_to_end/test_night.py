"""A night on the bundled estate, run as a user runs it: one command, real files, real Dagster, real checks; and one after a killed one."""

import json
import shutil
from typing import Any

import duckdb
import pytest

from costsieve.estate.generate import write_estate
from costsieve.estate.plan import EstatePlan
from tests.end_to_end.installation import Installation, Night

pytestmark = pytest.mark.slow

PLAN = EstatePlan(seed=11, line_items=60_000)
AS_OF = PLAN.as_of.isoformat()


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("estate")
    write_estate(folder, PLAN)
    return Installation(folder)


@pytest.fixture(scope="module")
def night(estate: Installation) -> Night:
    done = estate.night(AS_OF, "first")
    assert done.exit_code == 0, done.errors
    return done


@pytest.fixture(scope="module")
def after_a_kill(estate: Installation, night: Night, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """The same night again on a copy, after one that was killed; roll-ups are wrong and forgotten, as a blocked night leaves them."""
    assert night.exit_code == 0
    copy = Installation(tmp_path_factory.mktemp("copy") / "estate")
    shutil.copytree(estate.folder, copy.folder, symlinks=True)
    with duckdb.connect(str(copy.folder / ".costsieve" / "work" / "warehouse.duckdb")) as work:
        work.execute("UPDATE core.daily_cost SET BilledCost = BilledCost + 0.01 WHERE rowid = (SELECT min(rowid) FROM core.daily_cost)")
        work.execute("DELETE FROM meta.roll_ups")
    copy.killed_night(AS_OF)
    return copy.quick_night(AS_OF, "again")


def results(night: Night) -> dict[str, list[Any]]:
    return {
        "findings": night.rows("SELECT * FROM results.findings ORDER BY as_of, finding_id"),
        "evaluations": night.rows("SELECT * FROM results.evaluations ORDER BY ALL"),
        "plan": night.rows("SELECT * FROM results.plan ORDER BY as_of, step"),
        "recommendations": night.rows("SELECT * FROM results.recommendations ORDER BY as_of, recommendation_id"),
        "daily": night.rows(
            "SELECT x_source, x_period, BillingCurrency, sum(BilledCost), count(*) FROM core.daily_cost GROUP BY ALL ORDER BY ALL"
        ),
    }


def test_every_planted_case_is_found_and_nothing_else(estate: Installation, night: Night) -> None:
    answers = json.loads((estate.folder / "answer-key.json").read_text(encoding="utf-8"))
    planted = {(answer["rule_id"], answer["provider"], answer["resource_id"]) for answer in answers if answer["expected"] == "finding"}

    found = set(night.rows("SELECT rule_id, provider, resource_id FROM results.findings"))

    assert found == planted


def test_published_totals_are_the_delivered_totals_to_the_last_decimal(night: Night) -> None:
    delivered = night.rows(
        "SELECT source, period, currency, sum(billed_cost) FROM meta.load_totals"
        " INNER JOIN meta.loads USING (source, period, version) WHERE is_current GROUP BY ALL"
    )
    rolled_up = night.rows("SELECT x_source, x_period, BillingCurrency, sum(BilledCost) FROM core.daily_cost GROUP BY ALL")
    charged = night.rows("SELECT x_source, x_period, BillingCurrency, sum(BilledCost) FROM core.charges GROUP BY ALL")

    assert set(delivered) == set(rolled_up) == set(charged)


def test_net_savings_stay_below_the_usage_they_are_saved_on(night: Night) -> None:
    [(savings, spend)] = night.rows(
        "SELECT (SELECT sum(net_savings) FROM results.plan),"
        f" (SELECT sum(x_net_effective_cost) FROM core.daily_cost WHERE x_pool = 'usage' AND usage_date >= DATE '{AS_OF}' - 30)"
    )

    assert 0 < savings < spend


def test_a_night_names_its_report_and_the_five_largest_savings(night: Night) -> None:
    assert f"{AS_OF}/report.html" in night.output
    assert len([line for line in night.output.splitlines() if " USD  " in line]) == 5


def test_a_night_after_a_killed_one_publishes_the_same_as_the_first(night: Night, after_a_kill: Night) -> None:
    assert after_a_kill.exit_code == 0, after_a_kill.errors
    assert results(after_a_kill) == results(night)


def test_the_same_night_again_loads_nothing(night: Night, after_a_kill: Night) -> None:
    loads = "SELECT * FROM meta.loads ORDER BY ALL"

    assert after_a_kill.rows(loads) == night.rows(loads)
    assert after_a_kill.value("SELECT loads_changed FROM meta.nights") == 0


def test_explain_reproduces_the_savings_of_a_finding(estate: Installation, night: Night) -> None:
    [(finding_id, savings)] = night.rows(
        "SELECT finding_id, monthly_savings FROM results.findings WHERE rule_id = 'idle_vm' ORDER BY monthly_savings DESC LIMIT 1"
    )

    assert f"{savings:,.2f}" in estate.run("explain", finding_id).stdout


@pytest.mark.usefixtures("night")
@pytest.mark.parametrize(("output_format", "expected"), [("csv", "n\n1\n"), ("json", '[\n  {\n    "n": 1\n  }\n]\n')])
def test_sql_answers_in_every_format(estate: Installation, output_format: str, expected: str) -> None:
    assert estate.run("sql", "SELECT count(*) AS n FROM meta.nights", "--format", output_format).stdout == expected


@pytest.mark.usefixtures("night")
def test_the_report_has_no_reference_to_the_network(estate: Installation) -> None:
    report = estate.report("latest", "report.html")

    assert 'src="http' not in report
    assert "@import" not in report
