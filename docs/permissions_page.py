"""The page docs/permissions.md: least-privilege policy and roles, made of costsieve/sources/permissions.yaml."""

import json

from costsieve.sources.permissions import Permission, permissions

_HEAD = """# Permissions

Generated from `costsieve/sources/permissions.yaml` by `make docs`; a test compares that file with the calls that the code makes.
Costsieve reads, and never changes anything at a provider. `costsieve doctor` tries every permission of every configured source."""

_GCP_HEAD = """## GCP

Grant these roles, each on what it is needed on:"""


def permissions_page() -> str:
    """Return the page: one IAM policy for AWS, roles for GCP, and what each permission is for."""
    aws = [permission for permission in permissions() if permission.provider == "AWS"]
    gcp = [permission for permission in permissions() if permission.provider == "GCP"]
    return "\n\n".join([_HEAD, "## AWS", _aws_table(aws), _policy(aws), _GCP_HEAD, _gcp_table(gcp)]) + "\n"


def policy_document() -> dict[str, object]:
    """Return the IAM policy; BUCKET, PREFIX, ACCOUNT and ROLE are to be replaced."""
    by_resource: dict[str, list[str]] = {}
    for permission in permissions():
        if permission.provider == "AWS":
            by_resource.setdefault(permission.on, []).append(permission.permission)
    statements = [{"Effect": "Allow", "Action": actions, "Resource": resource} for resource, actions in by_resource.items()]
    return {"Version": "2012-10-17", "Statement": statements}


def _policy(aws: list[Permission]) -> str:
    shown = json.dumps(policy_document(), indent=2)
    unused = "Leave out what your sources do not use, and replace BUCKET, PREFIX, ACCOUNT and ROLE."
    return f"The whole as one policy ({len(aws)} actions). {unused}\n\n```json\n{shown}\n```"


def _aws_table(aws: list[Permission]) -> str:
    rows = [f"| `{p.permission}` | {_used_by(p)} | {p.why} | {p.without or 'the source fails'} |" for p in aws]
    return "\n".join(["| action | sources | what for | without it |", "| --- | --- | --- | --- |", *rows])


def _gcp_table(gcp: list[Permission]) -> str:
    rows = [f"| `{p.role}` | {p.on} | `{p.permission}` | {_used_by(p)} | {p.why} | {p.without or 'the source fails'} |" for p in gcp]
    head = ["| role | on | for the permission | sources | what for | without it |", "| --- | --- | --- | --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _used_by(permission: Permission) -> str:
    return ", ".join(f"`{source_type}`" for source_type in permission.used_by)
