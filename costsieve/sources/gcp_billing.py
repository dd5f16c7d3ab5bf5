"""The GCP detailed billing export, from a folder of Parquet files or from its BigQuery table. Costs are interpreted in costsieve.core."""

from costsieve.settings import GcpBillingSource
from costsieve.sources.dated_files import DatedFiles
from costsieve.sources.source import Source


def gcp_billing(settings: GcpBillingSource) -> Source:
    """Return the source behind one `gcp_billing` entry: `<location>/date=YYYY-MM-DD/*.parquet` by partition day, or the table."""
    if settings.table is not None:
        from costsieve.sources.gcp_billing_table import GcpBillingTable

        return GcpBillingTable(settings.name, settings.table, settings.maximum_bytes_billed)
    return DatedFiles(settings.name, "gcp_billing", settings.location or "")
