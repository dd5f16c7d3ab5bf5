"""Where everything lies under the home folder. Knows paths only; reads and writes nothing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The home folder of one installation."""

    root: Path

    @property
    def lake(self) -> Path:
        """Delivered files, immutable: lake/<source type>/source=<name>/period=<period>/version=<version>/*.parquet."""
        return self.root / "lake"

    @property
    def work_warehouse(self) -> Path:
        """The file that a running night writes. Readers never open it."""
        return self.root / "work" / "warehouse.duckdb"

    @property
    def spill(self) -> Path:
        """Where DuckDB spills when memory is short."""
        return self.root / "work" / "spill"

    def source_memory(self, source: str) -> Path:
        """What a source remembers of files it has read, so that it need not read them again. It may be deleted at any time."""
        return self.root / "work" / f"{source}-memory.json"

    @property
    def published_warehouse(self) -> Path:
        """The last good result, replaced atomically."""
        return self.root / "published" / "warehouse.duckdb"

    @property
    def reports(self) -> Path:
        """One folder per night, and `latest`."""
        return self.root / "reports"

    @property
    def data_docs(self) -> Path:
        """What the checks of each night saw, one folder of pages per night, blocked nights included."""
        return self.root / "data-docs"

    @property
    def dagster(self) -> Path:
        """Run history and logs of the orchestrator."""
        return self.root / "dagster"
