"""Checks that are SQL: one folder of sql/quality each, found by being there. Runs nothing."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import sqlglot
import yaml
from pydantic import BaseModel, ConfigDict, field_validator, model_validator
from sqlglot import exp

from costsieve import sql_files
from costsieve.quality.checks import CHECKED_TABLES, Severity

GIVEN_BY_THE_NIGHT = ("as_of", "report_currency")
"""What every check may use beside its own parameters."""


class CheckParameter(BaseModel):
    """A threshold of a check: its default, its unit, and why it is this one (a source, or what was weighed)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: int | Decimal
    unit: str
    why: str


class CheckFile(BaseModel):
    """check.yaml and check.sql of one folder. ``sql`` selects the offending rows; no row means that all is well.

    It may use ``$as_of``, ``$report_currency`` and its own ``params``, which costsieve.yaml may replace under `checks`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    check_name: str
    title: str
    table: str
    severity: Severity
    remedy: str
    params: Mapping[str, CheckParameter] = {}
    sql: str

    @field_validator("table")
    @classmethod
    def _checked_table(cls, table: str) -> str:
        if table not in CHECKED_TABLES:
            message = f"{table} is none of the checked tables {', '.join(CHECKED_TABLES)}"
            raise ValueError(message)
        return table

    @model_validator(mode="after")
    def _known_parameters(self) -> "CheckFile":
        unknown, unused = self.bound - {*self.params, *GIVEN_BY_THE_NIGHT}, set(self.params) - self.bound
        if unknown or unused:
            message = f"check.sql and params of {self.check_name} differ in {', '.join(sorted(unknown | unused))}"
            raise ValueError(message)
        return self

    @cached_property
    def bound(self) -> frozenset[str]:
        """Names of the parameters that the SQL uses."""
        return frozenset(re.findall(r"\$([a-z_]+)", self.sql))

    @cached_property
    def row_names(self) -> tuple[str | None, str | None]:
        """Columns of the offending rows that name a source and a period; None where they name none."""
        statement = sqlglot.parse_one(self.sql, dialect="duckdb")
        columns = statement.named_selects if isinstance(statement, exp.Query) else []
        return _first(columns, ("source", "x_source")), _first(columns, ("period", "x_period"))


@cache
def check_files(table_name: str) -> tuple[CheckFile, ...]:
    """Return the checks that guard a table, sorted by name; dropping a folder in is enough.

    Raises pydantic.ValidationError for a key that is missing, misspelt or wrong.
    """
    return tuple(check for check in all_check_files() if check.table == table_name)


@cache
def all_check_files() -> tuple[CheckFile, ...]:
    """Return every check of sql/quality."""
    return tuple(load_check_files(sql_files.sql_root() / "quality"))


def load_check_files(root: Path) -> list[CheckFile]:
    """Return every check under ``root``.

    ``rows_of`` in check.yaml names another check whose check.sql it takes, for the same rows under other thresholds and another severity.
    Raises ValueError when a folder has both; pydantic.ValidationError for a key that is missing, misspelt or wrong.
    """
    return [_load(path.parent) for path in sorted(root.glob("*/check.yaml"))]


def _load(folder: Path) -> CheckFile:
    described = yaml.safe_load((folder / "check.yaml").read_text(encoding="utf-8"))
    sql = (_sql_folder(folder, described.pop("rows_of", None)) / "check.sql").read_text(encoding="utf-8")
    return CheckFile.model_validate({**described, "check_name": folder.name, "sql": sql})


def _sql_folder(folder: Path, rows_of: str | None) -> Path:
    if rows_of is None:
        return folder
    if (folder / "check.sql").exists():
        message = f"{folder.name} has a check.sql of its own beside rows_of: {rows_of}: keep one of them"
        raise ValueError(message)
    return folder.with_name(rows_of)


def _first(columns: list[str], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in columns), None)
