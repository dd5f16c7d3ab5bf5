"""Utilization per day, the latest inventory, what the bill charges for resources, and the three joined. No rule is applied here."""

from datetime import date, timedelta
from pathlib import Path

from costsieve.contracts import machines, usage
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_rows

_CATALOGUE = Path(__file__).parent / "catalogue" / "instance_types.csv"


def load_instance_types(connection: Connection) -> int:
    """Fill inventory.instance_types from the bundled catalogue; returns the number of types."""
    return replace_rows(connection, usage.INSTANCE_TYPES, "SELECT * FROM read_csv($path, header = true)", {"path": str(_CATALOGUE)})


def load_inventory(connection: Connection, as_of: date) -> int:
    """Fill inventory.resources from the newest inventory of each source before ``as_of``; returns the number of resources."""
    return replace_rows(connection, usage.INVENTORY, model_sql("usage/inventory_resources"), {"as_of": as_of})


def roll_up_utilization(connection: Connection, as_of: date, look_back_days: int = 90) -> int:
    """Fill usage.resource_day for the look-back before ``as_of``; returns the number of rows."""
    parameters = {"day_from": as_of - timedelta(days=look_back_days), "day_to": as_of}
    return replace_rows(connection, usage.RESOURCE_DAY, model_sql("usage/resource_day"), parameters)


def match_estate(connection: Connection) -> int:
    """Fill usage.resources: core.resource_costs and inventory.resources, matched by id; returns the number of resources."""
    return replace_rows(connection, usage.RESOURCES, model_sql("usage/resources"))


def itemise_charges(connection: Connection, as_of: date) -> int:
    """Fill usage.resource_charges for the window that core.resource_costs has in the night ``as_of``; returns the number of rows."""
    return replace_rows(connection, usage.RESOURCE_CHARGES, model_sql("usage/resource_charges"), {"as_of": as_of})


def read_unit_prices(connection: Connection, as_of: date) -> int:
    """Fill usage.unit_prices from the bill of the 90 days before ``as_of``; returns the number of prices."""
    return replace_rows(connection, usage.UNIT_PRICES, model_sql("usage/unit_prices"), {"as_of": as_of})


def describe_machines(connection: Connection) -> int:
    """Fill usage.machines from usage.resources, their charges and their metrics; returns the number of machines."""
    return replace_rows(connection, machines.MACHINES, model_sql("usage/machines"))


def price_instances(connection: Connection) -> int:
    """Fill usage.instance_prices from core.instance_rates and the catalogue of types; returns the number of prices."""
    return replace_rows(connection, machines.INSTANCE_PRICES, model_sql("usage/instance_prices"))


def summarise_objects(connection: Connection, as_of: date) -> int:
    """Fill usage.stored_objects and usage.object_reads from the newest inventory; returns the number of stored-object rows."""
    replace_rows(connection, usage.OBJECT_READS, model_sql("usage/object_reads"), {"as_of": as_of})
    return replace_rows(connection, usage.OBJECTS, model_sql("usage/stored_objects"), {"as_of": as_of})
