"""What a FOCUS export cannot have because the provider's bill lacks it, and the document that says so. Exports nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from costsieve.contracts.focus import FOCUS_1_2


@dataclass(frozen=True)
class RuleException:
    """A rule of the official validator that an export does not pass.

    Args:
        rule: id in the validator's rule file.
        providers: whose charges do not pass it.
        formats: in which files.
        cause: provider (the bill lacks something) or validator (it asks for something else than the standard).
        reason: why, in a sentence.
    """

    rule: str
    providers: tuple[str, ...]
    formats: tuple[str, ...]
    cause: str
    reason: str


@dataclass(frozen=True)
class FocusGaps:
    """All exceptions; ``absent_columns`` has the reason by provider and column."""

    rules: tuple[RuleException, ...]
    absent_columns: Mapping[str, Mapping[str, str]]


def focus_gaps() -> FocusGaps:
    """Read the catalogue beside this module."""
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return FocusGaps(tuple(_rule(**rule) for rule in content["rules"]), content["absent_columns"])


def _rule(*, providers: list[str], formats: Sequence[str] = ("parquet", "csv"), **texts: str) -> RuleException:
    return RuleException(providers=tuple(providers), formats=tuple(formats), **texts)


def focus_export_page() -> str:
    """Return docs/focus_export.md: the columns of an export and what they cannot have."""
    gaps = focus_gaps()
    absent = [
        f"| `{column}` | {provider} | {reason} |" for provider, columns in gaps.absent_columns.items() for column, reason in columns.items()
    ]
    rules = [
        f"| `{each.rule}` | {', '.join(each.providers)} | {', '.join(each.formats)} | {each.cause} | {each.reason} |" for each in gaps.rules
    ]
    sections = [
        "# Columns of the FOCUS export",
        "Generated from the contract and `costsieve/exports/focus_gaps.yaml` by `make docs`. How to use it: [FOCUS](focus.md).",
        FOCUS_1_2.markdown(),
        "## Columns that a provider lacks",
        "Null on every row of that provider's own bills. Rows that were delivered as FOCUS have what was delivered.",
        "\n".join(["| column | provider | why |", "| --- | --- | --- |", *absent]),
        "## Rules of the official validator that do not hold",
        "Of focus-validator 2.2.1 for FOCUS 1.2, with all its applicability criteria; the tests run it. All other rules hold.",
        "\n".join(["| rule | provider | files | because of | why |", "| --- | --- | --- | --- | --- |", *rules]),
    ]
    return "\n\n".join(sections) + "\n"
