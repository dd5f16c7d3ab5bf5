"""What would carry out a finding: commands, a Terraform hint, a Cloud Custodian policy. Nothing is ever executed: all is text to judge.

A rule's remedies lie beside it in remedy.yaml. Values of findings are quoted; what could pass for an option or hides characters is refused.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from costsieve.contracts.usage import RESOURCE_TYPES
from costsieve.errors import ConfigurationError

type Words = list[str | Words]
"""A command as words; a nested list is a command substitution."""

PLACEHOLDERS = {
    "account_id": "Account or project",
    "region": "Region",
    "resource_id": "Id of the resource: the bare id or the ARN (AWS), the numeric id or the last path segments (GCP)",
    "resource_name": "Its name",
    "tail": "The resource id after its last / or :",
    "path": "The resource id of an ARN after the kind of resource: team/app of ...:repository/team/app",
    "target": "What the finding proposes to change to",
    "attached_to": "The machine that the resource is attached to",
}
"""What a remedy may name of a finding, in braces. Other braces belong to the text around them."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_CODE_IN_HCL = re.compile(r'["\\$%]')


def _resource_type(value: str | None) -> str | None:
    if value is not None and value not in RESOURCE_TYPES:
        message = f"{value!r} is not one of {', '.join(RESOURCE_TYPES)}"
        raise ValueError(message)
    return value


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Frozen):
    """One command as words, and what it is for."""

    purpose: str = Field(min_length=1)
    command: Words = Field(min_length=2)

    @field_validator("command")
    @classmethod
    def _words_with_known_placeholders(cls, command: Words) -> Words:
        for word in _flat(command):
            _check_placeholders(word)
        if not isinstance(command[0], str) or any(sign.isspace() for sign in command[0]):
            message = "a command is a list of words and begins with the name of a program, not a shell line"
            raise ValueError(message)
        return command


class Custodian(_Frozen):
    """A Cloud Custodian policy: the kind of resource, what selects it, and what is done."""

    resource: str = Field(pattern=r"^(aws|gcp)\.[a-z0-9-]+$")
    filters: tuple[Any, ...] = ()
    actions: tuple[Any, ...] = Field(min_length=1)


class Remedy(_Frozen):
    """How findings of one provider, and of one kind of resource if it is given, are acted on."""

    provider: Literal["AWS", "GCP"]
    resource_type: Annotated[str | None, BeforeValidator(_resource_type)] = None
    commands: tuple[Step, ...] = Field(min_length=1)
    terraform: str = Field(min_length=1)
    custodian: Custodian | None = None

    @field_validator("terraform")
    @classmethod
    def _known_placeholders(cls, terraform: str) -> str:
        _check_placeholders(terraform)
        return terraform


def load_remedies(path: Path) -> tuple[Remedy, ...]:
    """Return the entries of a remedy.yaml.

    Raises ConfigurationError naming the file, the entry (counted from 0) and the field that is wrong.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return TypeAdapter(tuple[Remedy, ...]).validate_python(content)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. A rule is a folder with rule.yaml, rule.sql, remedy.yaml and cases.yaml."
        raise ConfigurationError(message) from error
    except yaml.YAMLError as error:
        message = f"{path} is not valid YAML: {error}"
        raise ConfigurationError(message) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        message = f"{path}: {problems}"
        raise ConfigurationError(message) from error


def remedy_for(remedies: Sequence[Remedy], provider: str, resource_type: str | None) -> Remedy | None:
    """Return the entry for this kind of resource, else the provider's entry for all kinds; None where there is neither."""
    fitting = [remedy for remedy in remedies if remedy.provider == provider and remedy.resource_type in (None, resource_type)]
    return min(fitting, key=lambda remedy: remedy.resource_type is None, default=None)


def fill_remedy(remedy: Remedy, policy_name: str, values: Mapping[str, str | None]) -> dict[str, Any]:
    """Return commands quoted for a POSIX shell, the Terraform hint and the Custodian policy, filled with a finding's values.

    Args:
        remedy: The entry that fits the finding.
        policy_name: Name of the Custodian policy: the rule.
        values: The finding's value of every placeholder but `tail` and `path`, which follow from `resource_id`.

    Returns:
        `commands` (list of purpose and text), `terraform` and `custodian`. No command at all where a value is missing, could pass for
        an option or hides characters; `terraform` is None where, besides, a value could end a quoted text.
    """
    filled = {**values, **_parts(values.get("resource_id") or "")}
    texts = [_rendered(step.command, filled) for step in remedy.commands]
    is_complete = None not in texts
    steps = [{"purpose": step.purpose, "text": text} for step, text in zip(remedy.commands, texts, strict=True)] if is_complete else []
    return {"commands": steps, "terraform": _hint(remedy.terraform, filled), "custodian": _policy(remedy.custodian, policy_name, filled)}


def _parts(resource_id: str) -> dict[str, str]:
    resource = resource_id.split(":", 5)[-1] if resource_id.startswith("arn:") else resource_id
    found = re.match(r"[\w-]+[/:](.+)", resource)
    return {"tail": re.split(r"[/:]", resource_id)[-1], "path": found[1] if found else resource}


def _policy(custodian: Custodian | None, name: str, values: Mapping[str, str | None]) -> dict[str, Any] | None:
    if custodian is None:
        return None
    parts = _filled({"filters": list(custodian.filters), "actions": list(custodian.actions)}, values)
    return {"policies": [{"name": name.replace("_", "-"), "resource": custodian.resource, **parts}]}


def _filled(content: Any, values: Mapping[str, str | None]) -> Any:  # noqa: ANN401 - a policy may hold anything
    """Fill the texts of a policy; as data they need no quoting."""
    if isinstance(content, dict):
        return {name: _filled(value, values) for name, value in content.items()}
    if isinstance(content, list):
        return [_filled(value, values) for value in content]
    return _PLACEHOLDER.sub(lambda found: values.get(found[1]) or "unknown", content) if isinstance(content, str) else content


def _hint(terraform: str, values: Mapping[str, str | None]) -> str | None:
    named = [values.get(name) for name in _PLACEHOLDER.findall(terraform)]
    if not all(_is_plain(value) and not _CODE_IN_HCL.search(value or "") for value in named):
        return None
    return _PLACEHOLDER.sub(lambda found: values[found[1]] or "", terraform)


def _rendered(words: Words, values: Mapping[str, str | None]) -> str | None:
    rendered: list[str] = []
    for word in words:
        if isinstance(word, list):
            inner = _rendered(word, values)
            if inner is None:
                return None
            rendered.append(f'"$({inner})"')
            continue
        if not all(_is_plain(values.get(name)) for name in _PLACEHOLDER.findall(word)):
            return None
        rendered.append(shlex.quote(_PLACEHOLDER.sub(lambda found: values[found[1]] or "", word)))
    return " ".join(rendered)


def _is_plain(value: str | None) -> bool:
    """Whether a value exists, shows every character that it has, and cannot pass for an option."""
    return bool(value) and value is not None and value.isprintable() and not value.startswith("-")


def _check_placeholders(text: str) -> None:
    unknown = sorted(set(_PLACEHOLDER.findall(text)) - set(PLACEHOLDERS))
    if unknown:
        message = f"there is no placeholder {{{unknown[0]}}}; there are {', '.join(PLACEHOLDERS)}"
        raise ValueError(message)


def _flat(words: Words) -> list[str]:
    return [part for word in words for part in (_flat(word) if isinstance(word, list) else [word])]
