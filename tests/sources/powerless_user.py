"""Real credentials of a user whom the AWS emulator refuses what his policy does not allow."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.request import Request, urlopen

import boto3
import pytest


@contextmanager
def only_allowed(endpoint: str, actions: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Become a user who may do these actions and nothing else; policies are enforced until the context ends."""
    iam = boto3.client("iam")
    iam.create_user(UserName="reader")
    if actions:
        policy = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": [_as_emulated(action) for action in actions], "Resource": "*"}],
        }
        iam.put_user_policy(UserName="reader", PolicyName="reads", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    _enforce_policies_after(endpoint, "0")
    try:
        yield
    finally:
        _enforce_policies_after(endpoint, "inf")


def _as_emulated(action: str) -> str:
    """The emulator names CloudWatch's actions after its host, monitoring; AWS itself after the service."""
    return action.replace("cloudwatch:", "monitoring:")


def _enforce_policies_after(endpoint: str, calls: str) -> None:
    headers = {"Content-Type": "text/plain"}
    request = Request(f"{endpoint}/moto-api/reset-auth", data=calls.encode(), headers=headers, method="POST")  # noqa: S310 the server of this test
    with urlopen(request) as response:  # noqa: S310 as above
        response.read()
