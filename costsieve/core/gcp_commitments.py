"""core.commitment_attribution: what the fees of GCP commitments cost the usage that they covered. How, is in sql/core."""

from costsieve.contracts.gcp import COMMITMENT_ATTRIBUTION
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_rows


def attribute_commitments(connection: Connection) -> int:
    """Replace core.commitment_attribution by what core.daily_cost says now; return its row count.

    The rows of a day, billing account, currency and kind of cover add up to the fees of the pool `commitment_purchase`.
    """
    return replace_rows(connection, COMMITMENT_ATTRIBUTION, model_sql("core/commitment_attribution"))
