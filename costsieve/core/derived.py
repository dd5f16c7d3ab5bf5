"""Tables made of the roll-ups: what resources cost a month, and the rates that the bill shows. No bill file is read here."""

from datetime import date

from costsieve.contracts.costs import INSTANCE_RATES, MONTH_VIEWS, RESOURCE_COSTS
from costsieve.contracts.table import Table
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_rows


def compute_resource_costs(connection: Connection, as_of: date) -> int:
    """Replace core.resource_costs by the last 30 complete days of each bill before ``as_of``; return its row count."""
    return _replace(connection, RESOURCE_COSTS, as_of)


def compute_instance_rates(connection: Connection, as_of: date) -> int:
    """Replace core.instance_rates by the rates of the 90 days before ``as_of``; return its row count."""
    return _replace(connection, INSTANCE_RATES, as_of)


def compute_month_views(connection: Connection) -> int:
    """Replace core.month_views by all months of core.daily_cost; return its row count."""
    return replace_rows(connection, MONTH_VIEWS, model_sql("core/month_views"))


def create_instance_charges_view(connection: Connection) -> None:
    """Create core.instance_charges, the part of core.daily_cost that pays for instances themselves."""
    connection.execute(f"CREATE OR REPLACE VIEW core.instance_charges AS {model_sql('core/instance_charges')}")


def _replace(connection: Connection, table: Table, as_of: date) -> int:
    create_instance_charges_view(connection)
    return replace_rows(connection, table, model_sql(f"core/{table.name}"), {"as_of": as_of})
