"""Which AWS accounts to ask, and what a refusal means. Which calls are made is the business of each source."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError
from botocore.parsers import ResponseParserError

from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.gaps import Gap, reason_of
from costsieve.sources.permissions import permission_for

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_ec2 import EC2Client

_HOME_REGION = "us-east-1"
_CONFIG = Config(retries={"mode": "adaptive", "max_attempts": 10}, user_agent_extra="costsieve")
_REFUSED = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
    "UnauthorizedOperation",
    "UnrecognizedClientException",
}


@dataclass(frozen=True)
class AwsAccount:
    """One account with credentials that reach it; ``role`` is None for the default credential chain."""

    session: boto3.Session
    account_id: str
    role: str | None

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes the class of each service when it is asked for
        """Return a client of any service that retries, and slows down, when AWS throttles it."""
        return self.session.client(service, region_name=region, config=_CONFIG)  # type: ignore[call-overload]  # the name is an argument here

    def ec2(self, region: str) -> "EC2Client":
        """Return a client that retries when AWS throttles it."""
        return self.session.client("ec2", region_name=region, config=_CONFIG)

    def cloudwatch(self, region: str) -> "CloudWatchClient":
        """Return a client that retries when AWS throttles it."""
        return self.session.client("cloudwatch", region_name=region, config=_CONFIG)

    @property
    def shown_as(self) -> str:
        """Who calls, for messages."""
        return self.role or f"the default credentials of account {self.account_id}"


def accounts(roles: Sequence[str]) -> list[AwsAccount]:
    """Return one account per role ARN, or the default chain's own account where no role is given.

    Raises PermissionMissing, naming the role, when it may not be assumed or when there are no credentials at all.
    """
    base = boto3.Session()
    if not roles:
        return [_account(base, None)]
    return [_account(_assumed(base, role), role) for role in roles]


def reachable(roles: Sequence[str]) -> Iterator[AwsAccount | Gap]:
    """Give one account per role ARN as `accounts` does, or what is missing where a role may not be assumed: the others go on.

    Each role is assumed when its turn comes, so that every account has its hour. Raises PermissionMissing without any credentials.
    """
    for role in roles or (None,):
        try:
            (account,) = accounts([role] if role else [])
        except SourceError as error:
            if isinstance(error.__cause__, NoCredentialsError) or role is None:
                raise
            yield Gap("AWS", account_of(role), role, None, None, reason_of(error), str(error))
        else:
            yield account


def account_of(role: str) -> str | None:
    """Return the account that a role ARN names: `arn:aws:iam::111122223333:role/costsieve-read`."""
    parts = role.split(":")
    return parts[4] if len(parts) > 4 else None


@contextmanager
def explained(service: str, region: str, caller: str) -> Iterator[None]:
    """Turn what AWS says into what the user can do; ``service`` is the prefix of its permissions, ``caller`` who asked."""
    try:
        yield
    except NoCredentialsError as error:
        message = "No AWS credentials were found. `aws configure`, `aws sso login` or a role of this machine provide them."
        raise PermissionMissing(message) from error
    except ClientError as error:
        raise _explanation(error, service, region, caller) from error
    except (BotoCoreError, ResponseParserError) as error:
        message = f"AWS could not be asked in {region}: {error}. Check the network, the region's name and AWS_ENDPOINT_URL, then run again."
        raise SourceError(message) from error


def _explanation(error: ClientError, service: str, region: str, caller: str) -> SourceError:
    code = error.response.get("Error", {}).get("Code", "")
    permission = permission_for(service, error.operation_name)
    if code in _REFUSED or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.FORBIDDEN:
        message = f"AWS refused {permission} in {region} to {caller} ({code}). Attach a policy that allows {permission}"
        region_hint = ", and check that the region is enabled" if code in {"AuthFailure", "UnrecognizedClientException"} else ""
        return PermissionMissing(f"{message}{region_hint}.")
    return SourceError(f"{permission} failed in {region} for {caller}: {error}. The next night asks again.")


def _account(session: boto3.Session, role: str | None) -> AwsAccount:
    with explained("sts", _region(session), role or "the default credentials"):
        identity = session.client("sts", region_name=_region(session), config=_CONFIG).get_caller_identity()
    return AwsAccount(session, identity["Account"], role)


def _assumed(base: boto3.Session, role: str) -> boto3.Session:
    """Assume one role for an hour, which outlasts the calls of a night."""
    with explained("sts", _region(base), f"the default credentials (for role {role})"):
        answer = base.client("sts", region_name=_region(base), config=_CONFIG).assume_role(RoleArn=role, RoleSessionName="costsieve")
    keys = answer["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def _region(session: boto3.Session) -> str:
    return session.region_name or _HOME_REGION
