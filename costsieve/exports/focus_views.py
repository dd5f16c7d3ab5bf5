"""FOCUS 1.2 rows as views over the published bills, and the catalogues that they need. Writes no files."""

from pathlib import Path

import polars as pl

from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection

CATALOGUES = ("service_categories", "regions", "resource_types", "units")
MODELS = ("focus_charges", "focus_unused_fees", "focus_fees", "focus_parts", "focus_bills", "focus_delivered", "focus")


def create_focus_views(connection: Connection) -> None:
    """Create temp.focus: the columns of contracts.focus.FOCUS_1_2 after x_source and x_period. The database itself is left as it is."""
    create_catalogues(connection)
    for model in MODELS:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {model} AS {model_sql(f'exports/{model}')}")


def create_catalogues(connection: Connection) -> None:
    """Create a temp table of each catalogue, from the CSV files beside this module."""
    for name in CATALOGUES:
        rows = pl.read_csv(Path(__file__).parent / f"{name}.csv", infer_schema=False)
        connection.register("catalogue_rows", rows)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS FROM catalogue_rows")
        connection.unregister("catalogue_rows")
