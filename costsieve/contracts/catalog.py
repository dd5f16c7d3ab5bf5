"""All contracts in the order of the pipeline. Tables are defined in their own stage's module, not here."""

from costsieve.contracts import core, gcp, meta, raw, results, usage
from costsieve.contracts.table import Table

VIEWS = (*raw.TABLES, core.CHARGES, *gcp.VIEWS, usage.UTILIZATION)
"""Views over the lake: created from the current loads, never written to."""

TABLES: tuple[Table, ...] = tuple(
    table for table in (*meta.TABLES, *core.TABLES, *gcp.TABLES, *usage.TABLES, *results.TABLES) if table not in VIEWS
)
"""Tables that the night writes."""

BY_NAME: dict[str, Table] = {table.full_name: table for table in (*VIEWS, *TABLES)}
