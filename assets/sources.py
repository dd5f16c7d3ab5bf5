"""What the providers deliver, landed in the lake. How a source is read is in costsieve.sources."""

from typing import Any

import dagster as dg

from assets.metadata import preview, table_result
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.contracts.nights import SOURCE_READS
from costsieve.errors import SourceError
from costsieve.sources.configured import LAKE_ASSETS
from costsieve.sources.first_usage import require_usage_before
from costsieve.sources.reads import Night, SourceRead, conclude_reads, read_sources

_RETRIES = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)

_LANDED = {
    "aws_cur": ("AWS cost and usage reports, as delivered: Parquet kept byte for byte, CSV converted once.", {"s3", "parquet"}),
    "gcp_billing": ("GCP billing exports, one version per partition day.", {"bigquery", "parquet"}),
    "gcp_pricing": ("GCP pricing exports: what each SKU costs this account.", {"bigquery", "parquet"}),
    "focus": ("FOCUS files of any provider.", {"parquet"}),
    "utilization": ("Hourly utilization from CloudWatch or files.", {"parquet"}),
    "inventory": ("What there is: instances, volumes, snapshots, endpoints, notebooks, jobs.", {"parquet"}),
    "s3_inventory": ("Objects of the latest S3 Inventory.", {"s3", "parquet"}),
    "s3_reads": ("Reads of stored objects by age.", {"parquet"}),
}


def _landed_asset(lake_asset: str) -> dg.AssetsDefinition:
    description, kinds = _LANDED[lake_asset]

    @dg.asset(
        key=["lake", lake_asset],
        group_name="sources",
        description=description,
        kinds=kinds,
        owners=["team:finops"],
        partitions_def=NIGHTS,
        retry_policy=_RETRIES,
        op_tags={"costsieve/stage": "sources"},
    )
    def landed(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
        night = Night(as_of(context), installation.observed_at)
        try:
            reads = read_sources(installation.warehouse, installation.settings, lake_asset, night)
        except SourceError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        for read in reads:
            if read.error:
                context.log.warning("%s could not be read: %s", read.source, read.error)
        with installation.warehouse.connect() as connection:
            shown = preview(connection, "sources/preview.sql", {"sources": [read.source for read in reads]})
        return dg.MaterializeResult(metadata={**_metadata(reads), "preview": shown})

    return landed


def _metadata(reads: list[SourceRead]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(read.summary.row_count for read in reads),
        "bytes": sum(read.summary.byte_count for read in reads),
        "changed periods": sum(len(read.summary.changed_periods) for read in reads),
    }
    for read in reads:
        metadata[f"{read.source}: {read.outcome}"] = read.message or ", ".join(read.summary.changed_periods) or "nothing new"
        for currency, total in read.summary.totals.items():
            metadata[f"{read.source}: {currency} landed"] = float(total)
    return metadata


LANDED = [_landed_asset(lake_asset) for lake_asset in LAKE_ASSETS]


@dg.asset(
    key=["meta", "source_reads"],
    deps=[["lake", lake_asset] for lake_asset in LAKE_ASSETS],
    group_name="sources",
    kinds={"duckdb"},
    owners=["team:finops"],
    partitions_def=NIGHTS,
    description=SOURCE_READS.description,
)
def source_reads(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
    """How the reading of every source ended; its checks compare what was delivered with what was published last."""
    conclude_reads(installation.warehouse, installation.settings, as_of(context))
    require_usage_before(installation.warehouse, installation.settings, Night(as_of(context), installation.observed_at))
    with installation.warehouse.connect() as connection:
        return table_result(connection, SOURCE_READS)


SOURCES = [*LANDED, source_reads]
