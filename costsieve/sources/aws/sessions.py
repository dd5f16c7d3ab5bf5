"""Which AWS accounts to ask, and what a refusal means. Which calls are made is the business of each source."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)
from botocore.parsers import ResponseParserError

from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.gaps import Gap, reason_of
from costsieve.sources.permissions import permission_for

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_ec2 import EC2Client

_HOME_REGION = "us-east-1"
_PATIENT = Config(retries={"mode": "adaptive", "max_attempts": 10}, user_agent_extra="costsieve")
BRISK = Config(retries={"mode": "standard", "total_max_attempts": 2}, connect_timeout=3, read_timeout=15, user_agent_extra="costsieve")
"""For somebody who waits for the answer: an address that nobody answers at is given up after seconds."""

_REFUSED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"}
_NOT_ACCEPTED = {
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
}
"""What AWS says of credentials that it does not know or that have expired: no policy helps."""

_GET_OTHERS = "Get new ones (`aws sso login`, `aws configure`, or a new session of the role)"


@dataclass(frozen=True)
class AwsAccount:
    """One account with credentials that reach it; ``role`` is None for the default credential chain, ``config`` how long to wait."""

    session: boto3.Session
    account_id: str
    role: str | None
    config: Config = _PATIENT

    def client(self, service: str, region: str) -> Any:  # noqa: ANN401 - boto3 makes the class of each service when it is asked for
        """Return a client of any service that retries, and slows down, when AWS throttles it."""
        return self.session.client(service, region_name=region, config=self.config)  # type: ignore[call-overload]  # the name is an argument here

    def ec2(self, region: str) -> "EC2Client":
        """Return a client that retries when AWS throttles it."""
        return self.session.client("ec2", region_name=region, config=self.config)

    def cloudwatch(self, region: str) -> "CloudWatchClient":
        """Return a client that retries when AWS throttles it."""
        return self.session.client("cloudwatch", region_name=region, config=self.config)

    @property
    def shown_as(self) -> str:
        """Who calls, for messages."""
        return self.role or f"the default credentials of account {self.account_id}"


def accounts(roles: Sequence[str], config: Config = _PATIENT) -> list[AwsAccount]:
    """Return one account per role ARN, or the default chain's own account where no role is given.

    Raises PermissionMissing, naming the role, when it may not be assumed or when there are no credentials at all.
    """
    with explained("sts", _HOME_REGION, "the default credentials"):
        base = boto3.Session()
    if not roles:
        return [_account(base, None, config)]
    return [_account(_assumed(base, role, config), role, config) for role in roles]


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
    except (ProfileNotFound, PartialCredentialsError) as error:
        message = f"The AWS credentials are incomplete: {str(error).rstrip('.')}. Mend AWS_PROFILE or ~/.aws."
        raise PermissionMissing(message) from error
    except (CredentialRetrievalError, SSOError, TokenRetrievalError) as error:
        message = f"The AWS credentials have expired or cannot be fetched: {str(error).rstrip('.')}. {_GET_OTHERS}."
        raise PermissionMissing(message) from error
    except ClientError as error:
        raise _explanation(error, service, region, caller) from error
    # botocore raises a bare ValueError for an address that is none.
    except (BotoCoreError, ResponseParserError, ValueError) as error:
        said = str(error).rstrip(".")
        message = f"AWS could not be asked in {region}: {said}. Check the network, the region's name and AWS_ENDPOINT_URL, then run again."
        raise SourceError(message) from error


def _explanation(error: ClientError, service: str, region: str, caller: str) -> SourceError:
    code = error.response.get("Error", {}).get("Code", "")
    permission = permission_for(service, error.operation_name)
    if code in _NOT_ACCEPTED:
        region_hint = ", or enable the region" if code in {"AuthFailure", "UnrecognizedClientException"} else ""
        return PermissionMissing(f"AWS did not accept {caller} in {region} ({code}). {_GET_OTHERS}{region_hint}.")
    if code in _REFUSED or error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == HTTPStatus.FORBIDDEN:
        return PermissionMissing(f"AWS refused {permission} in {region} to {caller} ({code}). Attach a policy that allows {permission}.")
    return SourceError(f"{permission} failed in {region} for {caller}: {error}. The next night asks again.")


def _account(session: boto3.Session, role: str | None, config: Config) -> AwsAccount:
    with explained("sts", _region(session), role or "the default credentials"):
        identity = session.client("sts", region_name=_region(session), config=config).get_caller_identity()
    return AwsAccount(session, identity["Account"], role, config)


def _assumed(base: boto3.Session, role: str, config: Config) -> boto3.Session:
    """Assume one role for an hour, which outlasts the calls of a night."""
    with explained("sts", _region(base), f"the default credentials (for role {role})"):
        answer = base.client("sts", region_name=_region(base), config=config).assume_role(RoleArn=role, RoleSessionName="costsieve")
    keys = answer["Credentials"]
    return boto3.Session(
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def _region(session: boto3.Session) -> str:
    return session.region_name or _HOME_REGION
