"""How Google's APIs write times, numbers, durations and places in JSON, and how the inventory wants them. Knows no resource."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

type Row = dict[str, Any]

_ZONE = re.compile(r"^([a-z]+(?:-[a-z]+)+\d+)-[a-z]$")
_SUBSECOND = re.compile(r"\.(\d{6})\d+")


def utc(text: str | None) -> datetime | None:
    """Read an RFC 3339 time into naive UTC; Google writes up to nine decimals."""
    if not text:
        return None
    moment = datetime.fromisoformat(_SUBSECOND.sub(r".\1", text))
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def iso(text: str | None) -> str | None:
    """Write a time as attributes have it: ISO 8601 in UTC, to the second."""
    moment = utc(text)
    return None if moment is None else moment.isoformat(timespec="seconds")


def number(value: object) -> float | None:
    """Read a number that JSON may hold as text, as 64-bit integers are."""
    return float(value) if isinstance(value, int | float | str) and value != "" else None


def whole(value: object) -> int | None:
    """Read a whole number."""
    read = number(value)
    return None if read is None else int(read)


def seconds(duration: str | None) -> int | None:
    """Read a duration such as ``3600s`` or ``3.5s``."""
    return int(float(duration.removesuffix("s"))) if duration else None


def tail(url: str | None) -> str | None:
    """Return the last segment of a link: the name of a machine or disk type."""
    return url.rstrip("/").rsplit("/", 1)[-1] if url else None


def region_of(location: str) -> str | None:
    """Return the region of a zone, and everything else as it is."""
    zone = _ZONE.match(location.lower())
    return zone.group(1) if zone else location.lower() or None


def state_of(value: str | None, prefix: str = "") -> str | None:
    """Write an enum value in lower snake case: ``JOB_STATE_RUNNING`` is ``running`` under the prefix ``JOB_STATE_``."""
    return value.removeprefix(prefix).lower() if value else None


def attributes(**values: object) -> dict[str, str]:
    """Return the known ones as text; None is unknown and left out."""
    return {name: _text(value) for name, value in values.items() if value is not None}


def labels(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of a resource."""
    return {str(key): str(value) for key, value in (data.get("labels") or {}).items()}


def metadata_items(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the metadata of a machine, which the Compute API lists as entries."""
    items = (data.get("metadata") or {}).get("items") or []
    return {entry["key"]: str(entry.get("value", "")) for entry in items if "key" in entry}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
