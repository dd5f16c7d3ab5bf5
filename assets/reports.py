"""What people read: the report files, and the published warehouse. How they look is in costsieve.reports."""

from typing import Any

import dagster as dg

from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.publication import publish
from costsieve.reports.write import write_reports
from costsieve.sources.retention import remove_unreferenced


@dg.asset(
    key=["reports", "files"],
    deps=[
        ["results", "plan"],
        ["results", "evaluations"],
        ["results", "evaluated_spend"],
        ["results", "finding_changes"],
        ["results", "finding_history"],
        ["results", "realized_savings"],
        ["results", "allocated_costs"],
        ["results", "tag_coverage"],
        ["core", "known_costs"],
        ["core", "month_views"],
        ["quality", "reconciliation"],
        ["quality", "invoices"],
    ],
    group_name="reports",
    kinds={"html"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def report_files(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """The report of the night as HTML, Markdown, CSV and JSON."""
    with installation.warehouse.connect() as connection:
        files = write_reports(connection, installation.home, as_of(context), installation.settings.currency)
    return dg.MaterializeResult(metadata={"report": dg.MetadataValue.path(str(files.html))})


@dg.asset(
    key=["published", "warehouse"],
    deps=[["reports", "files"]],
    group_name="reports",
    kinds={"duckdb"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def published_warehouse(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """The DuckDB file for readers, replaced in one step at the very end of the night."""
    removed = remove_unreferenced(installation.home)  # before: who has the file open that is replaced now keeps its lake files for a night
    path = publish(installation.warehouse, as_of(context), installation.observed_at)
    return dg.MaterializeResult(
        metadata={"file": dg.MetadataValue.path(str(path)), "bytes": path.stat().st_size, "lake versions removed": len(removed)}
    )


REPORTS = [report_files, published_warehouse]
