"""Checks that are SQL: one folder of sql/quality each, found by being there. Runs nothing."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, field_validator

from costsieve import sql_files
from costsieve.contracts import catalog
from costsieve.quality.checks import STAGES, Severity, is_of_stage


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
    def _table_of_a_stage(cls, table: str) -> str:
        if table not in catalog.BY_NAME or not any(is_of_stage(table, stage) for stage in STAGES):
            message = f"{table} is no contract table of the stages {', '.join(STAGES)}"
            raise ValueError(message)
        return table


@cache
def check_files(stage: str) -> tuple[CheckFile, ...]:
    """Return the checks that run after a stage, sorted by name; dropping a folder in is enough.

    Raises pydantic.ValidationError for a key that is missing, misspelt or wrong.
    """
    return tuple(check for check in load_check_files(sql_files.sql_root() / "quality") if is_of_stage(check.table, stage))


def load_check_files(root: Path) -> list[CheckFile]:
    """Return every check under ``root``."""
    return [_load(path.parent) for path in sorted(root.glob("*/check.yaml"))]


def _load(folder: Path) -> CheckFile:
    described = yaml.safe_load((folder / "check.yaml").read_text(encoding="utf-8"))
    sql = (folder / "check.sql").read_text(encoding="utf-8")
    return CheckFile.model_validate({**described, "check_name": folder.name, "sql": sql})
