"""What assets need from outside: the installation they run in. Which configuration file that is, pipelines/ decides."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import dagster as dg

from costsieve.errors import naming
from costsieve.home import Home
from costsieve.settings import Settings, load_settings
from costsieve.sources.configured import require_sources
from costsieve.warehouse import Warehouse


class Installation(dg.ConfigurableResource["Installation"]):
    """One configuration file and the home folder that it names."""

    config_path: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Hold the home folder for the whole run: one night at a time, and none without sources."""
        del context
        with naming(Path(self.config_path)):
            require_sources(self.settings)
        with self.warehouse.reserved():
            yield self

    @property
    def settings(self) -> Settings:
        """The validated configuration."""
        return load_settings(Path(self.config_path))

    @property
    def home(self) -> Home:
        """The home folder."""
        return Home(self.settings.home)

    @property
    def warehouse(self) -> Warehouse:
        """The file that the night writes."""
        return Warehouse(self.home, self.settings.memory_limit)

    @property
    def observed_at(self) -> datetime:
        """The wall clock, UTC, for columns that record when something was done. Never used in a computation."""
        return datetime.now(UTC).replace(tzinfo=None, microsecond=0)
