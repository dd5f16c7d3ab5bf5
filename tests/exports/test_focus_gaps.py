"""The catalogue of what an export cannot have agrees with what an export has."""

from pathlib import Path

import duckdb
import pytest

from costsieve.contracts.focus import FOCUS_1_2
from costsieve.exports.focus_gaps import focus_export_page, focus_gaps
from costsieve.exports.selection import Selection
from costsieve.home import Home
from tests.exports.published import export

SOMETIMES_PRESENT = {"AWS": {"CapacityReservationId", "CapacityReservationStatus", "ChargeClass"}, "GCP": set[str]()}
"""Columns that providers deliver, though no bill of these tests has them."""


@pytest.mark.parametrize("provider", ["AWS", "GCP"])
def test_listed_columns_are_null_and_others_are_not(published: Home, tmp_path: Path, provider: str) -> None:
    export(published, tmp_path / "all.parquet", Selection(providers=(provider,)))

    counts = ", ".join(f"count({name})" for name in FOCUS_1_2.column_names)
    [found] = duckdb.execute(f"SELECT {counts} FROM read_parquet('{tmp_path / 'all.parquet'}')").fetchall()

    absent = {name for name, count in zip(FOCUS_1_2.column_names, found, strict=True) if count == 0}
    assert absent - SOMETIMES_PRESENT[provider] == set(focus_gaps().absent_columns[provider])


def test_the_page_names_every_column_and_rule() -> None:
    page = focus_export_page()

    assert [name for name in FOCUS_1_2.column_names if f"`{name}`" not in page] == []
    assert [rule.rule for rule in focus_gaps().rules if f"`{rule.rule}`" not in page] == []


def test_a_cause_is_the_provider_or_the_validator() -> None:
    assert {rule.cause for rule in focus_gaps().rules} == {"provider", "validator"}
