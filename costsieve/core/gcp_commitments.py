"""core.commitment_attribution: what the fees of GCP commitments cost the usage that they covered. How, is in sql/core."""

from costsieve.contracts.gcp import COMMITMENT_ATTRIBUTION
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_rows


def attribute_commitments(connection: Connection) -> int:
    """Replace core.commitment_attribution by what core.daily_cost says now; return its row count.

    The rows of a day, billing account, currency and kind of cover add up to the fees of the pool `commitment_purchase`.
    """
    create_commitment_views(connection)
    return replace_rows(connection, COMMITMENT_ATTRIBUTION, model_sql("core/commitment_attribution"))


def create_commitment_views(connection: Connection) -> None:
    """Create core.commitment_covers, what fees and the usage under them are for, and core.commitment_claims, who shares in them."""
    for name in ("commitment_covers", "commitment_claims"):
        connection.execute(f"CREATE OR REPLACE VIEW core.{name} AS {model_sql(f'core/{name}')}")
