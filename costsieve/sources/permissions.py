"""What the credentials of a night must be allowed, from permissions.yaml. Nothing is asked of a provider here: see costsieve.diagnosis."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Permission(BaseModel):
    """One permission. ``calls`` are the AWS operations that need it, ``role`` the smallest Google role that has it.

    ``without`` says what is lost where it is not granted; None where the sources in ``used_by`` cannot do without it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: Literal["AWS", "GCP"]
    permission: str
    on: str
    used_by: tuple[str, ...]
    why: str
    calls: tuple[str, ...] = ()
    role: str | None = None
    without: str | None = Field(default=None)


@cache
def permissions() -> tuple[Permission, ...]:
    """Return every permission, in the order of the file."""
    described = yaml.safe_load(Path(__file__).with_name("permissions.yaml").read_text(encoding="utf-8"))
    return tuple(Permission.model_validate(entry) for entry in described)


def permissions_of(source_type: str) -> tuple[Permission, ...]:
    """Return what sources of this type in costsieve.yaml use."""
    return tuple(permission for permission in permissions() if source_type in permission.used_by)


def permission_for(service: str, operation: str) -> str:
    """Return the permission that one AWS operation needs; S3 names several of them otherwise than the operation."""
    named = (each.permission for each in permissions() if operation in each.calls and each.permission.startswith(f"{service}:"))
    return next(named, f"{service}:{operation}")
