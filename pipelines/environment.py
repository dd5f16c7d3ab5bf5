"""Environment variables and configuration -> resources and the orchestrator's own home. No asset is defined here."""

import os
import shutil
from pathlib import Path

from assets.resources import Installation
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.settings import Settings, load_settings

_CHECKOUT = Path(__file__).parent.parent


def config_path() -> Path:
    """Return the configuration file: $COSTSIEVE_CONFIG, else costsieve.yaml in the checkout."""
    return Path(os.environ.get("COSTSIEVE_CONFIG", str(_CHECKOUT / "costsieve.yaml")))


def settings_or_defaults() -> Settings:
    """Return the configuration, or the defaults when there is no file yet: the code location must load before `init`."""
    path = config_path()
    return load_settings(path) if path.is_file() else Settings()


def installation() -> Installation:
    """Return the installation that the nights of this code location run in."""
    return Installation(config_path=str(config_path()))


def prepare_dagster_home(settings: Settings) -> Path:
    """Create the orchestrator's home with the instance settings of this checkout, and point $DAGSTER_HOME at it."""
    folder = Home(settings.home).dagster.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"{folder} cannot be created: {error.strerror}. `home` in {config_path()} must be a folder that this user may write."
        raise ConfigurationError(message) from error
    shutil.copyfile(_CHECKOUT / "dagster.yaml", folder / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder
