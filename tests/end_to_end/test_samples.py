"""One night on bills that nobody here made: legacy CUR, CUR 2.0, FOCUS of three providers, and Google's cases, side by side.

What they must add up to is known from elsewhere: the control totals of both AWS samples, an independent sum over the text of the
FOCUS sample, and the output that Google published with its cases. There are no metrics and no inventory.
"""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.end_to_end.installation import Installation, Night
from tests.sources.legacy_reports import SAMPLE as LEGACY
from tests.sources.legacy_reports import overwrite

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parents[1] / "sources" / "data"
GOOGLE = Path(__file__).parents[1] / "core" / "data" / "gcp-cud"
AS_OF = "2026-04-17"
CONFIGURATION = """
sources:
  - {name: cur2, type: aws_cur, location: bills/cur2}
  - {name: legacy, type: aws_cur, location: bills/legacy}
  - {name: focus, type: focus, location: bills/focus}
  - {name: google, type: gcp_billing, location: bills/google}
"""


def deliver_cur2(export: Path) -> None:
    """Lay the CUR 2.0 sample out as Data Exports does; its manifest names the file by the bucket it was delivered to."""
    for kind in ("data", "metadata"):
        (export / kind / "BILLING_PERIOD=2026-04").mkdir(parents=True)
    [bill] = (SAMPLES / "aws-cur2").glob("*.csv.gz")
    [manifest] = (SAMPLES / "aws-cur2").glob("*Manifest.json")
    shutil.copy(bill, export / "data/BILLING_PERIOD=2026-04/export-00001.csv.gz")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    content["dataFiles"] = ["s3://bills/cur2/data/BILLING_PERIOD=2026-04/export-00001.csv.gz"]
    (export / "metadata/BILLING_PERIOD=2026-04/export-Manifest.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    installed = Installation(tmp_path_factory.mktemp("samples"))
    bills = installed.folder / "bills"
    deliver_cur2(bills / "cur2")
    overwrite(bills / "legacy", {"costs-1.csv.gz": LEGACY.read_bytes()}, month="20231101-20231201")
    shutil.copytree(SAMPLES / "focus", bills / "focus")
    (bills / "google/date=2019-01-21").mkdir(parents=True)
    for case in GOOGLE.glob("test_*"):
        shutil.copy(case / "export.json", bills / f"google/date=2019-01-21/{case.name}.json")
    installed.configure(CONFIGURATION)
    return installed


@pytest.fixture(scope="module")
def night(installation: Installation) -> Night:
    done = installation.quick_night(AS_OF, "published")
    assert done.exit_code == 0, done.errors
    return done


def by_charge_type(night: Night, source: str, cost: str = "BilledCost") -> dict[str, Decimal]:
    totals = night.rows(f"SELECT x_charge_type, sum({cost}) FROM core.daily_cost WHERE x_source = '{source}' GROUP BY ALL")
    return {kind: round(total, 6) for kind, total in totals}


def stated_by_google() -> dict[str, Decimal]:
    """Totals of the outputs that Google published: commitment fees, usage before credits, and credits by name."""
    totals: dict[str, Decimal] = {}
    for case in GOOGLE.glob("test_*"):
        for row in json.loads((case / "expected.json").read_text(encoding="utf-8")):
            is_fee = row["sku_description"].lower().startswith("commitment") or "_COST_" in row["sku_description"]
            amounts = [("fees" if is_fee else "usage", row["cost"]), *((credit["name"], credit["amount"]) for credit in row["credits"])]
            for name, amount in amounts:
                totals[name] = totals.get(name, Decimal(0)) + Decimal(amount)
    return {name: round(total, 6) for name, total in totals.items()}


def test_legacy_cur_has_its_control_totals(night: Night) -> None:
    assert by_charge_type(night, "legacy") == {"Usage": Decimal("1.602309"), "Tax": Decimal("0.08")}


def test_list_cost_of_legacy_usage_is_that_of_the_price_list(night: Night) -> None:
    assert by_charge_type(night, "legacy", "ListCost")["Usage"] == Decimal("3.356173")


def test_cur2_has_its_control_totals(night: Night) -> None:
    totals = by_charge_type(night, "cur2")

    assert (totals["Usage"], totals["Credit"]) == (Decimal("47.681694"), Decimal("-47.681694"))


def test_list_cost_of_cur2_is_that_of_the_price_list(night: Night) -> None:
    listed = night.value("SELECT sum(pricing_public_on_demand_cost) FROM raw.aws_cur WHERE x_source = 'cur2'")

    assert round(listed, 6) == Decimal("49.558713")


def test_focus_totals_by_provider_are_those_of_an_independent_sum(night: Night) -> None:
    text = pl.read_csv(next((SAMPLES / "focus").glob("*.csv.gz")), infer_schema=False)
    summed = text.group_by("ProviderName").agg(pl.col("BilledCost").cast(pl.Decimal(38, 20)).sum())

    published = night.rows("SELECT ProviderName, sum(BilledCost) FROM core.daily_cost WHERE x_source = 'focus' GROUP BY ALL")

    assert dict(published) == dict(summed.iter_rows())
    assert set(dict(published)) == {"AWS", "Microsoft", "Oracle"}


def test_every_focus_row_is_published_once(night: Night) -> None:
    assert night.value("SELECT count(*) FROM core.charges WHERE x_source = 'focus'") == 1000


def test_commitment_and_sustained_use_totals_are_those_that_google_states(night: Night) -> None:
    [found] = night.rows(
        "SELECT sum(cost) FILTER (NOT sku_description ILIKE 'commitment%'), sum(cost) FILTER (sku_description ILIKE 'commitment%'),"
        " sum(commitment_credits), sum(sustained_use_credits) FROM raw.gcp_billing"
    )
    names = ("usage", "fees", "Committed Usage Discount: RAM", "Sustained Usage Discount")

    assert dict(zip(names, found, strict=True)) == stated_by_google()


def test_net_cost_of_google_is_what_it_states(night: Night) -> None:
    assert night.value("SELECT sum(BilledCost) FROM core.daily_cost WHERE x_source = 'google'") == sum(stated_by_google().values())


def test_every_bill_is_reconciled_to_the_last_decimal(night: Night) -> None:
    sources = "SELECT source FROM quality.reconciliation WHERE difference = 0 GROUP BY source ORDER BY source"

    assert night.rows(sources) == [("cur2",), ("focus",), ("google",), ("legacy",)]
    assert night.rows("SELECT * FROM quality.reconciliation WHERE difference <> 0") == []


def test_no_critical_check_fails(night: Night) -> None:
    assert night.rows("SELECT check_name FROM quality.results WHERE severity = 'critical' AND NOT is_passed") == []


def test_the_night_warns_that_old_bills_have_ended(night: Night) -> None:
    assert "The latest usage of every bill is a few days old at most" in night.output


@pytest.mark.usefixtures("night")
def test_sql_answers_with_the_control_totals(installation: Installation) -> None:
    question = "SELECT x_charge_type AS type, sum(BilledCost)::DECIMAL(18, 6) AS cost FROM core.charges"

    answer = installation.run("sql", f"{question} WHERE x_source = 'legacy' GROUP BY ALL ORDER BY type", "--format", "csv")

    assert answer.stdout == "type,cost\nTax,0.080000\nUsage,1.602309\n"


@pytest.mark.usefixtures("night")
def test_the_report_reconciles_every_month_of_every_bill(installation: Installation) -> None:
    report = installation.report(AS_OF)

    assert r"| legacy | November 2023 | 1,281 | \$1.68 |" in report
    assert r"| cur2 | April 2026 | 1,882 | \$0.00 |" in report
    assert r"| Usage | \$47.68 | \$47.68 |" in report


@pytest.mark.usefixtures("night")
def test_the_report_names_the_three_providers_of_the_focus_sample(installation: Installation) -> None:
    assert "AWS, Microsoft, Oracle" in installation.report(AS_OF, "report.html")


def test_what_needs_metrics_is_not_evaluable_and_keeps_its_dollars(night: Night) -> None:
    ledger: list[Any] = night.rows(
        "SELECT outcome, reason, sum(monthly_cost) FROM results.evaluations"
        " WHERE rule_id = 'idle_vm' AND account_id = '111122223333' GROUP BY ALL"
    )

    [(outcome, reason, dollars)] = ledger
    assert (outcome, reason) == ("not_evaluable", "no_metric")
    assert dollars > 0


def test_nothing_is_claimed_without_evidence(night: Night) -> None:
    assert night.rows("SELECT rule_id, resource_id FROM results.findings") == []


def test_resources_of_other_providers_are_no_findings(night: Night) -> None:
    assert night.rows("SELECT DISTINCT provider FROM results.evaluations") == [("AWS",)]
