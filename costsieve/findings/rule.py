"""What a waste rule is, and where rules come from: one folder under sql/rules each. Nothing is evaluated here."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import sqlglot
import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from sqlglot import exp

from costsieve.contracts.usage import RESOURCE_TYPES
from costsieve.contracts.verdicts import ACTIONS
from costsieve.errors import ConfigurationError
from costsieve.findings.remedies import Remedy, load_remedies
from costsieve.rule_settings import Preset
from costsieve.sql_files import sql_root


def _member_of(words: tuple[str, ...]) -> BeforeValidator:
    def check(value: str) -> str:
        if value not in words:
            message = f"{value!r} is not one of {', '.join(words)}"
            raise ValueError(message)
        return value

    return BeforeValidator(check)


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Scope(_Frozen):
    """One kind of resource that a rule applies to."""

    provider: Literal["AWS", "GCP"]
    resource_type: Annotated[str, _member_of(RESOURCE_TYPES)]


class Parameter(_Frozen):
    """A threshold of a rule: its value in the balanced preset, in the two others where they differ, its unit and what it means."""

    value: int | Decimal
    careful: int | Decimal | None = None
    max_savings: int | Decimal | None = None
    unit: str
    description: str

    def preset_value(self, preset: Preset) -> int | Decimal:
        """Return the value in a preset."""
        preset_values = {"careful": self.careful, "max_savings": self.max_savings}
        value = preset_values.get(preset)
        return self.value if value is None else value


class Rule(_Frozen):
    """One waste rule as its rule.yaml describes it; `step` is its line in the plan, `sql` and `remedies` lie beside it.

    `judges_use` is false for a rule that looks at something else than whether a resource is used well, such as its tags or its traffic:
    what only such rules judge does not count as evaluated.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    why: str
    remedy: str
    action: Annotated[str, _member_of(ACTIONS)]
    step: str = Field(pattern=r"\{resource\}")
    severity: Literal["high", "medium", "low"]
    applies_to: tuple[Scope, ...] = Field(min_length=1)
    criteria: tuple[str, ...] = Field(min_length=1)
    permissions: dict[Literal["AWS", "GCP"], tuple[str, ...]]
    params: dict[str, Parameter] = {}
    confidence: dict[Literal["high", "medium", "low"], str] = Field(min_length=1)
    judges_use: bool = True
    sql: str = Field(repr=False)
    remedies: tuple[Remedy, ...]

    @property
    def reads(self) -> tuple[str, ...]:
        """Full names of the tables that the SELECT reads, sorted."""
        statement = sqlglot.parse_one(self.sql, dialect="duckdb")
        return tuple(sorted({f"{table.db}.{table.name}" for table in statement.find_all(exp.Table) if table.db}))


def load_rules(root: Path | None = None) -> list[Rule]:
    """Return every rule under `root` (sql/rules), sorted by id. Dropping in a folder is enough.

    Raises ConfigurationError naming the file and the field that is wrong.
    """
    return list(_load_rules(root or sql_root() / "rules"))


@cache
def _load_rules(root: Path) -> tuple[Rule, ...]:
    return tuple(_load_rule(path) for path in sorted(root.glob("*/rule.yaml")))


def _load_rule(path: Path) -> Rule:
    sql_path = path.with_name("rule.sql")
    if not sql_path.is_file():
        message = f"{sql_path} does not exist: a rule is a folder with rule.yaml, rule.sql, remedy.yaml and cases.yaml."
        raise ConfigurationError(message)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_DecimalLoader)  # noqa: S506 - a SafeLoader with exact numbers
        if not isinstance(content, Mapping):
            message = f"{path} must be a mapping of fields such as title, why and remedy."
            raise ConfigurationError(message)
        fields: dict[str, Any] = {**content, "id": path.parent.name, "sql": sql_path.read_text(encoding="utf-8")}
        fields["remedies"] = load_remedies(path.with_name("remedy.yaml"))
        return Rule.model_validate(fields)
    except yaml.YAMLError as error:
        message = f"{path} is not valid YAML: {error}"
        raise ConfigurationError(message) from error
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors())
        message = f"{path}: {problems}"
        raise ConfigurationError(message) from error


class _DecimalLoader(yaml.SafeLoader):
    """Reads 0.995 as the decimal that is written, not as the nearest binary fraction."""


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node))


_DecimalLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
