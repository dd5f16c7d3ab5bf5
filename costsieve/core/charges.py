"""The views core.charges and core.split_line_items. What a charge costs and is called is in sql/core, not here."""

from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection

LINE_ITEM_MODELS = ("aws_line_items", "gcp_line_items", "focus_line_items", "line_items", "charges", "split_line_items")


def create_charges_view(connection: Connection) -> None:
    """Create core.charges and core.split_line_items over the raw views; the raw views must be there."""
    for model in LINE_ITEM_MODELS:
        connection.execute(f"CREATE OR REPLACE VIEW core.{model} AS {model_sql(f'core/{model}')}")
