"""What a blocked night says to somebody who has just got up."""

from datetime import date
from pathlib import Path

import dagster as dg
import pytest

from costsieve.home import Home
from costsieve.warehouse import Warehouse
from pipelines.messages import tell_blocking, tell_nothing_published

AS_OF = date(2026, 10, 1)


def evaluation(**metadata: str) -> dg.AssetCheckEvaluation:
    return dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(["meta", "source_reads"]),
        check_name="period_total_is_not_halved",
        passed=False,
        metadata={name: dg.MetadataValue.text(value) for name, value in metadata.items()},
    )


def test_a_blocking_check_says_what_was_expected_which_rows_are_against_it_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    check = evaluation(
        title="No delivered period lost half of its cost or more",
        observed="2 offending rows: source=org-bill, period=2026-08 | source=org-bill, period=2026-09",
        remedy="Compare the period with the provider's console.",
    )

    tell_blocking([check], AS_OF)

    assert capsys.readouterr().err.splitlines() == [
        "",
        "costsieve: the night of 2026-10-01 is blocked by 1 critical check:",
        "",
        "  Failed: No delivered period lost half of its cost or more (meta/source_reads, period_total_is_not_halved)",
        "    2 offending rows: source=org-bill, period=2026-08",
        "    source=org-bill, period=2026-09",
        "    What to do: Compare the period with the provider's console.",
    ]


def test_control_characters_of_the_data_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    tell_blocking([evaluation(title="T", observed="1 offending row: x_team=\x1b[2Jgone", remedy="Look.")], AS_OF)

    assert "\x1b" not in capsys.readouterr().err


def test_the_night_that_still_stands_and_the_pages_of_its_checks_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path)
    with Warehouse(home).connect() as connection:
        connection.execute("INSERT INTO meta.nights VALUES (DATE '2026-09-30', TIMESTAMP '2026-09-30 03:10:00', '1', 0, 0, 0)")
    home.published_warehouse.parent.mkdir()
    home.work_warehouse.rename(home.published_warehouse)
    docs = home.data_docs / "2026-10-01" / "index.html"
    docs.parent.mkdir(parents=True)
    docs.touch()

    tell_nothing_published(home, AS_OF)

    assert capsys.readouterr().err.splitlines() == [
        "",
        "costsieve: nothing was published; the last good result, of the night of 2026-09-30, stands.",
        f"What every check saw: {docs}",
    ]
