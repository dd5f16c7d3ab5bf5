"""What S3 and the credential chain say when they refuse, and what the user can do about it. No call is made here."""

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

from costsieve.errors import IncompleteExport, MissingExport, PermissionMissing, SourceError
from costsieve.sources.stores.object_store import replaced_meanwhile

_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired", "InvalidToken"}
_UNKNOWN = {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidClientTokenId", "UnrecognizedClientException", "AuthFailure"}
_REFUSED = {"AccessDenied", "AllAccessDisabled", "403", "Forbidden"}
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_REPLACED = {"PreconditionFailed", "412"}
_ELSEWHERE = {"PermanentRedirect", "301", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "307", "TemporaryRedirect"}
_BUSY = {"SlowDown", "503", "ServiceUnavailable", "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequests", "429"}

_LOG_IN_AGAIN = "Get new ones (`aws sso login`, `aws configure`, or a new session of the role) and run again"


def explained_credentials(error: BotoCoreError | ValueError, name: str) -> SourceError:
    """Explain why no answer came at all: no usable credentials, or no connection."""
    if isinstance(error, NoCredentialsError):
        return PermissionMissing(f"No AWS credentials were found to read {name}. `aws configure`, `aws sso login` or a role provides them.")
    if isinstance(error, PartialCredentialsError | ProfileNotFound):
        return PermissionMissing(f"The AWS credentials to read {name} are incomplete: {error}. Mend AWS_PROFILE or ~/.aws.")
    if isinstance(error, SSOError | TokenRetrievalError | CredentialRetrievalError):
        return PermissionMissing(f"The AWS credentials to read {name} have expired or cannot be fetched: {error}. {_LOG_IN_AGAIN}.")
    return SourceError(f"{name} could not be read: {error}. Check the network, the region and AWS_ENDPOINT_URL, then run again.")


def explained_refusal(error: ClientError, permission: str, name: str, bucket: str) -> SourceError:
    """Explain an answer of S3 that is an error, after the client's own attempts."""
    answer = error.response.get("Error", {})
    code, said = answer.get("Code", ""), answer.get("Message", "")
    if code in _EXPIRED:
        return PermissionMissing(f"S3 refused to read {name}: the credentials have expired ({code}). {_LOG_IN_AGAIN}.")
    if code in _UNKNOWN:
        return PermissionMissing(f"S3 refused to read {name}: it does not know these credentials ({code}). {_LOG_IN_AGAIN}.")
    if code in _REFUSED or code.startswith("KMS."):
        return PermissionMissing(f"S3 refused to read {name} ({code}). {_needed(said, code, permission, bucket)}")
    return _absence(code, name, bucket) or _failure(error, code, name, bucket)


def _absence(code: str, name: str, bucket: str) -> SourceError | None:
    if code == "NoSuchBucket":
        return MissingExport(f"{name}: bucket {bucket} does not exist. Check `location` in costsieve.yaml.")
    if code in _ABSENT:
        return IncompleteExport(f"{name} is not there. Nothing of this delivery was loaded; run again after the next delivery.")
    return replaced_meanwhile(name) if code in _REPLACED else None


def _failure(error: ClientError, code: str, name: str, bucket: str) -> SourceError:
    metadata = error.response.get("ResponseMetadata", {})
    attempts = metadata.get("RetryAttempts", 0) + 1
    if code in _ELSEWHERE:
        region = metadata.get("HTTPHeaders", {}).get("x-amz-bucket-region")
        place = f"region {region}" if region else "another region"
        return SourceError(f"{name} could not be read: bucket {bucket} is in {place} ({code}). Set AWS_DEFAULT_REGION to it and run again.")
    if code in _BUSY:
        reason = f"S3 still throttles after {attempts} attempts ({code})"
        return SourceError(f"{name} could not be read: {reason}. Nothing of it was loaded; run again later.")
    return SourceError(f"{name} could not be read after {attempts} attempts: {error}. Nothing of it was loaded; run again later.")


def _needed(said: str, code: str, permission: str, bucket: str) -> str:
    if "requester pays" in said.lower():
        return f"Bucket {bucket} is requester-pays: read it with its owner's credentials, or have it copied to a bucket of your own."
    if code.startswith("KMS.") or "kms:" in said:
        return f"The credentials need kms:Decrypt on the key of bucket {bucket}. S3 says: {said}"
    return f"The credentials need {permission} on bucket {bucket}."
