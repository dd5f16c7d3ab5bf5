"""`costsieve rules`: what is looked for. Rules are folders under sql/rules."""

import polars as pl

from costsieve.cli.options import Format, OutputFormat
from costsieve.cli.rows import print_rows
from costsieve.findings.rule import load_rules


def rules(output_format: OutputFormat = Format.TABLE) -> None:
    """List every waste rule: what it looks for, on which resources, and what to do."""
    rows = [
        {
            "rule": rule.id,
            "title": rule.title,
            "action": rule.action,
            "applies_to": ", ".join(f"{scope.provider} {scope.resource_type}" for scope in rule.applies_to),
            "remedy": rule.remedy,
        }
        for rule in load_rules()
    ]
    print_rows(pl.DataFrame(rows), output_format)
