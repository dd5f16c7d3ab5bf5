"""`costsieve doctor`: can every source be read, is it configured as needed, complete and fresh. Nothing is loaded."""

from dataclasses import asdict

import polars as pl
import typer

from costsieve.cli.configuration import load_configuration
from costsieve.cli.options import DEFAULT_CONFIG, AsOf, Config, Format, OutputFormat, night_of
from costsieve.cli.rows import print_rows

_COLUMNS = {"source_type": "type", "point": "checked"}


def doctor(config: Config = DEFAULT_CONFIG, as_of: AsOf = None, output_format: OutputFormat = Format.TABLE) -> None:
    """Check the home folder, and credentials, permissions, export settings, columns and freshness of every configured source.

    Exit code 1 when nights could not write or a source cannot be read; warnings and unknowns are printed and pass.
    """
    from costsieve.diagnosis.diagnose import diagnose
    from costsieve.diagnosis.observation import Observation

    settings = load_configuration(config)
    observations = list(diagnose(settings, night_of(as_of)))
    if not settings.sources:
        observations.append(Observation("(none)", "", "sources", "failed", f"{config} names no sources yet: add one under `sources`."))
    rows = pl.DataFrame([asdict(observation) for observation in observations]).rename(_COLUMNS)
    print_rows(rows, output_format)
    if any(observation.state == "failed" for observation in observations):
        raise typer.Exit(1)
