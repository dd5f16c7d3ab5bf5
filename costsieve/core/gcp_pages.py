"""Views that reproduce what Google's invoice and console show, to compare with. Nothing else is made of them."""

from costsieve.contracts.gcp import CONSOLE_DAYS, INVOICE_MONTHS
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection


def create_page_views(connection: Connection) -> None:
    """Create core.gcp_invoice_months and core.gcp_console_days over raw.gcp_billing, which must be there."""
    for table in (INVOICE_MONTHS, CONSOLE_DAYS):
        connection.execute(f"CREATE OR REPLACE VIEW {table.full_name} AS {model_sql(f'core/{table.name}')}")
