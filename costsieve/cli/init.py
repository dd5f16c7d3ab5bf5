"""`costsieve init`: a configuration file to start from. Settings are validated in costsieve.settings."""

from pathlib import Path
from typing import Annotated

import typer

from costsieve.cli.invocation import called
from costsieve.cli.options import DEFAULT_CONFIG
from costsieve.errors import ConfigurationError

_TEMPLATE = Path(__file__).parent / "costsieve.example.yaml"


def init(config: Annotated[Path, typer.Option("--config", help="Where to write it.")] = DEFAULT_CONFIG) -> None:
    """Write a commented configuration file. Credentials never go into it."""
    if config.exists():
        message = f"{config} is already there; it was left as it is. Give another name with --config."
        raise ConfigurationError(message)
    try:
        config.write_text(_TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")
    except OSError as error:
        message = f"{config} cannot be written: {error.strerror}. Create its folder, or give another name with --config."
        raise ConfigurationError(message) from error
    typer.echo(f"{config} written. Name your sources in it, then run `{called(config).replace('{}', 'doctor')}`.")
