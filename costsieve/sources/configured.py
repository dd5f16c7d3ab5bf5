"""costsieve.yaml -> the sources to land, in its order. A new kind of source is added here, in settings, and as a module of its own."""

from collections.abc import Sequence
from pathlib import Path

from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.source_settings import (
    AwsCurSource,
    AwsInventorySource,
    CloudWatchSource,
    FocusSource,
    GcpBillingSource,
    GcpInventorySource,
    GcpMonitoringSource,
    GcpPricingSource,
    InventoryFilesSource,
    PrometheusSource,
    S3InventorySource,
    SourceSettings,
    UtilizationFilesSource,
)
from costsieve.sources.aws.cloudwatch import CloudWatch
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.aws.inventory.snapshot import AwsInventory
from costsieve.sources.aws.s3_inventory import S3Inventory
from costsieve.sources.aws.s3_reads import S3Reads
from costsieve.sources.files.inventory_files import inventory_files
from costsieve.sources.files.utilization_files import utilization_files
from costsieve.sources.gcp.billing import gcp_billing
from costsieve.sources.source import Source

LAKE_ASSETS = ("aws_cur", "gcp_billing", "gcp_pricing", "focus", "utilization", "inventory", "s3_inventory", "s3_reads")
"""What is landed together. A source belongs to one by its configured type; where its files lie is `Source.source_type`, which may
differ: an `aws_cur` source that delivers FOCUS belongs to aws_cur and lies under focus."""


def sources_of(settings: Settings, lake_asset: str | None = None) -> list[Source]:
    """Return the configured sources of one of LAKE_ASSETS, or all; an S3 inventory with `reads` gives a second one, `<name>-reads`.

    Nothing is read yet: a place that cannot be reached is told by the source's own methods.
    """
    return [source for entry in settings.sources for asset, source in _sources(entry, settings.home) if lake_asset in (None, asset)]


def require_sources(settings: Settings) -> None:
    """Raise ConfigurationError when the configuration names no source: a night of nothing would replace the last good result."""
    if not settings.sources:
        message = "there are no `sources`, so there is nothing to read and nothing was published. Name them, then run `costsieve doctor`."
        raise ConfigurationError(message)


def lake_types() -> dict[str, tuple[str, ...]]:
    """Return the folders of the lake that the sources of each lake asset may fill."""
    return {asset: (asset, "focus") if asset in ("aws_cur", "gcp_billing") else (asset,) for asset in LAKE_ASSETS}


def _sources(entry: SourceSettings, home: Path) -> Sequence[tuple[str, Source]]:
    """Return what one entry lands, by lake asset; ``home`` is where a source may remember what it saw."""
    match entry:
        case UtilizationFilesSource() | CloudWatchSource() | GcpMonitoringSource() | PrometheusSource():
            return [("utilization", _measured(entry))]
        case InventoryFilesSource() | AwsInventorySource() | GcpInventorySource():
            return [("inventory", _listed(entry))]
        case S3InventorySource():
            reads: list[tuple[str, Source]] = [("s3_reads", S3Reads(f"{entry.name}-reads", entry.reads))] if entry.reads else []
            return [("s3_inventory", S3Inventory(entry)), *reads]
        case _:
            return [(entry.type, _billed(entry, home))]


def _billed(entry: AwsCurSource | GcpBillingSource | GcpPricingSource | FocusSource, home: Path) -> Source:
    match entry:
        case AwsCurSource():
            return AwsCur(entry)
        case GcpBillingSource():
            return gcp_billing(entry)
        case GcpPricingSource():
            from costsieve.sources.gcp.pricing import gcp_pricing

            return gcp_pricing(entry)
        case FocusSource():
            from costsieve.sources.focus.files import focus_files

            return focus_files(entry, Home(home).source_memory(entry.name))


def _measured(entry: UtilizationFilesSource | CloudWatchSource | GcpMonitoringSource | PrometheusSource) -> Source:
    match entry:
        case UtilizationFilesSource():
            return utilization_files(entry)
        case CloudWatchSource():
            return CloudWatch(entry)
        case GcpMonitoringSource():
            from costsieve.sources.gcp.monitoring import GcpMonitoring

            return GcpMonitoring(entry)
        case PrometheusSource():
            from costsieve.sources.prometheus.source import PrometheusMetrics

            return PrometheusMetrics(entry)


def _listed(entry: InventoryFilesSource | AwsInventorySource | GcpInventorySource) -> Source:
    match entry:
        case InventoryFilesSource():
            return inventory_files(entry)
        case AwsInventorySource():
            return AwsInventory(entry)
        case GcpInventorySource():
            from costsieve.sources.gcp.inventory.source import GcpInventory

            return GcpInventory(entry)
