"""`costsieve demo`: a night on the bundled estate. How the estate is made is in costsieve.estate."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from costsieve.cli.night import become_night
from costsieve.errors import ConfigurationError
from costsieve.estate.plan import EstatePlan


def demo(
    folder: Annotated[Path, typer.Option(help="Where the estate and its results go.")] = Path(".demo"),
    seed: Annotated[int, typer.Option(help="Another seed makes another estate.")] = 7,
    line_items: Annotated[int, typer.Option(min=50_000, help="Size of the bills, in line items.")] = 200_000,
) -> None:
    """Generate an estate of an ML organisation on AWS and GCP and run a night on it. Needs no cloud account."""
    from costsieve.estate.generate import write_estate

    plan = EstatePlan(seed=seed, line_items=line_items)
    console = Console(stderr=True)
    try:
        with console.status(f"Generating {line_items:,} line items of 90 days"):
            folder.mkdir(parents=True, exist_ok=True)
            write_estate(folder, plan)
    except OSError as error:
        message = f"{error.filename or folder}: {error.strerror}. --folder must be a folder that this user may write."
        raise ConfigurationError(message) from error
    console.print(f"Estate of {line_items:,} line items before {plan.as_of} in {folder}", highlight=False)
    become_night(folder / "costsieve.yaml", plan.as_of)
