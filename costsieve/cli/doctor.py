"""`costsieve doctor`: can every source be read, is it complete, is it fresh. Nothing is loaded."""

from datetime import date

import polars as pl
import typer

from costsieve.cli.configuration import load_configuration
from costsieve.cli.options import DEFAULT_CONFIG, AsOf, Config, Format, OutputFormat, night_of
from costsieve.cli.rows import print_rows
from costsieve.errors import CostsieveError
from costsieve.sources.source import Source


def doctor(config: Config = DEFAULT_CONFIG, as_of: AsOf = None, output_format: OutputFormat = Format.TABLE) -> None:
    """Check credentials, permissions, layout and freshness of every configured source."""
    from costsieve.sources.configured import sources_of

    settings = load_configuration(config)
    day = night_of(as_of)
    rows = [_examine(source, day) for source in sources_of(settings)]
    if not rows:
        rows = [{"source": "(none)", "type": "", "state": "missing", "finding": f"{config} names no sources yet: add one under `sources`."}]
    print_rows(pl.DataFrame(rows), output_format)
    if any(row["state"] != "ok" for row in rows):
        raise typer.Exit(1)


def _examine(source: Source, as_of: date) -> dict[str, str]:
    row = {"source": source.name, "type": source.source_type}
    try:
        deliveries = source.deliveries(as_of)
    except CostsieveError as error:
        return {**row, "state": "failed", "finding": str(error)}
    if not deliveries:
        return {**row, "state": "empty", "finding": "Readable, but nothing has been delivered before this night."}
    newest = max(delivery.period for delivery in deliveries)
    return {**row, "state": "ok", "finding": f"{len(deliveries)} periods, newest {newest}"}
