"""Evidence and details as JSON -> facts a person can read, with names in words and values with units. No judgement is made here.

Units come from the words in a key, as the rules name their evidence: ``cpu_percent_p99``, ``network_bytes_per_day``, ``idle_hours``.
"""

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from costsieve.reports.amounts import byte_size, money

_WORDS = {
    "cpu": "CPU",
    "gpu": "GPU",
    "gpus": "GPUs",
    "vm": "VM",
    "tpu": "TPU",
    "ip": "IP",
    "nat": "NAT",
    "vpc": "VPC",
    "vcpu": "vCPU",
    "vcpus": "vCPUs",
    "gib": "GiB",
    "id": "ID",
    "s3": "S3",
    "od": "on-demand",
    "sp": "Savings Plan",
    "ri": "RI",
    "cud": "CUD",
    "p50": "median",
    "avg": "average",
    "max": "maximum",
    "min": "minimum",
}
_PERCENTILE = re.compile(r"^p(\d{2})(\d|_5)?$")
_SUFFIXES = (
    ("percent", "%"),
    ("gib", "GiB"),
    ("megabytes", "MB"),
    ("hours", "hours"),
    ("days", "days"),
    ("months", "months"),
    ("seconds", "seconds"),
    ("vcpus", "vCPUs"),
)
_UNITS_IN_NAMES = {"percent", "gib", "bytes", "megabytes", "share", "seconds", "hours", "days", "months"}
_MONEY_WORDS = {"cost", "savings", "rate", "price", "commitment", "bill", "spend", "fee", "fees", "demand", "locked", "comparison"}
_SHARE_WORDS = {"share", "coverage", "utilization"}


@dataclass(frozen=True)
class Fact:
    """One readable fact."""

    name: str
    value: str


def read_facts(document: str | None, currency: str, left_out: tuple[str, ...] = ()) -> tuple[Fact, ...]:
    """Return the facts of a JSON object in its own order, without the keys ``left_out``.

    Text that is no JSON object comes back whole, as one fact.
    """
    if not document:
        return ()
    try:
        content = json.loads(document, parse_float=Decimal)
    except json.JSONDecodeError:
        return (Fact("Evidence", document),)
    if not isinstance(content, dict):
        return (Fact("Evidence", _value("", content, currency)),)
    return tuple(_facts({key: value for key, value in content.items() if key not in left_out}, currency, ()))


def read_sentences(document: str | None) -> tuple[str, ...]:
    """Return a JSON list of sentences; text that is no JSON list is one sentence."""
    if not document:
        return ()
    try:
        content = json.loads(document)
    except json.JSONDecodeError:
        return (document,)
    return tuple(str(sentence) for sentence in content) if isinstance(content, list) else (str(content),)


def words(key: str) -> str:
    """Write a snake_case name in words: ``cpu_percent_p99`` -> ``CPU percent 99th percentile``."""
    return _capitalised(phrase(key))


def phrase(key: str) -> str:
    """Write a snake_case name in words within a sentence: ``idle_vm`` -> ``idle VM``."""
    joined = re.sub(r"(^|_)(p\d{2})_5\b", r"\g<1>\g<2>5", key)
    return " ".join(_word(part) for part in joined.removeprefix("is_").split("_") if part)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _facts(content: dict[str, Any], currency: str, path: tuple[str, ...]) -> list[Fact]:
    facts: list[Fact] = []
    for key, value in content.items():
        if isinstance(value, dict):
            facts.extend(_facts(value, currency, (*path, key)))
        elif value is not None and value != []:
            name = ", ".join(phrase(part) for part in (*path, _without_unit(key, value)))
            facts.append(Fact(_capitalised(name), _value("_".join((*path, key)), value, currency)))
    return facts


def _word(part: str) -> str:
    percentile = _PERCENTILE.match(part)
    if percentile and part not in _WORDS:
        tenth = ".5" if percentile[2] else ""
        return f"{percentile[1]}{tenth}th percentile"
    return _WORDS.get(part, part)


def _without_unit(key: str, value: object) -> str:
    """Drop the unit from a name where the value will carry it."""
    parts = key.split("_")
    if not isinstance(value, int | Decimal) or len(parts) == 1:
        return key
    if "per" in parts[:-1]:
        place = parts.index("per")
        parts = parts[:place] + parts[place + 2 :]
    if "share_of" in key:
        return "_".join(parts)
    return "_".join(part for part in parts if part not in _UNITS_IN_NAMES) or key


def _value(key: str, value: object, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return _quantity(key.split("_"), Decimal(value), currency)
    if isinstance(value, dict):
        return ", ".join(
            f"{phrase(_without_unit(name, inner))} {_value(name, inner, currency)}" for name, inner in value.items() if inner is not None
        )
    if isinstance(value, list):
        return "; ".join(_value(key, inner, currency) for inner in value)
    return _moment(str(value))


def _quantity(parts: list[str], value: Decimal, currency: str) -> str:
    per = " ".join(["per", parts[parts.index("per") + 1]]) if "per" in parts[:-1] else ""
    if _MONEY_WORDS.intersection(parts) and not {"share", "percent", "count", "hours", "days", "months", "utilization"}.intersection(parts):
        hourly = bool({"hourly", "rate"}.intersection(parts)) and not per
        return _joined(_price(value, currency), "per hour" if hourly else per)
    if "bytes" in parts:
        return _joined(byte_size(float(value)), per)
    if _SHARE_WORDS.intersection(parts) and abs(value) <= 1:
        return f"{_number(value * 100)} %"
    unit = next((unit for word, unit in _SUFFIXES if word in parts), "")
    return _joined(_number(value), unit, per)


def _price(value: Decimal, currency: str) -> str:
    """Hourly rates need more than cents; six decimals at most, none of them idle."""
    if value == value.quantize(Decimal("0.01")) or abs(value) >= 100:
        return money(value, currency)
    digits = f"{value:.6f}".rstrip("0")
    return money(Decimal(0), currency).replace("0.00", digits)


def _number(value: Decimal) -> str:
    """At most four significant decimals, without trailing zeros."""
    digits = 0 if abs(value) >= 1000 else 2 if abs(value) >= 1 else 4
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(text: str) -> str:
    """A timestamp without its empty time of day."""
    return re.sub(r"^(\d{4}-\d{2}-\d{2})[T ]00:00:00(\.0+)?(Z|\+00(:00)?)?$", r"\1", text)


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
