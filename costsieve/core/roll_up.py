"""Rolling changed bill periods up into core.daily_cost, core.hourly_usage and core.split_costs. Unchanged periods are not read at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import md5

import sqlglot
from sqlglot import exp

from costsieve.contracts.loads import CHARGE_TOTALS, COST_COLUMNS
from costsieve.contracts.roll_ups import DAILY_COST, HOURLY_USAGE
from costsieve.contracts.table import Table
from costsieve.core.allocation_values import write_accounts, write_values
from costsieve.core.charges import LINE_ITEM_MODELS
from costsieve.settings import Allocation
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection


@dataclass(frozen=True)
class _Change:
    """One bill period whose roll-ups are out of date."""

    source: str
    period: str
    version: str
    definition: str


@dataclass(frozen=True)
class RollUpSummary:
    """What a night rolled up; nothing when no bill changed.

    Args:
        periods: source and period of what was replaced, such as ``org-bill 2026-09``.
        daily_rows: rows written to core.daily_cost.
        hourly_rows: rows written to core.hourly_usage.
    """

    periods: tuple[str, ...]
    daily_rows: int
    hourly_rows: int


def roll_up_changes(connection: Connection, allocation: Allocation) -> RollUpSummary:
    """Replace the roll-ups of exactly the bill periods whose current version or definition is not the one they were made of.

    Run it inside a transaction, with core.charges over the current loads. A period that is loaded no more loses its rows.
    """
    definition = _definition(allocation)
    write_accounts(connection, allocation)
    for source, period in connection.execute(statement("core/withdrawn_periods.sql")).fetchall():
        _forget(connection, source, period)
    changed = [_Change(*row) for row in connection.execute(statement("core/changed_periods.sql"), {"definition": definition}).fetchall()]
    daily_rows = hourly_rows = 0
    for source, periods in _batches(changed):
        daily, hourly = _replace_periods(connection, source, periods, allocation)
        for item in periods:
            connection.execute("INSERT INTO meta.roll_ups VALUES ($source, $period, $version, $definition)", vars(item))
        daily_rows, hourly_rows = daily_rows + daily, hourly_rows + hourly
    return RollUpSummary(tuple(f"{item.source} {item.period}" for item in changed), daily_rows, hourly_rows)


def forget_roll_ups(connection: Connection) -> None:
    """Have the next night roll every period up again: what has been rolled up failed its checks."""
    connection.execute("DELETE FROM meta.roll_ups")


def _definition(allocation: Allocation) -> str:
    """Return a fingerprint of how roll-ups are made: another model or other allocation settings make every one of them anew."""
    models = (*LINE_ITEM_MODELS, "roll_up", "daily_cost", "hourly_usage", "charge_totals", "cost_columns", "split_costs")
    made = "".join(model_sql(f"core/{model}") for model in models)
    return md5((made + allocation.model_dump_json(exclude={"shared"})).encode(), usedforsecurity=False).hexdigest()


def _batches(changed: Sequence[_Change]) -> list[tuple[str, list[_Change]]]:
    """Group by source and calendar month: GCP days of a month share one scan, and memory stays that of one month."""
    batches: dict[tuple[str, str], list[_Change]] = {}
    for item in changed:
        batches.setdefault((item.source, item.period[:7]), []).append(item)
    return [(source, periods) for (source, _), periods in batches.items()]


def _replace_periods(connection: Connection, source: str, periods: Sequence[_Change], allocation: Allocation) -> tuple[int, int]:
    for item in periods:
        _forget(connection, item.source, item.period)
    bound = {"source": source, "periods": [item.period for item in periods]}
    # First, since the net cost of a discount depends on it.
    connection.execute(f"INSERT INTO {COST_COLUMNS.full_name} BY NAME {model_sql('core/cost_columns')}", bound)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE rolled_line_items AS {model_sql('core/roll_up')}", bound)
    write_values(connection, allocation, "temp.rolled_line_items")
    daily_rows = _insert(connection, DAILY_COST, "SELECT * FROM temp.rolled_line_items WHERE is_daily")
    hourly_rows = _insert(connection, HOURLY_USAGE, "SELECT * FROM temp.rolled_line_items WHERE is_hourly")
    _insert(connection, CHARGE_TOTALS, "SELECT * FROM temp.rolled_line_items WHERE NOT is_daily AND NOT is_hourly")
    connection.execute("DROP TABLE temp.rolled_line_items")
    _insert_split_costs(connection, source, periods, allocation)
    return daily_rows, hourly_rows


def _insert(connection: Connection, table: Table, rolled: str) -> int:
    """Run the definition of ``table`` over line items that are summed already: core.charges names them as it names single ones."""
    connection.execute(f"CREATE OR REPLACE TEMP VIEW rolled_rows AS {rolled}")
    charges = _reading("core/charges", "core.line_items", "temp.rolled_rows")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW rolled_charges AS {charges}")
    select = _reading(f"core/{table.name}", "core.charges", "temp.rolled_charges")
    inserted = connection.execute(f"INSERT INTO {table.full_name} BY NAME {select}").fetchone()
    connection.execute("DROP VIEW temp.rolled_charges")
    connection.execute("DROP VIEW temp.rolled_rows")
    return int(inserted[0]) if inserted else 0


def _insert_split_costs(connection: Connection, source: str, periods: Sequence[_Change], allocation: Allocation) -> None:
    """Keep what containers used apart: it describes charges that are rolled up already."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE split_line_items AS"
        " SELECT * FROM core.split_line_items WHERE x_source = $source AND list_contains($periods, x_period)",
        {"source": source, "periods": [item.period for item in periods]},
    )
    write_values(connection, allocation, "temp.split_line_items")
    select = _reading("core/split_costs", "core.split_line_items", "temp.split_line_items")
    connection.execute(f"INSERT INTO core.split_costs BY NAME {select}")
    connection.execute("DROP TABLE temp.split_line_items")


@cache
def _reading(model: str, table: str, other: str) -> str:
    """Return a model's SELECT with one of its tables replaced by another of the same columns."""
    return exp.replace_tables(sqlglot.parse_one(model_sql(model), dialect="duckdb"), {table: other}).sql(dialect="duckdb")


def _forget(connection: Connection, source: str, period: str) -> None:
    bound = {"source": source, "period": period}
    connection.execute("DELETE FROM core.daily_cost WHERE x_source = $source AND x_period = $period", bound)
    connection.execute("DELETE FROM core.hourly_usage WHERE x_source = $source AND x_period = $period", bound)
    connection.execute("DELETE FROM core.split_costs WHERE x_source = $source AND x_period = $period", bound)
    connection.execute("DELETE FROM meta.charge_totals WHERE source = $source AND period = $period", bound)
    connection.execute("DELETE FROM meta.cost_columns WHERE source = $source AND period = $period", bound)
    connection.execute("DELETE FROM meta.roll_ups WHERE source = $source AND period = $period", bound)
