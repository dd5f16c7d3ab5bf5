"""Amounts are written with their currency and made to add up."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from costsieve.money import to_cents
from costsieve.period import Window
from costsieve.reports.amounts import byte_size, cents_that_add_up, change, days_of, exact_money, money, month_name, percent, signed_money

AMOUNTS = st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=12), max_size=20)


@given(AMOUNTS)
def test_rounded_rows_sum_to_the_rounded_total(amounts: list[Decimal]) -> None:
    assert sum(cents_that_add_up(amounts), Decimal("0.00")) == to_cents(sum(amounts, Decimal(0)))


@given(AMOUNTS)
def test_no_row_is_off_by_more_than_a_cent(amounts: list[Decimal]) -> None:
    assert all(abs(shown - true) <= Decimal("0.01") for shown, true in zip(cents_that_add_up(amounts), amounts, strict=True))


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        ("1234567.5", "USD", "$1,234,567.50"),
        ("-3", "EUR", "\u2212€3.00"),
        ("0.999", "USD", "$1.00"),
        ("12", "CHF", "CHF 12.00"),
    ],
)
def test_money_has_currency_separators_and_cents(amount: str, currency: str, written: str) -> None:
    assert money(Decimal(amount), currency) == written


def test_a_difference_carries_its_sign() -> None:
    assert [signed_money(Decimal(value), "USD") for value in (5, 0, -5)] == ["+$5.00", "$0.00", "\u2212$5.00"]


@pytest.mark.parametrize(
    ("amount", "written"),
    [("12", "+$12.00"), ("-1234.5", "\u2212$1,234.50"), ("0.000000000001", "+$0.000000000001"), ("-0.010", "\u2212$0.01")],
)
def test_a_difference_that_must_not_round_away_keeps_every_decimal(amount: str, written: str) -> None:
    assert exact_money(Decimal(amount), "USD") == written


def test_a_billing_month_is_written_in_words_and_any_other_text_as_it_is() -> None:
    assert [month_name(month) for month in ("2026-09", "2026-13", "<b>")] == ["September 2026", "2026-13", "<b>"]


def test_an_unknown_share_is_not_zero() -> None:
    assert percent(None) == "unknown"


def test_there_is_no_change_without_something_to_compare_with() -> None:
    assert change(Decimal(5), None) is None


def test_a_change_carries_its_sign() -> None:
    assert [change(Decimal(value), Decimal(100)) for value in (103, 90)] == ["+3.0 %", "\u221210.0 %"]


def test_sizes_are_in_binary_units() -> None:
    assert [byte_size(size) for size in (512, 1536, 5 * 2**40)] == ["512 bytes", "1.5 KiB", "5.0 TiB"]


@pytest.mark.parametrize(
    ("first", "end", "written"),
    [
        (date(2026, 12, 20), date(2027, 1, 19), "20 Dec to 18 Jan"),
        (date(2024, 12, 20), date(2026, 1, 19), "20 December 2024 to 18 January 2026"),
        (date(2026, 9, 1), date(2026, 9, 2), "1 Sep"),
    ],
)
def test_days_have_a_year_where_one_would_be_guessed(first: date, end: date, written: str) -> None:
    assert days_of(Window(first, end)) == written
