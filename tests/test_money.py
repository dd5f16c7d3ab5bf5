from decimal import Decimal

import duckdb
import pytest

from costsieve.money import MONEY, exact_decimal


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.mark.parametrize("places", [9, 10, 12])
@pytest.mark.parametrize("size", [1, 4095, 4097, 9_000, 250_000, 90_000_000])
def test_a_double_is_read_as_the_decimal_that_was_written(connection: duckdb.DuckDBPyConnection, places: int, size: int) -> None:
    """Up to fifteen significant digits a double gives every decimal back."""
    places = min(places, 15 - len(str(size)))
    written = f"""
        SELECT CAST({size} AS DECIMAL(38, 12)) * sign + CAST(number * 7919 % power AS DECIMAL(38, 12)) / power * sign AS amount
        FROM range(2000) AS numbers (number), (VALUES (10 ** {places}, 1), (10 ** {places}, -1)) AS kinds (power, sign)
    """
    texts = f"SELECT CAST(round(amount, {places}) AS VARCHAR) AS written FROM ({written})"
    wrong = f"""
        SELECT written, {exact_decimal("CAST(written AS DOUBLE)")} AS found FROM ({texts})
        WHERE found <> CAST(written AS {MONEY})
    """
    assert connection.sql(wrong).fetchall() == []


@pytest.mark.parametrize(
    "number", ["'12345.6789012345'", "CAST('12345.6789012345' AS DECIMAL(20, 10))", "CAST('12345.6789012345' AS DOUBLE)"]
)
def test_texts_decimals_and_doubles_of_one_amount_are_one_amount(connection: duckdb.DuckDBPyConnection, number: str) -> None:
    assert connection.sql(f"SELECT {exact_decimal(number)}").fetchall() == [(Decimal("12345.6789012345"),)]


def test_no_amount_stays_none(connection: duckdb.DuckDBPyConnection) -> None:
    assert connection.sql(f"SELECT {exact_decimal('CAST(NULL AS DOUBLE)')}").fetchall() == [(None,)]
