"""All contracts in the order of the pipeline. Tables are defined in their own stage's module, not here."""

from costsieve.contracts import (
    allocation,
    charges,
    containers,
    costs,
    gcp,
    history,
    loads,
    machines,
    nights,
    quality,
    raw,
    realized,
    results,
    roll_ups,
    usage,
)
from costsieve.contracts.table import Table

VIEWS = (*raw.TABLES, charges.CHARGES, *gcp.VIEWS, usage.UTILIZATION)
"""Views over the lake: created from the current loads, never written to."""

TABLES: tuple[Table, ...] = (
    *loads.TABLES,
    *nights.TABLES,
    *allocation.TABLES,
    *roll_ups.TABLES,
    *costs.TABLES,
    *containers.TABLES,
    *(
        table
        for table in (*gcp.TABLES, *usage.TABLES, *machines.TABLES, *quality.TABLES, *results.TABLES, *history.TABLES, *realized.TABLES)
        if table not in VIEWS
    ),
)
"""Tables that the night writes."""

BY_NAME: dict[str, Table] = {table.full_name: table for table in (*VIEWS, *TABLES)}
