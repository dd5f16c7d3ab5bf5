"""What doctor says of columns that a landed bill lacks."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from costsieve.contracts.raw import BILLS
from costsieve.diagnosis.columns import column_effects, landed_columns, landed_line_item_types, missing_columns
from costsieve.diagnosis.observation import Observation
from costsieve.home import Home

COMMITMENT_COLUMNS = {
    "SavingsPlanCoveredUsage": ["savings_plan_savings_plan_effective_cost"],
    "SavingsPlanRecurringFee": ["savings_plan_total_commitment_to_date", "savings_plan_used_commitment"],
    "DiscountedUsage": ["reservation_effective_cost"],
    "RIFee": [
        "reservation_reservation_a_r_n",
        "reservation_unused_amortized_upfront_fee_for_billing_period",
        "reservation_unused_recurring_fee",
    ],
}

type Seen = Callable[..., dict[str, Observation]]


@pytest.fixture
def seen(tmp_path: Path) -> Seen:
    """Land one file of line items with the columns that are named, and look at what it lacks."""

    def run(*columns: str, line_item_type: str) -> dict[str, Observation]:
        home = Home(tmp_path / "home")
        folder = home.lake / "aws_cur" / "source=org-bill" / "period=2026-09" / "version=v1"
        folder.mkdir(parents=True)
        pl.DataFrame({"line_item_line_item_type": [line_item_type], **dict.fromkeys(columns, "")}).write_parquet(folder / "1.parquet")
        columns_there = landed_columns(home, "org-bill", "aws_cur")
        types_there = landed_line_item_types(home, "org-bill", "aws_cur")
        return {each.point: each for each in missing_columns("org-bill", "aws_cur", columns_there, types_there)}

    return run


@pytest.mark.parametrize("line_item_type", COMMITMENT_COLUMNS)
def test_columns_of_commitments_fail_where_the_bill_has_rows_that_need_them(seen: Seen, line_item_type: str) -> None:
    told = seen(line_item_type=line_item_type)
    needed = [f"column {column}" for column in COMMITMENT_COLUMNS[line_item_type]]
    assert sorted(point for point, each in told.items() if each.state == "failed") == needed
    assert f"the bill has {line_item_type} rows, so its nights are blocked" in told[needed[0]].finding


def test_columns_of_commitments_are_named_on_one_line_where_no_row_needs_them(seen: Seen) -> None:
    told = seen(line_item_type="Usage")
    assert told["columns of commitments"].state == "ok"
    assert all(column in told["columns of commitments"].finding for columns in COMMITMENT_COLUMNS.values() for column in columns)
    assert not [each for each in told.values() if each.state == "failed"]


def test_a_delivered_column_is_not_named(seen: Seen) -> None:
    told = seen("reservation_effective_cost", line_item_type="DiscountedUsage")
    assert "column reservation_effective_cost" not in told
    assert "reservation_effective_cost" not in told["columns of commitments"].finding


def test_a_column_that_only_net_costs_need_is_a_warning(seen: Seen) -> None:
    assert seen(line_item_type="DiscountedUsage")["column reservation_net_effective_cost"].state == "warning"


def test_types_are_unknown_before_the_first_night(tmp_path: Path) -> None:
    assert landed_line_item_types(Home(tmp_path), "org-bill", "aws_cur") == frozenset()


def test_every_column_is_one_that_the_raw_view_reads() -> None:
    read = {table.name: set(table.column_names) for table in BILLS}
    read["gcp_billing"] |= {"resource.global_name", "system_labels", "consumption_model.description"}
    unread = {source_type: sorted(set(effects) - read[source_type]) for source_type, effects in column_effects().items()}
    assert not any(unread.values()), unread
