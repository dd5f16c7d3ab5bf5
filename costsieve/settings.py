"""costsieve.yaml -> frozen Settings. Credentials are never here: they come from the providers' own default chains."""

from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from costsieve.allocation_settings import DEFAULT_SHARED_COSTS, Dimension, SharedCost
from costsieve.errors import ConfigurationError
from costsieve.gate_settings import ABOUT_REMOVED_SOURCES, Accepted, CheckOverride, Quarantine
from costsieve.rule_settings import Preset, RuleSettings
from costsieve.setting_problems import problems
from costsieve.source_settings import S3InventorySource, SourceSettings
from costsieve.yaml_files import read_yaml

_LEAST_MEGABYTES, _MOST_MEGABYTES = 256, 10_000_000
"""DuckDB takes a night to pieces that fit, but not into less than this; no machine has more."""


class Allocation(BaseModel):
    """Which tags and labels say whose cost a charge is, and how cost that nobody owns is split; the first of `shared` that fits counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    team: Dimension = Dimension(tags=("team",))
    project: Dimension = Dimension(tags=("project",))
    environment: Dimension = Dimension(tags=("environment", "env"))
    owner: Dimension = Dimension(tags=("owner",))
    cost_center: Dimension = Dimension(tags=("cost_center",))
    shared: tuple[SharedCost, ...] = DEFAULT_SHARED_COSTS

    @property
    def dimensions(self) -> dict[str, Dimension]:
        """The dimensions by name."""
        return {
            "team": self.team,
            "project": self.project,
            "environment": self.environment,
            "owner": self.owner,
            "cost_center": self.cost_center,
        }

    @model_validator(mode="after")
    def _usable_shares(self) -> Self:
        titles = [cost.title for cost in self.shared]
        repeated = sorted({title for title in titles if titles.count(title) > 1})
        if repeated:
            message = f"shared: {repeated[0]} is there twice; give one of them another `name`"
            raise ValueError(message)
        unknown = sorted({name for cost in self.shared for name in cost.shares if name not in self.dimensions})
        if unknown:
            message = f"shared: there is no dimension {unknown[0]}; the dimensions are {', '.join(self.dimensions)}"
            raise ValueError(message)
        return self


class Schedule(BaseModel):
    """When the night runs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hour: int = Field(default=3, ge=0, le=23)
    minute: int = Field(default=0, ge=0, le=59)
    time_zone: str = "UTC"

    @model_validator(mode="after")
    def _known_time_zone(self) -> Self:
        if self.time_zone not in available_timezones():
            message = f"{self.time_zone} is not a time zone; write it as in Europe/Berlin"
            raise ValueError(message)
        return self


class Alerts(BaseModel):
    """Whom to tell when a night fails or is blocked: a command that reads JSON on standard input, or a URL that takes a POST."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    command: tuple[str, ...] = ()
    webhook: str | None = Field(default=None, pattern=r"^https?://[^/]")


def _on_this_machine(name: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Refuse an address where files are needed that can be renamed and locked; `~` is the user's own folder."""
    if isinstance(name, str) and "://" in name:
        message = f"{name} is no local path: give a file or folder of this machine, on which other stores are mounted"
        raise ValueError(message)
    return Path(name).expanduser() if isinstance(name, str) else name


type LocalPath = Annotated[Path, BeforeValidator(_on_this_machine)]


class Settings(BaseModel):
    """Everything a night needs to know, validated once at the border."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: LocalPath = Path(".costsieve")
    currency: str = Field(default="USD", pattern=r"^[A-Z]{3}$")
    sources: tuple[SourceSettings, ...] = ()
    preset: Preset = "balanced"
    rules: dict[str, RuleSettings] = {}
    checks: dict[str, CheckOverride] = {}
    accepted: tuple[Accepted, ...] = ()
    quarantine: tuple[Quarantine, ...] = ()
    exceptions: LocalPath | None = None
    invoices: LocalPath | None = None
    allocation: Allocation = Allocation()
    schedule: Schedule = Schedule()
    alerts: Alerts = Alerts()
    memory_limit: str = Field(default="1200MB", pattern=r"^\d+(MB|GB)$")

    @field_validator("memory_limit")
    @classmethod
    def _usable_memory(cls, limit: str) -> str:
        megabytes = int(limit[:-2]) * (1000 if limit.endswith("GB") else 1)
        if not _LEAST_MEGABYTES <= megabytes <= _MOST_MEGABYTES:
            message = f"{limit} must be between {_LEAST_MEGABYTES}MB and {_MOST_MEGABYTES // 1000}GB"
            raise ValueError(message)
        return limit

    @model_validator(mode="after")
    def _unique_source_names(self) -> Self:
        names = [source.name for source in self.sources]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            message = f"source names must be unique; repeated: {', '.join(repeated)}"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _known_sources(self) -> Self:
        reads = [f"{source.name}-reads" for source in self.sources if isinstance(source, S3InventorySource) and source.reads]
        names = [*(source.name for source in self.sources), *reads]
        accepted = [entry for entry in self.accepted if entry.check != ABOUT_REMOVED_SOURCES]
        for setting, entries in (("quarantine", self.quarantine), ("accepted", accepted)):
            for entry in entries:
                if entry.source not in names:
                    message = f"{setting}: there is no source {entry.source}; the sources are {', '.join(names) or 'none yet'}"
                    raise ValueError(message)
        return self


def load_settings(path: Path) -> Settings:
    """Read costsieve.yaml; relative paths in it are relative to its folder.

    Raises ConfigurationError naming the file, the field and what is wrong with it.
    """
    if path.is_dir():
        message = f"{path} is a folder: give the configuration file itself, such as {path / 'costsieve.yaml'}."
        raise ConfigurationError(message)
    if not path.is_file():
        message = f"{path} does not exist. `costsieve init` writes one to start from; `--config` points elsewhere."
        raise ConfigurationError(message)
    try:
        settings = Settings.model_validate(_without_blanks(read_yaml(path)))
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}."
        raise ConfigurationError(message) from error
    except ValidationError as error:
        message = f"{path}: {problems(error, Settings)}."
        raise ConfigurationError(message) from error
    return _anchored(settings, path.resolve().parent)


def _without_blanks(content: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Take a setting without a value, such as a list whose every entry is commented out, for one that was left out."""
    if isinstance(content, dict):
        return {name: value for name, value in content.items() if value is not None}
    return {} if content is None else content


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Make every local path absolute, so that the orchestrator may run from any working directory."""
    sources = tuple(
        source.model_copy(
            update={
                key: str(folder / Path(value).expanduser())
                for key in ("location", "reads")
                if isinstance(value := getattr(source, key, None), str) and "://" not in value
            }
        )
        for source in settings.sources
    )
    files = {key: folder / value for key in ("exceptions", "invoices") if (value := getattr(settings, key))}
    return settings.model_copy(update={"home": folder / settings.home, "sources": sources, **files})
