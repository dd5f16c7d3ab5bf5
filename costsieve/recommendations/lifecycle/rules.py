"""Lifecycle rules as put-bucket-lifecycle-configuration takes them. Which transitions pay is decided before.

S3 knows no most specific rule: every rule whose filter matches applies, and the colder class wins. So rules here have disjoint
prefixes that end in "/" (the prefix "logs" would also match "logs2/").
"""

import hashlib
import itertools
import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from costsieve.recommendations.lifecycle.cost_model import Schedule

MOST_RULES = 1000
"""Per bucket, fixed by S3."""

ABORT_UPLOADS_AFTER_DAYS = 7
_EARLIEST_INFREQUENT_ACCESS = 30


@dataclass(frozen=True)
class Rule:
    """Objects under ``prefix`` of at least ``least_bytes`` follow ``schedule``."""

    prefix: str
    least_bytes: int
    schedule: Schedule


def lifecycle_configuration(rules: Sequence[Rule]) -> dict[str, Any]:
    """Return the configuration of a bucket: the rules, and an end to forgotten multipart uploads.

    Raises ValueError for rules that S3 would refuse or whose prefixes overlap.
    """
    _check(rules)
    abort = {
        "ID": "costsieve-abort-incomplete-uploads",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_UPLOADS_AFTER_DAYS},
    }
    return {"Rules": [*(_rule(rule) for rule in sorted(rules, key=lambda rule: rule.prefix)), abort]}


def command(bucket: str, configuration: dict[str, Any]) -> str:
    """Return the command that sets the configuration; names from the bucket are quoted for the shell."""
    document = shlex.quote(json.dumps(configuration, ensure_ascii=False))
    name = shlex.quote(bucket)
    return f"aws s3api put-bucket-lifecycle-configuration --bucket {name} --lifecycle-configuration {document}"


def _rule(rule: Rule) -> dict[str, Any]:
    digest = hashlib.sha256(rule.prefix.encode()).hexdigest()[:12]
    # ObjectSizeGreaterThan is strict, and a size filter is what makes S3 move objects below 128 KiB at all.
    return {
        "ID": f"costsieve-transition-{digest}",
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": rule.prefix, "ObjectSizeGreaterThan": max(rule.least_bytes - 1, 0)}},
        "Transitions": [{"Days": step.days, "StorageClass": step.storage_class} for step in rule.schedule],
    }


def _check(rules: Sequence[Rule]) -> None:
    prefixes = sorted(rule.prefix for rule in rules)
    if len(rules) >= MOST_RULES:
        message = f"{len(rules)} rules and the one for uploads exceed S3's limit of {MOST_RULES} rules a bucket"
        raise ValueError(message)
    for prefix in prefixes:
        if not prefix.endswith("/"):
            message = f"prefix {prefix!r} does not end in '/', so it would match other folders too"
            raise ValueError(message)
    for shorter, longer in itertools.pairwise(prefixes):
        if longer.startswith(shorter):
            message = f"prefixes {shorter!r} and {longer!r} overlap"
            raise ValueError(message)
    for rule in rules:
        _check_schedule(rule)


def _check_schedule(rule: Rule) -> None:
    days = [step.days for step in rule.schedule]
    too_early = any(step.storage_class == "STANDARD_IA" and step.days < _EARLIEST_INFREQUENT_ACCESS for step in rule.schedule)
    if not days or days != sorted(set(days)) or too_early:
        message = (
            f"transitions under {rule.prefix!r} must rise, and reach STANDARD_IA at {_EARLIEST_INFREQUENT_ACCESS} days at the earliest"
        )
        raise ValueError(message)
