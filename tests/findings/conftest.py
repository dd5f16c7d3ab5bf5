"""An empty warehouse with every contract table, and a compact way to fill it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import duckdb
import pytest

from costsieve.contracts import catalog, usage
from costsieve.contracts.table import Table
from costsieve.sql_files import model_sql
from costsieve.usage.estate import describe_machines, price_instances
from costsieve.warehouse import Connection, create_contract_tables

_RESOURCE = {
    "provider": "AWS",
    "account_id": "100000000002",
    "region": "us-east-1",
    "service": "AmazonEC2",
    "is_in_inventory": True,
    "is_inventoried_type": True,
    "currency": "USD",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "usage.resources": _RESOURCE,
    "usage.resource_hour": {"provider": "AWS", "account_id": "100000000002", "sample_count": 12},
    "usage.resource_day": {"provider": "AWS", "account_id": "100000000002", "hours_observed": 24, "average": 0, "maximum": 0},
    "usage.resource_charges": {
        "provider": "AWS",
        "account_id": "100000000002",
        "region": "us-east-1",
        "service": "AmazonEC2",
        "currency": "USD",
        "pricing_category": "Standard",
    },
    "usage.unit_prices": {"provider": "AWS", "region": "us-east-1", "service": "AmazonEC2", "currency": "USD"},
    "inventory.instance_types": {
        "provider": "AWS",
        "gpus": 0,
        "architecture": "x86_64",
        "is_burstable": False,
        "is_current_generation": True,
    },
    "core.instance_rates": {
        "ProviderName": "AWS",
        "RegionId": "us-east-1",
        "ServiceName": "AmazonEC2",
        "x_operation": "RunInstances",
        "BillingCurrency": "USD",
        "hourly_rate": 0,
        "instance_hours": 720,
    },
    "core.daily_cost": {
        "x_source": "org-bill",
        "x_period": "2026-09",
        "ProviderName": "AWS",
        "BillingAccountId": "100000000001",
        "SubAccountId": "100000000002",
        "BillingCurrency": "USD",
        "ServiceName": "AmazonEC2",
        "ResourceType": "virtual_machine",
        "x_instance_type": "m5.large",
        "x_operation": "RunInstances",
        "ChargeCategory": "Usage",
        "PricingCategory": "Standard",
        "x_charge_type": "Usage",
        "x_charge_kind": "Usage",
        "x_pool": "usage",
        "charge_count": 24,
    },
    "core.hourly_usage": {
        "x_source": "org-bill",
        "x_period": "2026-09",
        "ProviderName": "AWS",
        "BillingAccountId": "100000000001",
        "SubAccountId": "100000000002",
        "BillingCurrency": "USD",
        "ServiceName": "AmazonEC2",
        "x_instance_type": "m5.large",
        "x_operation": "RunInstances",
        "ChargeCategory": "Usage",
        "PricingCategory": "Standard",
        "x_charge_type": "Usage",
        "x_pool": "usage",
    },
    "core.resource_costs": {
        "ProviderName": "AWS",
        "SubAccountId": "100000000002",
        "ServiceName": "AmazonEC2",
        "BillingCurrency": "USD",
        "window_start": date(2026, 9, 1),
        "window_end": date(2026, 10, 1),
        "first_charged_on": date(2026, 7, 3),
        "last_charged_on": date(2026, 9, 30),
    },
}
_BEHIND_MACHINES = ("usage.resources", "usage.resource_charges", "inventory.instance_types", "core.instance_rates")


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as opened:
        opened.execute("SET TimeZone = 'UTC'")
        create_contract_tables(opened)
        opened.execute(usage.UTILIZATION.ddl())
        yield opened


def insert(connection: Connection, table_name: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows; columns that a row lacks take the table's default, then 0 for amounts that may not be null, then null."""
    table = catalog.BY_NAME[table_name]
    for row in rows:
        unknown = set(row) - set(table.column_names)
        assert not unknown, f"{table_name} has no column {unknown}"
        values = [_value(table, name, row) for name in table.column_names]
        connection.execute(f"INSERT INTO {table_name} VALUES ({', '.join('?' * len(values))})", values)
    if table_name in _BEHIND_MACHINES:
        _describe_machines(connection)


def insert_series(connection: Connection, series: list[dict[str, Any]]) -> None:
    """Insert hourly rows: each series names resource_id, metric, from and hours, and the same values for all its hours.

    With `times` it is repeated every `every_hours` (24).
    The account is that of the resource where none is given. Days are rolled up from the hours as a night does it.
    """
    for each in series:
        start = each["from"]
        start = start if isinstance(start, datetime) else datetime.combine(start, time())
        values = {key: each[key] for key in ("provider", "account_id", "average", "maximum", "p95", "total") if key in each}
        maximum = values.get("maximum", values.get("total", 0))
        owners = connection.execute(
            "SELECT DISTINCT account_id FROM usage.resources WHERE resource_id = ?", [each["resource_id"]]
        ).fetchall()
        account = {"account_id": owners[0][0]} if len(owners) == 1 and owners[0][0] else {}
        row = {"average": maximum, "maximum": maximum, "p95": None, "total": None} | DEFAULTS["usage.resource_hour"] | account | values
        connection.execute(
            "INSERT INTO usage.resource_hour SELECT $provider, $account_id, $resource_id, $metric, "
            "$start + to_hours(CAST(h + t * $every AS INTEGER)), $average, $maximum, $p95, $total, $sample_count "
            "FROM range($hours) AS hours(h), range($times) AS times(t)",
            row
            | {"resource_id": each["resource_id"], "metric": each["metric"], "start": start, "hours": each["hours"]}
            | {"times": each.get("times", 1), "every": each.get("every_hours", 24)},
        )
    if series:
        select = model_sql("usage/resource_day")
        connection.execute(f"INSERT INTO usage.resource_day BY NAME {select}", {"day_from": date(2000, 1, 1), "day_to": date(2100, 1, 1)})
        _describe_machines(connection)


def _describe_machines(connection: Connection) -> None:
    """Make the tables on machines and their prices of what is inserted, as a night does it."""
    describe_machines(connection)
    price_instances(connection)


def insert_daily(connection: Connection, days: int, **row: Any) -> None:  # noqa: ANN401 - columns of any type
    """Insert the same daily row for each of the `days` days before 2026-10-01."""
    costs = {name: row.get("x_net_effective_cost", 0) for name in ("BilledCost", "EffectiveCost", "ContractedCost", "ListCost")}
    insert(
        connection,
        "core.daily_cost",
        [costs | row | {"usage_date": date(2026, 10, 1) - timedelta(days=number)} for number in range(1, days + 1)],
    )


def insert_hours(connection: Connection, days: int, hours: Sequence[int] = tuple(range(24)), **row: Any) -> None:  # noqa: ANN401 - columns of any type
    """Insert the same row of hourly usage for these hours of each of the `days` days before 2026-10-01."""
    table = catalog.BY_NAME["core.hourly_usage"]
    cost = row.get("x_net_effective_cost", 0)
    values = {"ListCost": cost} | row
    columns = [f"${name} AS {name}" for name in table.column_names if name != "usage_hour"]
    connection.execute(
        f"INSERT INTO core.hourly_usage BY NAME SELECT {', '.join(columns)}, "
        "TIMESTAMP '2026-10-01' - to_days(CAST(day AS INTEGER)) + to_hours(CAST(hour AS INTEGER)) AS usage_hour "
        "FROM range(1, $days + 1) AS days(day), unnest($hours) AS hours(hour)",
        {name: _value(table, name, values) for name in table.column_names if name != "usage_hour"} | {"days": days, "hours": list(hours)},
    )


def _value(table: Table, name: str, row: dict[str, Any]) -> Any:  # noqa: ANN401 - a cell of any type
    if name in row:
        return row[name]
    defaults = DEFAULTS.get(table.full_name, {})
    if name in defaults:
        return defaults[name]
    column = next(column for column in table.columns if column.name == name)
    return 0 if not column.nullable and column.type.startswith("DECIMAL") else None
