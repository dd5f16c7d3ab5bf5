"""The Markdown document: the figures of the report in tables that add up."""

from decimal import Decimal

from costsieve.contracts import results
from costsieve.reports.render_markdown import render_markdown
from costsieve.reports.summary import read_report
from tests.reports import sample_bills as bills
from tests.reports import sample_night as sample


def test_the_plan_is_a_table_with_its_total() -> None:
    lines = render_markdown(sample.sample_report()).splitlines()

    assert "| 1 | Stop idle VM trainer-07 (m5.4xlarge, us-east-1) | kim, vision | high | \\$960.00 | \\$960.00 |" in lines
    assert "|  | **Total** |  |  | **\\$1,284.00** | **\\$1,260.00** |" in lines


def test_the_bridge_is_a_table_with_its_total() -> None:
    assert "| **Total** | **\\$1,885.25** | **\\$1,885.25** |" in render_markdown(sample.sample_report())


def test_failed_checks_are_named_before_any_figure() -> None:
    document = render_markdown(sample.sample_report())

    assert document.splitlines()[2] == ("* **Warning: Charges are fresh: not so.** Newest day is 2026-09-28. Look at the \\`export\\`.")
    assert "2 of 3 checks passed." in document
    assert "| Charges are fresh | core.daily\\_cost | warning | newest day is 2026-09-28 |" in document


def test_teams_and_what_is_not_split_add_up_to_the_total() -> None:
    lines = render_markdown(sample.sample_report()).splitlines()

    assert "| vision | \\$1,060.00 | \\$53.00 | \\$1,113.00 |" in lines
    assert "| untagged | \\$34.05 | \\$1.70 | \\$35.75 |" in lines
    assert "| Credits, not split |  |  | \u2212\\$30.00 |" in lines
    assert "| **All cost** | **\\$1,824.05** | **\\$91.20** | **\\$1,885.25** |" in lines


def test_the_bridge_of_past_days_adds_up() -> None:
    connection = sample.sample_night()
    bills.add_history(connection)
    lines = render_markdown(read_report(connection, sample.AS_OF)).splitlines()
    start = lines.index("Days before 30 September 2026, since that night:")

    assert lines[start + 4 : start + 7] == [
        "| Known then | \\$95.00 | \\$95.00 |",
        "| line items that were delivered after the night | +\\$3.10 | +\\$3.10 |",
        "| **Known now** | **\\$98.10** | **\\$98.10** |",
    ]


def test_bills_stand_beside_their_deliveries_and_invoices() -> None:
    connection = sample.sample_night()
    bills.add_reconciliation(connection)
    lines = render_markdown(read_report(connection, sample.AS_OF)).splitlines()

    delivered = "\\$1,885.25 | \\$0.00 | \\$1,885.25 | \\$1,885.25 | none |"
    assert f"| org-bill | September 2026 | 260 | {delivered}" in lines
    assert "| August 2026 | 100000000001 | all of the month | \\$900.00 | no bill loaded |  |" in lines
    assert "| org-bill | September 2026 | \\$1,885.25 | \\$1,890.00 | \\$1,885.25 | \\$2,400.00 | \\$1,885.25 |" in lines


def test_commands_stand_in_fenced_blocks() -> None:
    document = render_markdown(sample.sample_report())

    assert "```\naws ec2 stop-instances --region=us-east-1 --instance-ids=i-trainer07\n```" in document


def test_findings_without_known_savings_stand_apart_with_what_their_resources_cost_once() -> None:
    lines = render_markdown(sample.sample_report()).splitlines()

    assert "* **Savings not known:** 2 findings on resources that cost $200.00 a month" in lines
    assert "| datasets: forgotten\\_bucket | data | \\$200.00 |" in lines
    assert "| **Resources, each counted once** |  | **\\$200.00** |" in lines


def test_long_lists_are_cut_and_what_is_cut_is_summed() -> None:
    with sample.empty_night() as connection:
        hidden = (
            sample.evaluation(f"i-{number:02}", "excepted", "2.00", reason="kept", excepted_savings=Decimal("1.00")) for number in range(30)
        )
        sample.add_charges(connection)
        sample.insert(connection, results.EVALUATIONS, *hidden)
        document = render_markdown(read_report(connection, sample.AS_OF))

    assert "| 5 more in evaluations.csv |  |  | \\$10.00 | \\$5.00 |" in document
    assert "| **Total** |  |  | **\\$60.00** | **\\$30.00** |" in document


def test_an_empty_night_says_so() -> None:
    assert "No bill has been loaded yet" in render_markdown(read_report(sample.empty_night(), sample.AS_OF))
