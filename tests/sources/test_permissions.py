"""The declared permissions are those of the calls that the code makes. That they suffice is shown where each source is tested."""

import ast
import re
from pathlib import Path

import pytest

from costsieve.sources.permissions import permissions, permissions_of

PACKAGE = Path(__file__).parents[2] / "costsieve"
AWS_CALL = re.compile(r"^(list|get|describe|assume)_[a-z0-9_]+$")
NO_CALLS = {"get_paginator", "get_table", "get_available_regions", "get_partition_for_region", "get_bucket_region"}
"""Methods of boto3 that ask nothing, and of Google's client."""

NO_PERMISSION_NEEDED = {"GetCallerIdentity"}
"""STS answers it to everybody."""


def _operation(method: str) -> str:
    """`list_objects_v2` -> `ListObjectsV2`, as botocore derives the one from the other; RDS writes DB in capitals."""
    return "".join("DB" if part == "db" else part.capitalize() for part in method.split("_"))


def _called_operations() -> set[str]:
    """Return the AWS operations that any module calls on a client or pages through."""
    called = set()
    for path in PACKAGE.rglob("*.py"):
        if "boto3" not in (text := path.read_text(encoding="utf-8")) and "aws.sessions" not in text and "inventory.place" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                called |= {_operation(method) for method in _methods(node) if AWS_CALL.match(method) and method not in NO_CALLS}
    return called


def _methods(node: ast.Call) -> list[str]:
    """Return what may be the name of a call: the method itself, or a text that is passed to a paginator or to `Place`."""
    texts = [str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)]
    return [node.func.attr if isinstance(node.func, ast.Attribute) else "", *texts]


def test_every_aws_call_has_its_permission_and_every_permission_its_call() -> None:
    declared = {call for permission in permissions() for call in permission.calls}

    assert _called_operations() - NO_PERMISSION_NEEDED == declared


def test_every_permission_is_for_reading() -> None:
    verbs = [permission.permission.split(":")[-1].split(".")[-1].lower() for permission in permissions() if permission.provider == "AWS"]

    assert [verb for verb in verbs if not verb.startswith(("get", "list", "describe", "assumerole"))] == []


@pytest.mark.parametrize(
    ("source_type", "expected"),
    [
        (
            "aws_cur",
            {
                "s3:ListBucket",
                "s3:GetObject",
                "bcm-data-exports:ListExports",
                "bcm-data-exports:GetExport",
                "cur:DescribeReportDefinitions",
            },
        ),
        ("s3_inventory", {"s3:ListBucket", "s3:GetObject"}),
    ],
)
def test_permissions_of_a_source_type(source_type: str, expected: set[str]) -> None:
    assert {permission.permission for permission in permissions_of(source_type)} == expected
