"""Reconciliation: delivered files, charges, daily costs and the user's invoices side by side. What a difference leads to, checks decide."""

from pathlib import Path

from costsieve.contracts import quality as quality_contracts
from costsieve.contracts.loads import INVOICES
from costsieve.quality.invoices import read_invoices
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, replace_frame, replace_rows


def reconcile(connection: Connection) -> int:
    """Replace quality.reconciliation; return its row count. Run it inside a transaction, after the roll-up.

    Reads no line items: delivered files were summed when they were landed and core.charges when they were rolled up, so that unchanged
    periods cost one look at their daily costs.
    """
    return replace_rows(connection, quality_contracts.RECONCILIATION, model_sql("reconciliation/reconciliation"))


def compare_invoices(connection: Connection, path: Path | None) -> int:
    """Replace quality.invoices by the invoices of the file ``path``, none without one, beside the bills; return its row count.

    Raises ConfigurationError naming the file, the line and the column that cannot be used. Run it inside a transaction, after the roll-up.
    """
    replace_frame(connection, INVOICES, read_invoices(path))
    return replace_rows(connection, quality_contracts.INVOICES, model_sql("reconciliation/invoices"))
