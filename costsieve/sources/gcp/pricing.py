"""The GCP pricing export: list prices, and this account's own, of every SKU. Tiers become rows in costsieve.core.

Google exports every price once a day, so only the newest whole day is of use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from costsieve.source_settings import GcpPricingSource
from costsieve.sources.gcp.columns import PRICING, Export
from costsieve.sources.gcp.files import GcpFiles
from costsieve.sources.source import Delivery, Source


@dataclass(frozen=True)
class NewestDelivery:
    """A source of which only the latest period counts."""

    source: Source

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.source.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return self.source.source_type

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Return the newest of the source's deliveries before ``as_of``; raises SourceError as the source does."""
        return sorted(self.source.deliveries(as_of), key=lambda delivery: delivery.period)[-1:]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write it as the source does."""
        self.source.write(delivery, folder)


def gcp_pricing(settings: GcpPricingSource) -> Source:
    """Return the source behind one `gcp_pricing` entry: files below `location`, or the `table`."""
    if settings.table is not None:
        from costsieve.sources.gcp.tables import GcpTable

        return NewestDelivery(GcpTable(settings.name, settings.table, settings.maximum_bytes_billed, _pricing))
    return NewestDelivery(GcpFiles(settings.name, settings.location or "", _pricing))


def _pricing(_: frozenset[str]) -> Export:
    return PRICING
