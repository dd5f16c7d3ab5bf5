"""The view core.charges and the line items it names. What a charge costs and is called is in sql/core, not here."""

from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection

_MODELS = ("aws_line_items", "gcp_line_items", "line_items", "charges")


def create_charges_view(connection: Connection) -> None:
    """Create core.charges over the raw views; raw.aws_cur and raw.gcp_billing must be there."""
    for model in _MODELS:
        connection.execute(f"CREATE OR REPLACE VIEW core.{model} AS {model_sql(f'core/{model}')}")
