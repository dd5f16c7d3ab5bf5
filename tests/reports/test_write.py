"""Report files: complete, repeatable, replaced in one step, with `latest` at the newest night."""

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.contracts import results
from costsieve.home import Home
from costsieve.reports import write
from costsieve.reports.write import ReportFiles, top_savings, write_reports
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def files(home: Home) -> ReportFiles:
    return write_reports(sample.sample_night(), home, sample.AS_OF)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_every_file_is_there(files: ReportFiles) -> None:
    tables = {
        f"{name}.csv" for name in ("savings", "findings", "changes", "realized", "evaluations", "allocation", "untagged", "reconciliation")
    }

    assert {path.name for path in files.folder.iterdir()} == {"report.html", "report.md", "report.json", *tables}


def test_the_same_warehouse_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_reports(sample.sample_night(), Home(tmp_path / name), sample.AS_OF) for name in "ab")

    assert [path.read_bytes() for path in sorted(first.folder.iterdir())] == [path.read_bytes() for path in sorted(second.folder.iterdir())]


def test_writing_again_replaces_the_night_and_leaves_nothing_behind(files: ReportFiles, home: Home) -> None:
    (files.folder / "stray.txt").write_text("left over")

    write_reports(sample.sample_night(), home, sample.AS_OF)

    assert not (files.folder / "stray.txt").exists()
    assert sorted(path.name for path in home.reports.iterdir()) == ["2026-10-01", "latest"]


def test_a_failure_leaves_the_old_report_standing(files: ReportFiles, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files.html.read_bytes()
    monkeypatch.setattr(write, "findings_csv", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        write_reports(sample.empty_night(), home, sample.AS_OF)

    assert files.html.read_bytes() == before


def test_latest_points_at_the_newest_night_even_after_a_backfill(home: Home) -> None:
    for night in (date(2026, 10, 1), date(2026, 9, 1)):
        write_reports(sample.empty_night(), home, night)

    assert (home.reports / "latest").resolve().name == "2026-10-01"


def test_savings_csv_adds_up_to_the_plan(files: ReportFiles) -> None:
    assert sum(Decimal(row["net_savings"]) for row in rows_of(files.savings)) == sample.NET_SAVINGS


def test_findings_and_evaluations_have_the_columns_of_their_contracts(files: ReportFiles) -> None:
    assert tuple(rows_of(files.findings)[0]) == results.FINDINGS.column_names
    assert tuple(rows_of(files.evaluations)[0]) == results.EVALUATIONS.column_names


def test_allocation_csv_holds_all_dimensions_and_adds_up_to_the_total(files: ReportFiles) -> None:
    rows = rows_of(files.allocation)
    teams = [Decimal(row["cost"]) for row in rows if (row["dimension"], row["period"]) == ("team", "last_30_days")]

    assert {row["dimension"] for row in rows} == set(results.DIMENSIONS)
    assert sum(teams) == sample.NET_TOTAL


def test_changes_csv_adds_up_to_the_change_of_all_findings(files: ReportFiles) -> None:
    assert sum(Decimal(row["difference"]) for row in rows_of(files.changes)) == Decimal("234.00")


def test_realized_csv_has_what_is_assumed(files: ReportFiles) -> None:
    told = {row["resource_name"]: (row["realized_savings"], row["unmeasured_reason"]) for row in rows_of(files.realized)}

    assert told == {"batch-3": ("90.00", ""), "old-worker": ("", "no_cost_before")}
    assert all(row["counterfactual"] for row in rows_of(files.realized))


def test_untagged_csv_lists_usage_without_a_value(files: ReportFiles) -> None:
    services = [row["service"] for row in rows_of(files.untagged) if row["dimension"] == "team"]

    assert services == ["AmazonEC2", "AWSDataTransfer"]


def test_reconciliation_csv_keeps_the_last_decimal(home: Home) -> None:
    connection = sample.sample_night()
    bills.add_reconciliation(connection, difference=Decimal("0.000000000001"))

    rows = rows_of(write_reports(connection, home, sample.AS_OF).reconciliation)

    assert [(row["charge_type"], row["difference"]) for row in rows if row["source"] == "org-bill"] == [
        ("Credit", "0.000000000000"),
        ("Tax", "0.000000000001"),
        ("Usage", "0.000000000000"),
    ]


def test_the_page_links_to_the_data_docs_where_there_are_any(home: Home) -> None:
    link = "../../data-docs/2026-10-01/index.html"
    assert link not in write_reports(sample.sample_night(), home, sample.AS_OF).html.read_text(encoding="utf-8")

    index = home.data_docs / "2026-10-01" / "index.html"
    index.parent.mkdir(parents=True)
    index.touch()
    files = write_reports(sample.sample_night(), home, sample.AS_OF)

    assert f'href="{link}"' in files.html.read_text(encoding="utf-8")
    assert (files.folder / link).resolve() == index.resolve()


def test_json_holds_amounts_as_numbers_and_days_as_text(files: ReportFiles) -> None:
    (section,) = json.loads(files.json.read_text(encoding="utf-8"))["currencies"]

    assert section["totals"]["net_savings"] == 1260.0
    assert section["totals"]["allocated_total"] == 1885.25
    assert section["totals"]["reconciled"] is None
    assert section["spend"]["window"] == {"start": "2026-09-01", "end": "2026-10-01"}


def test_an_empty_night_still_has_every_file(home: Home) -> None:
    assert len(list(write_reports(sample.empty_night(), home, sample.AS_OF).folder.iterdir())) == 11


def test_top_savings_are_one_line_each() -> None:
    first, second = top_savings(sample.sample_night(), sample.AS_OF, 2)

    assert (first.title, first.amount, first.currency) == ("Stop idle VM trainer-07 (m5.4xlarge, us-east-1)", Decimal("960.00"), "USD")
    assert second.amount == Decimal("240.00")


def test_there_are_no_top_savings_without_a_plan() -> None:
    assert top_savings(sample.empty_night(), sample.AS_OF) == ()
