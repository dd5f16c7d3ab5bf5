"""costsieve.yaml -> the sources to land, in its order. A new kind of source is added here, in settings, and as a module of its own."""

from collections.abc import Sequence

from costsieve.settings import (
    AwsCurSource,
    AwsInventorySource,
    CloudWatchSource,
    GcpBillingSource,
    InventoryFilesSource,
    S3InventorySource,
    Settings,
    SourceSettings,
    UtilizationFilesSource,
)
from costsieve.sources.aws_cur import AwsCur
from costsieve.sources.aws_inventory import AwsInventory
from costsieve.sources.cloudwatch import CloudWatch
from costsieve.sources.gcp_billing import gcp_billing
from costsieve.sources.inventory_files import inventory_files
from costsieve.sources.s3_inventory import S3Inventory
from costsieve.sources.s3_reads import S3Reads
from costsieve.sources.source import Source
from costsieve.sources.utilization_files import utilization_files


def sources_of(settings: Settings) -> list[Source]:
    """Return every configured source; an S3 inventory with `reads` gives a second one, named `<name>-reads`."""
    return [source for entry in settings.sources for source in _sources(entry)]


def _sources(entry: SourceSettings) -> Sequence[Source]:
    sources: Sequence[Source]
    match entry:
        case AwsCurSource():
            sources = [AwsCur(entry)]
        case GcpBillingSource():
            sources = [gcp_billing(entry)]
        case UtilizationFilesSource():
            sources = [utilization_files(entry)]
        case CloudWatchSource():
            sources = [CloudWatch(entry)]
        case InventoryFilesSource():
            sources = [inventory_files(entry)]
        case AwsInventorySource():
            sources = [AwsInventory(entry)]
        case S3InventorySource():
            reads = [S3Reads(f"{entry.name}-reads", entry.reads)] if entry.reads else []
            sources = [S3Inventory(entry), *reads]
    return sources
