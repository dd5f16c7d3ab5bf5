"""A lake to put bill files into, without any source: folders and meta.loads rows as the landing leaves them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from costsieve.core.charges import create_charges_view
from costsieve.core.raw_views import create_raw_views
from costsieve.home import Home
from costsieve.settings import Allocation
from costsieve.warehouse import Connection, Warehouse


@dataclass(frozen=True)
class Lake:
    """The home of a test with its open warehouse."""

    home: Home
    connection: Connection

    def land(self, select: str, period: str, version: str = "v1", source_type: str = "aws_cur", source: str = "org-bill") -> Path:
        """Write the rows of ``select`` as the current version of a period; return the file."""
        file = self.home.lake / source_type / f"source={source}" / f"period={period}" / f"version={version}" / "part-1.parquet"
        file.parent.mkdir(parents=True)
        self.connection.sql(select).write_parquet(str(file))
        self.connection.execute("UPDATE meta.loads SET is_current = false WHERE source = ? AND period = ?", [source, period])
        self.connection.execute(
            "INSERT INTO meta.loads SELECT ?, ?, ?, ?, [?], count(*), 0, TIMESTAMP '2026-10-01', true FROM read_parquet(?)",
            [source, source_type, period, version, str(file.relative_to(self.home.root)), str(file)],
        )
        return file

    def create_views(self) -> None:
        """Point raw and core views at the current files."""
        create_raw_views(self.connection, self.home, Allocation())
        create_charges_view(self.connection)


@pytest.fixture
def lake(warehouse: Warehouse) -> Iterator[Lake]:
    with warehouse.connect() as connection:
        yield Lake(warehouse.home, connection)
