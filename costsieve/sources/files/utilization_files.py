"""Hourly utilization from Parquet files with the columns of usage.resource_hour. Services that measure are other sources."""

from costsieve.source_settings import UtilizationFilesSource
from costsieve.sources.files.dated_files import DatedFiles


def utilization_files(settings: UtilizationFilesSource) -> DatedFiles:
    """Return the source behind one `utilization_files` entry: `<location>/date=YYYY-MM-DD/*.parquet`, one folder per UTC day."""
    return DatedFiles(settings.name, "utilization", settings.location)
