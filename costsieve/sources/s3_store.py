"""The object store over S3, through boto3's own credential chain and endpoint variables. No layout is known here."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from costsieve.errors import IncompleteExport, MissingExport, PermissionMissing, SourceError
from costsieve.sources.object_store import StoredObject, replaced_meanwhile, uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK_BYTES = 4 * 2**20
_REFUSED = {"AccessDenied", "AllAccessDisabled", "403", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"}
_ABSENT = {"NoSuchKey", "404", "NotFound"}
_REPLACED = {"PreconditionFailed", "412"}


@dataclass(frozen=True)
class S3Store:
    """One prefix of one bucket. Needs s3:ListBucket on the bucket and s3:GetObject on its objects."""

    url: str

    @property
    def location(self) -> str:
        """The ``s3://bucket/prefix`` that was configured."""
        return self.url.rstrip("/")

    @cached_property
    def _client(self) -> "S3Client":
        return boto3.Session().client("s3")

    @property
    def _bucket(self) -> str:
        return self.location.removeprefix("s3://").split("/", 1)[0]

    @property
    def _prefix(self) -> str:
        prefix = self.location.removeprefix("s3://")[len(self._bucket) :].lstrip("/")
        return f"{prefix}/" if prefix else ""

    def list(self, prefix: str = "") -> Sequence[StoredObject]:
        """Page through the bucket's listing; folder markers are no files."""
        with self._explained("s3:ListBucket", self.location):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix + prefix)
            return [
                StoredObject(entry["Key"].removeprefix(self._prefix), entry["Size"], entry["ETag"], entry["LastModified"])
                for page in pages
                for entry in page.get("Contents", [])
                if not entry["Key"].endswith("/")
            ]

    def read_bytes(self, key: str) -> bytes:
        """Get one small object."""
        with self._explained("s3:GetObject", uri(self, key)):
            response = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            with closing(response["Body"]) as body:
                return body.read()

    def download(self, stored: StoredObject, target: Path) -> None:
        """Stream one object; S3 itself refuses it when its ETag is no longer the listed one."""
        name = uri(self, stored.key)
        with self._explained("s3:GetObject", name), target.open("wb") as file:
            response = self._client.get_object(Bucket=self._bucket, Key=self._prefix + stored.key, IfMatch=stored.etag)
            with closing(response["Body"]) as body:
                file.writelines(body.iter_chunks(_CHUNK_BYTES))
        if target.stat().st_size != stored.size:
            raise replaced_meanwhile(name)

    def content_digest(self, stored: StoredObject) -> str:
        """Return the ETag, which S3 derives from the content."""
        return stored.etag.strip('"')

    @contextmanager
    def _explained(self, permission: str, name: str) -> Iterator[None]:
        """Turn what S3 says into what the user can do."""
        try:
            yield
        except NoCredentialsError as error:
            message = f"No AWS credentials were found to read {name}. `aws configure`, `aws sso login` or a role provides them."
            raise PermissionMissing(message) from error
        except ClientError as error:
            raise self._explanation(error, permission, name) from error
        except BotoCoreError as error:
            message = f"{name} could not be read: {error}. Check the network, the region and AWS_ENDPOINT_URL, then run again."
            raise SourceError(message) from error

    def _explanation(self, error: ClientError, permission: str, name: str) -> SourceError:
        code = error.response.get("Error", {}).get("Code", "")
        if code in _REFUSED:
            return PermissionMissing(f"S3 refused to read {name} ({code}). The credentials need {permission} on bucket {self._bucket}.")
        if code == "NoSuchBucket":
            return MissingExport(f"{name}: bucket {self._bucket} does not exist. Check `location` in costsieve.yaml.")
        if code in _ABSENT:
            return IncompleteExport(f"{name} is not there. Nothing of this delivery was loaded; run again after the next delivery.")
        if code in _REPLACED:
            return replaced_meanwhile(name)
        return SourceError(f"{name} could not be read: {error}")
