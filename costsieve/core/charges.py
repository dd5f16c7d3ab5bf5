"""The view core.charges and the two provider views it is made of. What a charge means is in sql/core/{aws,gcp}_charges."""

from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection

_MODELS = ("aws_charges", "gcp_charges", "charges")


def create_charges_view(connection: Connection) -> None:
    """Create core.charges over the raw views; raw.aws_cur and raw.gcp_billing must be there."""
    for model in _MODELS:
        connection.execute(f"CREATE OR REPLACE VIEW core.{model} AS {model_sql(f'core/{model}')}")
