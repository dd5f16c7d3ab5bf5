"""Checks that are SQL: one folder of sql/quality each, found by being there. Runs nothing."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from costsieve import sql_files
from costsieve.quality.checks import CHECKED_TABLES, Severity


class CheckFile(BaseModel):
    """check.yaml and check.sql of one folder. ``sql`` selects the offending rows and may use ``$as_of``; no row means that all is well."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    check_name: str
    title: str
    table: str
    severity: Severity
    remedy: str
    sql: str

    @field_validator("table")
    @classmethod
    def _checked_table(cls, table: str) -> str:
        if table not in CHECKED_TABLES:
            message = f"{table} is none of the checked tables {', '.join(CHECKED_TABLES)}"
            raise ValueError(message)
        return table


@cache
def check_files(table_name: str) -> tuple[CheckFile, ...]:
    """Return the checks that guard a table, sorted by name; dropping a folder in is enough.

    Raises pydantic.ValidationError for a key that is missing, misspelt or wrong.
    """
    return tuple(check for check in load_check_files(sql_files.sql_root() / "quality") if check.table == table_name)


def load_check_files(root: Path) -> list[CheckFile]:
    """Return every check under ``root``."""
    return [_load(path.parent) for path in sorted(root.glob("*/check.yaml"))]


def _load(folder: Path) -> CheckFile:
    described = yaml.safe_load((folder / "check.yaml").read_text(encoding="utf-8"))
    sql = (folder / "check.sql").read_text(encoding="utf-8")
    return CheckFile.model_validate({**described, "check_name": folder.name, "sql": sql})
