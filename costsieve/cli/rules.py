"""`costsieve rules`: what is looked for, and how much hangs on the thresholds. Rules are folders under sql/rules."""

from typing import Annotated

import polars as pl
import typer

from costsieve.cli.configuration import load_configuration
from costsieve.cli.options import DEFAULT_CONFIG, Config, Format, OutputFormat
from costsieve.cli.rows import print_rows
from costsieve.findings.rule import Parameter, Rule, load_rules
from costsieve.findings.sensitivity import sensitivity as measure_sensitivity
from costsieve.home import Home
from costsieve.warehouse import open_published


def rules(
    sensitivity: Annotated[  # noqa: FBT002 - an option without a value
        bool, typer.Option("--sensitivity", help="Run every rule on the published night at each preset; show findings and monthly savings.")
    ] = False,
    config: Config = DEFAULT_CONFIG,
    output_format: OutputFormat = Format.TABLE,
) -> None:
    """List every waste rule: what it looks for, on which resources, what to do, and its parameters.

    With --sensitivity: how many findings and what monthly savings it has when `preset` is careful, balanced or max_savings. What the
    configuration sets for a rule holds at each. Savings are gross by rule; the last rows add them up, before and after overlap.
    """
    if not sensitivity:
        print_rows(pl.DataFrame([_row(rule) for rule in load_rules()]), output_format)
        return
    settings = load_configuration(config)
    with open_published(Home(settings.home).published_warehouse) as connection:
        print_rows(measure_sensitivity(connection, settings), output_format)


def _row(rule: Rule) -> dict[str, str]:
    return {
        "rule": rule.id,
        "title": rule.title,
        "providers": ", ".join(sorted({scope.provider for scope in rule.applies_to})),
        "action": rule.action,
        "applies_to": ", ".join(f"{scope.provider} {scope.resource_type}" for scope in rule.applies_to),
        "params": "; ".join(_parameter(name, parameter) for name, parameter in rule.params.items()),
        "remedy": rule.remedy,
    }


def _parameter(name: str, parameter: Parameter) -> str:
    presets = [
        f"{preset} {value}"
        for preset, value in (("careful", parameter.careful), ("max_savings", parameter.max_savings))
        if value is not None
    ]
    others = f" ({', '.join(presets)})" if presets else ""
    return f"{name}: {parameter.value}{others} {parameter.unit}"
