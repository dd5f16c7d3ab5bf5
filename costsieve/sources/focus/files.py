"""FOCUS 1.0 to 1.2 files of any provider, Parquet or CSV, as one source. Which files count is decided in focus_layout.

**Unit of loading.** A delivery is what the folders say: a billing month or a day, made of all files that count and say it, and replaced
whole when one of them changes. Rows of other billing months in such a folder (corrections, late charges) stay with it: the folder that
brought them is the one that replaces them. Where folders say nothing, the rows do: each billing month is a delivery made of the rows of
that month in all such files, so a file that holds several months is split on landing and a file that is delivered again replaces its
months. A month or folder that is no longer delivered stays as it was loaded. A location that is the folder of an AWS data export is read
through its manifests.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path

from costsieve.errors import MissingExport, UnreadableExport
from costsieve.source_settings import AwsCurSource, FocusSource
from costsieve.sources.aws.cur import AwsCur
from costsieve.sources.focus.layout import DeliveredFile, delivered_files
from costsieve.sources.focus.months import MonthIndex
from costsieve.sources.focus.parts import FocusPart, land_focus_parts, require_different
from costsieve.sources.source import Delivery, Source
from costsieve.sources.stores.object_store import ObjectStore, content_version, replaced_meanwhile, uri
from costsieve.sources.stores.open_store import open_store


def focus_files(settings: FocusSource, month_index: Path | None = None) -> Source:
    """Return the source behind one `focus` entry; ``month_index`` is a file that remembers the billing months of plain files."""
    return FocusFiles(settings.name, settings.location, MonthIndex(month_index))


@dataclass(frozen=True)
class FocusFiles:
    """One folder of FOCUS files. Version = digest of the names, sizes and contents of a delivery's files: a copy is no change."""

    name: str
    location: str
    month_index: MonthIndex = field(default_factory=MonthIndex)

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "focus"

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """List the months and days that begin before ``as_of``.

        Reads the billing months of plain files whose content is new. Raises MissingExport when there is no file, or none with rows.
        """
        if self._data_export:
            return self._data_export.deliveries(as_of)
        parts = self._parts()
        if not parts:
            message = f"No Parquet or CSV file with rows was found below {self.location}. Check `location` of source {self.name}."
            raise MissingExport(message)
        return [self._delivery(period, parts[period]) for period in sorted(parts) if f"{period}-01"[:10] < as_of.isoformat()]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Copy Parquet files byte for byte unless they are split, and convert CSV.

        Raises IncompleteExport when a named file is missing, ReplacedMeanwhile when the delivery is no longer the one that was listed,
        UnreadableExport when a file is damaged or two files are the same.
        """
        if self._data_export:
            self._data_export.write(delivery, folder)
            return
        parts = self._parts().get(delivery.period, [])
        require_different(self._store, parts, self.month_index)
        land_focus_parts(self._store, parts, folder)
        if self._delivery(delivery.period, self._parts().get(delivery.period, [])) != delivery:
            raise replaced_meanwhile(uri(self._store, delivery.period))

    @cached_property
    def _store(self) -> ObjectStore:
        return open_store(self.location)

    @cached_property
    def _data_export(self) -> Source | None:
        """The AWS data export at this location, if it is one; raises UnreadableExport when that holds another kind of report."""
        if not any(file.name.endswith("Manifest.json") for file in self._store.list("metadata/")):
            return None
        export = AwsCur(AwsCurSource(name=self.name, type="aws_cur", location=self.location))
        if export.source_type != self.source_type:
            message = f"{self.location} holds a Cost and Usage Report, not FOCUS. Give source {self.name} the type aws_cur."
            raise UnreadableExport(message)
        return export

    def _parts(self) -> dict[str, list[FocusPart]]:
        """Return what belongs to each period."""
        parts: dict[str, list[FocusPart]] = {}
        for file in delivered_files(self._store):
            for period, part in self._parts_of(file):
                parts.setdefault(period, []).append(part)
        return parts

    def _parts_of(self, file: DeliveredFile) -> list[tuple[str, FocusPart]]:
        if file.period is not None:
            return [(file.period, FocusPart(file.stored, None))]
        months = self.month_index.months(self._store, file.stored)
        return [(month, FocusPart(file.stored, month if len(months) > 1 else None)) for month in months]

    def _delivery(self, period: str, parts: Sequence[FocusPart]) -> Delivery:
        stored = [part.stored for part in parts]
        return Delivery(period, content_version(self._store, stored), tuple(uri(self._store, file.key) for file in stored))
