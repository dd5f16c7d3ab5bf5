"""The Markdown document: the figures of the report in tables that add up."""

from decimal import Decimal

from costsieve.contracts import results
from costsieve.reports.render_markdown import render_markdown
from costsieve.reports.summary import read_report
from tests.reports import sample_night as sample


def test_the_plan_is_a_table_with_its_total() -> None:
    lines = render_markdown(sample.sample_report()).splitlines()

    assert "| 1 | Stop idle VM trainer-07 (m5.4xlarge, us-east-1) | kim, vision | high | \\$960.00 | \\$960.00 |" in lines
    assert "|  | **Total** |  |  | **\\$1,284.00** | **\\$1,260.00** |" in lines


def test_the_bridge_is_a_table_with_its_total() -> None:
    assert "| **Total** | **\\$1,885.25** | **\\$1,885.25** |" in render_markdown(sample.sample_report())


def test_failed_checks_are_named() -> None:
    document = render_markdown(sample.sample_report())

    assert document.splitlines()[2] == "**Not all data checks passed:** Charges are fresh. See Data checks below."
    assert "2 of 3 checks passed." in document
    assert "| Charges are fresh | core.daily\\_cost | warning | newest day is 2026-09-28 |" in document


def test_commands_stand_in_fenced_blocks() -> None:
    document = render_markdown(sample.sample_report())

    assert "```\naws ec2 stop-instances --region=us-east-1 --instance-ids=i-trainer07\n```" in document


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
