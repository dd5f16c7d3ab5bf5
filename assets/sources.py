"""What the providers deliver, landed in the lake. How a source is read is in costsieve.sources."""

from typing import Any

import dagster as dg

from assets.metadata import preview
from assets.partitions import NIGHTS, as_of
from assets.resources import Installation
from costsieve.errors import SourceError
from costsieve.sources.configured import sources_of
from costsieve.sources.landing import LoadSummary, load_source, retire_unnamed_sources

_RETRIES = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)

_LANDED = {
    "aws_cur": ("AWS Cost and Usage Report, as delivered: Parquet kept byte for byte, CSV converted once.", {"s3", "parquet"}),
    "gcp_billing": ("GCP detailed billing export, one version per partition day.", {"bigquery", "parquet"}),
    "utilization": ("Hourly utilization from CloudWatch or files.", {"parquet"}),
    "inventory": ("What there is: instances, volumes, snapshots, endpoints, notebooks, jobs.", {"parquet"}),
    "s3_inventory": ("Objects of the latest S3 Inventory.", {"s3", "parquet"}),
    "s3_reads": ("Reads of stored objects by age.", {"parquet"}),
}


def _landed_asset(source_type: str) -> dg.AssetsDefinition:
    description, kinds = _LANDED[source_type]

    @dg.asset(
        key=["lake", source_type],
        group_name="sources",
        description=description,
        kinds=kinds,
        owners=["team:finops"],
        partitions_def=NIGHTS,
        retry_policy=_RETRIES,
        op_tags={"costsieve/stage": "sources"},
    )
    def landed(context: dg.AssetExecutionContext, installation: Installation) -> dg.MaterializeResult[Any]:
        sources = [source for source in sources_of(installation.settings) if source.source_type == source_type]
        try:
            summaries = [load_source(installation.warehouse, source, as_of(context), installation.observed_at) for source in sources]
        except SourceError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        retire_unnamed_sources(installation.warehouse, source_type, [source.name for source in sources])
        with installation.warehouse.connect() as connection:
            shown = preview(connection, "sources/preview.sql", {"source_type": source_type})
        return dg.MaterializeResult(metadata={**_metadata(summaries), "preview": shown})

    return landed


def _metadata(summaries: list[LoadSummary]) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "dagster/row_count": sum(summary.row_count for summary in summaries),
        "bytes": sum(summary.byte_count for summary in summaries),
        "changed periods": sum(len(summary.changed_periods) for summary in summaries),
    }
    for summary in summaries:
        metadata[f"{summary.source}: changed"] = ", ".join(summary.changed_periods) or "nothing"
        for currency, total in summary.totals.items():
            metadata[f"{summary.source}: {currency} landed"] = float(total)
    return metadata


LANDED = [_landed_asset(source_type) for source_type in _LANDED]
