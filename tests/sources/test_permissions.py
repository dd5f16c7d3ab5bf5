"""The declared permissions are those of the calls that the code makes. That they suffice is shown where each source is tested."""

import ast
import re
from pathlib import Path

import pytest

from costsieve.sources.permissions import permissions, permissions_of

PACKAGE = Path(__file__).parents[2] / "costsieve"
AWS_CALL = re.compile(r"^(list|get|describe|assume)_[a-z0-9_]+$")
NO_PERMISSION_NEEDED = {"GetCallerIdentity"}
"""STS answers it to everybody."""


def _operation(method: str) -> str:
    """`list_objects_v2` -> `ListObjectsV2`, as botocore derives the one from the other."""
    return "".join(part.capitalize() for part in method.split("_"))


def _called_operations() -> set[str]:
    """Return the AWS operations that any module calls on a client or pages through."""
    called = set()
    for path in PACKAGE.rglob("*.py"):
        if "boto3" not in (text := path.read_text(encoding="utf-8")) and "aws import sessions" not in text and "aws.sessions" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                paged = node.args[0] if node.func.attr == "get_paginator" and node.args else None
                method = str(paged.value) if isinstance(paged, ast.Constant) else node.func.attr
                if AWS_CALL.match(method) and method not in {"get_paginator", "get_table"}:
                    called.add(_operation(method))
    return called


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
            "aws_inventory",
            {"ec2:DescribeInstances", "ec2:DescribeVolumes", "ec2:DescribeSnapshots", "ec2:DescribeImages", "sts:AssumeRole"},
        ),
        ("s3_inventory", {"s3:ListBucket", "s3:GetObject"}),
    ],
)
def test_permissions_of_a_source_type(source_type: str, expected: set[str]) -> None:
    assert {permission.permission for permission in permissions_of(source_type)} == expected
