"""Tables that only Google's exports fill. What a fee is attributed to and what a price is, is in sql/core."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from assets.metadata import column_schema, table_metadata
from assets.partitions import NIGHTS
from assets.resources import Installation
from costsieve.contracts import gcp
from costsieve.core.gcp_commitments import attribute_commitments
from costsieve.core.gcp_pages import create_page_views
from costsieve.core.gcp_prices import compute_sku_prices

_PAGES = (gcp.INVOICE_MONTHS, gcp.CONSOLE_DAYS)


@dg.asset(
    key=["core", "commitment_attribution"],
    deps=[["core", "daily_cost"]],
    group_name="core",
    description=gcp.COMMITMENT_ATTRIBUTION.description,
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def commitment_attribution(installation: Installation) -> dg.MaterializeResult[Any]:
    """Fees that Google bills apart from the usage that they cover."""
    with installation.warehouse.transaction() as connection:
        attribute_commitments(connection)
        return dg.MaterializeResult(metadata=table_metadata(connection, gcp.COMMITMENT_ATTRIBUTION))


@dg.asset(
    key=["core", "sku_prices"],
    deps=[["lake", "gcp_pricing"]],
    group_name="core",
    description=gcp.SKU_PRICES.description,
    kinds={"duckdb", "sql"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
)
def sku_prices(installation: Installation) -> dg.MaterializeResult[Any]:
    """List prices and contract prices, from the pricing export."""
    with installation.warehouse.transaction() as connection:
        compute_sku_prices(connection, installation.home)
        return dg.MaterializeResult(metadata=table_metadata(connection, gcp.SKU_PRICES))


@dg.multi_asset(
    specs=[
        dg.AssetSpec(
            [table.schema, table.name],
            deps=[["core", "charges"]],
            description=table.description,
            kinds={"duckdb", "sql"},
            owners=["team:finops"],
        )
        for table in _PAGES
    ],
    name="gcp_pages",
    group_name="core",
    partitions_def=NIGHTS,
)
def gcp_pages(installation: Installation) -> Iterator[dg.MaterializeResult[Any]]:
    """Views to compare with Google's invoice and console; nothing is counted, because that would scan every line item."""
    with installation.warehouse.transaction() as connection:
        create_page_views(connection)
    for table in _PAGES:
        yield dg.MaterializeResult(asset_key=[table.schema, table.name], metadata={"dagster/column_schema": column_schema(table)})


GCP = [commitment_attribution, sku_prices, gcp_pages]
