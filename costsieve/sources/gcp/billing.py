"""The GCP billing export, standard, detailed or FOCUS, from files or from BigQuery. Costs are interpreted in costsieve.core."""

from costsieve.source_settings import GcpBillingSource
from costsieve.sources.gcp.columns import billing_export
from costsieve.sources.gcp.files import GcpFiles
from costsieve.sources.source import Source


def gcp_billing(settings: GcpBillingSource) -> Source:
    """Return the source behind one `gcp_billing` entry: files below `location`, or the `table` (or view).

    A delivery with a column BilledCost is FOCUS: its files lie under focus in the lake.
    """
    if settings.table is not None:
        from costsieve.sources.gcp.tables import GcpTable

        return GcpTable(settings.name, settings.table, settings.maximum_bytes_billed, billing_export)
    return GcpFiles(settings.name, settings.location or "", billing_export)
