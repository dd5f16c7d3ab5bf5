"""exceptions.yaml: who decided that which finding stays hidden, why, and until when. Thresholds are settings, not exceptions."""

from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from costsieve.errors import ConfigurationError
from costsieve.findings.candidates import Judged
from costsieve.findings.rule import Rule, load_rules
from costsieve.setting_problems import problems
from costsieve.yaml_files import read_yaml

type Dimension = Literal["owner", "team", "project", "environment"]


class ExceptionEntry(BaseModel):
    """One agreed exception: it hides findings that meet all its conditions, up to and including the night of `expires`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str | None = None
    resource: str | None = None
    tags: dict[Dimension, str] = {}
    owner: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    expires: date

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.rule is None and self.resource is None and not self.tags:
            message = "give at least one of `rule`, `resource` (a glob of ids or names) and `tags`"
            raise ValueError(message)
        return self

    def hides(self, rule: Rule, judged: Judged, as_of: date) -> bool:
        """Return whether it hides this rule's finding in the night `as_of`."""
        names = [name for name in (judged.resource_id, judged.resource_name) if name is not None]
        return (
            as_of <= self.expires
            and self.rule in (None, rule.id)
            and (self.resource is None or any(fnmatchcase(name, self.resource) for name in names))
            and all(getattr(judged, dimension) == value for dimension, value in self.tags.items())
        )


def load_exceptions(path: Path | None) -> tuple[ExceptionEntry, ...]:
    """Read the exceptions in the order of the file; no path means none.

    Raises ConfigurationError naming the file, the entry (counted from 1) and the field that is wrong.
    """
    if path is None:
        return ()
    try:
        content = read_yaml(path) or []
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}. `exceptions` of the configuration points to it."
        raise ConfigurationError(message) from error
    if not isinstance(content, list):
        message = f"{path} must be a list of exceptions, each with owner, reason, expires and what it hides."
        raise ConfigurationError(message)
    return tuple(_entry(path, number, entry) for number, entry in enumerate(content, start=1))


def _entry(path: Path, number: int, content: object) -> ExceptionEntry:
    try:
        entry = ExceptionEntry.model_validate(content)
    except ValidationError as error:
        message = f"{path}, entry {number}: {problems(error, ExceptionEntry, 'each exception')}."
        raise ConfigurationError(message) from error
    if entry.rule is not None and entry.rule not in {rule.id for rule in load_rules()}:
        message = f"{path}, entry {number}: there is no rule {entry.rule!r}. `costsieve rules` lists them."
        raise ConfigurationError(message)
    return entry
