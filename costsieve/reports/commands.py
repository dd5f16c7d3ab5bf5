"""The command that would do what a finding proposes. Nothing is ever executed here: every command is text for a person to judge.

Which call belongs to which provider, kind of resource and action is data: commands.yaml.
"""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Words = list["str | Words"]
"""A command as words; a nested list is a command substitution."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Command:
    """One command or JSON document to look at, and what it is for."""

    purpose: str
    text: str


def commands_for(provider: str, resource_type: str | None, action: str, values: Mapping[str, str | None]) -> tuple[Command, ...]:
    """Return the steps that carry out ``action``, quoted for a POSIX shell.

    Args:
        provider: AWS or GCP.
        resource_type: One of contracts.usage.RESOURCE_TYPES.
        action: One of contracts.results.ACTIONS.
        values: ``account_id``, ``region``, ``resource_id`` and ``target`` of the finding.

    Returns:
        No command at all where none is known, a value is missing, or a value could pass for an option or hides characters.
    """
    steps = _table().get(provider, {}).get(resource_type or "", {}).get(action, [])
    filled = {**values, "tail": re.split(r"[/:]", values.get("resource_id") or "")[-1]}
    texts = [_rendered(step["command"], filled) for step in steps]
    if None in texts:
        return ()
    return tuple(Command(step["purpose"], text) for step, text in zip(steps, texts, strict=True) if text)


def proposed_command(text: str | None) -> tuple[Command, ...]:
    """Return a recommendation's own command; a JSON document is laid out over lines."""
    if not text:
        return ()
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return (Command("Proposed command", text),)
    return (Command("Proposed document", json.dumps(document, indent=2, ensure_ascii=True)),)


@cache
def _table() -> dict[str, dict[str, dict[str, list[dict[str, Any]]]]]:
    content: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "commands.yaml").read_text(encoding="utf-8"))
    return {provider: kinds for provider, kinds in content.items() if provider != "find"}


def _rendered(words: Words, values: Mapping[str, str | None]) -> str | None:
    rendered: list[str] = []
    for word in words:
        if isinstance(word, list):
            inner = _rendered(word, values)
            if inner is None:
                return None
            rendered.append(f'"$({inner})"')
            continue
        filled = [values.get(name) for name in _PLACEHOLDER.findall(word)]
        if not all(_is_plain(value) for value in filled):
            return None
        rendered.append(shlex.quote(_PLACEHOLDER.sub(lambda found: values[found[1]] or "", word)))
    return " ".join(rendered)


def _is_plain(value: str | None) -> bool:
    """Whether a value exists, shows every character that it has, and cannot pass for an option."""
    return bool(value) and value is not None and value.isprintable() and not value.startswith("-")
