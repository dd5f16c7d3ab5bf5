"""The list of commands, in the order of `--help`. No command is implemented here."""

from typing import Annotated

import typer

from costsieve import __version__
from costsieve.cli import allocation, demo, doctor, explain, export, findings, init, night, report, restated, rules, sql, ui

application = typer.Typer(
    name="costsieve",
    help="Reads cloud bills and utilization every night, proves the numbers, finds waste, and says what to do about it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _print_version(asked: bool) -> None:  # noqa: FBT001 - the framework calls it with the flag
    if asked:
        typer.echo(f"costsieve {__version__}")
        raise typer.Exit


@application.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")] = False,  # noqa: FBT002
) -> None:
    """Options of the whole command line."""
    del version


application.command("demo")(demo.demo)
application.command("init")(init.init)
application.command("doctor")(doctor.doctor)
application.command("night")(night.night)
application.command("ui")(ui.ui)
application.command("report")(report.report)
application.command("sql")(sql.sql)
application.command("rules")(rules.rules)
application.command("findings")(findings.findings)
application.command("explain")(explain.explain)
application.command("allocation")(allocation.allocation)
application.command("export")(export.export)
application.command("restated")(restated.restated)
