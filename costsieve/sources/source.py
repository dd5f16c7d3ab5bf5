"""What every source offers to the landing: deliveries with versions, and a way to write one. No source is implemented here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Delivery:
    """One unit of loading that a source offers: the newest version of one period.

    ``version`` changes when, and only when, the delivered content may have changed. ``files`` name what was delivered, for messages.
    """

    period: str
    version: str
    files: tuple[str, ...]


class Source(Protocol):
    """A place that bills, metrics or inventories come from."""

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        ...

    @property
    def source_type(self) -> str:
        """Folder in the lake: aws_cur, gcp_billing, focus, gcp_pricing, utilization, inventory, s3_inventory or s3_reads.

        Where the delivery decides (a CUR or FOCUS export), it is looked at first: SourceError is raised when it cannot be reached.
        """
        ...

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the newest version of every period that has a day before ``as_of``; cheap, reads no data.

        Raises SourceError when nothing can be listed.
        """
        ...

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write the delivery as Parquet files into the empty ``folder``.

        Raises SourceError when a file is missing, truncated or changed meanwhile; the landing then drops the folder.
        """
        ...
