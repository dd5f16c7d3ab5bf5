"""Write the documents that follow from code: data model, commands, rules, permissions. What is written by hand is not touched."""

from pathlib import Path

import typer.main
from typer.core import TyperArgument, TyperCommand, TyperOption

from costsieve.cli.application import application
from costsieve.contracts import catalog
from costsieve.exports.focus_gaps import focus_export_page
from costsieve.findings.rules_page import rules_page
from docs.permissions_page import permissions_page

_DOCS = Path(__file__).parent


def data_model_page() -> str:
    """Return docs/data_model.md, made of the table contracts."""
    head = (
        "# Data model\n\nGenerated from `costsieve/contracts` by `make docs`. Every table below is in `published/warehouse.duckdb`;\n"
        "`raw.*`, `core.charges` and `usage.resource_hour` are views over the lake."
    )
    return "\n\n".join([head, *(table.markdown() for table in catalog.BY_NAME.values())]) + "\n"


def commands_page() -> str:
    """Return docs/commands.md, made of the command line's own help."""
    commands = vars(typer.main.get_command(application))["commands"]
    head = (
        "# Commands\n\nGenerated from `costsieve/cli` by `make docs`.\n"
        "Exit codes: 0 done, 1 failed, 2 wrong use, 3 a blocking quality check failed."
    )
    return "\n\n".join([head, *(_section(name, command) for name, command in commands.items())]) + "\n"


def _section(name: str, command: TyperCommand) -> str:
    lines = [f"## `costsieve {name}`", "", command.help or "", ""]
    lines += [
        f"* `{_spelled(parameter)}`: {parameter.help}"
        for parameter in command.params
        if isinstance(parameter, (TyperArgument, TyperOption))
    ]
    return "\n".join(lines)


def _spelled(parameter: TyperArgument | TyperOption) -> str:
    return str(parameter.name).upper() if isinstance(parameter, TyperArgument) else ", ".join(parameter.opts)


PAGES = {
    "data_model.md": data_model_page,
    "commands.md": commands_page,
    "rules.md": rules_page,
    "focus_export.md": focus_export_page,
    "permissions.md": permissions_page,
}


def main() -> None:
    """Write every generated page."""
    for name, page in PAGES.items():
        (_DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
