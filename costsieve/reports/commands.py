"""Commands and documents that would do what is proposed, as text to show. Nothing is ever executed, and none is made here.

A finding's remedy was written with the finding, from the remedy.yaml of its rule: see costsieve.findings.remedies.
"""

import json
from dataclasses import dataclass

import yaml


@dataclass(frozen=True)
class Command:
    """One command or document to look at, and what it is for; a hint for another tool than the provider's own is no command."""

    purpose: str
    text: str
    is_command: bool = True


def remedy_commands(remedy: str | None) -> tuple[Command, ...]:
    """Return the commands of a finding's remedy (JSON, as in results.findings), then its Terraform hint and its Cloud Custodian policy."""
    if remedy is None:
        return ()
    content = json.loads(remedy)
    commands = [Command(step["purpose"], step["text"]) for step in content["commands"]]
    if content["terraform"]:
        commands.append(Command("In Terraform", content["terraform"].strip(), is_command=False))
    if content["custodian"]:
        policy = yaml.safe_dump(content["custodian"], sort_keys=False).strip()
        commands.append(Command("As a Cloud Custodian policy", policy, is_command=False))
    return tuple(commands)


def proposed_command(text: str | None) -> tuple[Command, ...]:
    """Return a recommendation's own command; a JSON document is laid out over lines."""
    if not text:
        return ()
    try:
        document = json.loads(text)
    except json.JSONDecodeError:
        return (Command("Proposed command", text),)
    return (Command("Proposed document", json.dumps(document, indent=2, ensure_ascii=True)),)
