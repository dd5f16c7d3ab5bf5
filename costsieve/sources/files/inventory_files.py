"""Inventories from Parquet files with the columns of inventory.resources. Services that are asked for theirs are other sources."""

from costsieve.source_settings import InventoryFilesSource
from costsieve.sources.files.dated_files import DatedFiles


def inventory_files(settings: InventoryFilesSource) -> DatedFiles:
    """Return the source behind one `inventory_files` entry: `<location>/date=YYYY-MM-DD/*.parquet`, one folder per inventory."""
    return DatedFiles(settings.name, "inventory", settings.location)
