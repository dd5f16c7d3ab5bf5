"""The object store over S3, through boto3's own credential chain and endpoint variables. No layout is known here."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from costsieve.sources.stores.object_store import StoredObject, replaced_meanwhile, uri
from costsieve.sources.stores.s3_refusals import explained_credentials, explained_refusal

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CHUNK_BYTES = 4 * 2**20
_ATTEMPTS = 8
"""With botocore's backoff (up to 1, 2, 4, ... 20 seconds) a throttled call is given up after a minute at most."""
_BROKEN_OFF = (ResponseStreamingError, IncompleteReadError, ReadTimeoutError, ConnectionClosedError)
_PAUSES = (1.0, 4.0, 16.0)
"""Seconds before a download that broke off is begun again: the client repeats calls, but not what it has begun to hand over."""


def _config() -> Config:
    """Repeat what was throttled, failed inside S3 or never arrived; AWS_MAX_ATTEMPTS says otherwise, as for every AWS client."""
    retries: Any = {"mode": "standard"} if "AWS_MAX_ATTEMPTS" in os.environ else {"mode": "standard", "total_max_attempts": _ATTEMPTS}
    return Config(retries=retries, connect_timeout=10, read_timeout=60, max_pool_connections=16, user_agent_extra="costsieve")


@dataclass(frozen=True)
class S3Store:
    """One prefix of one bucket. Needs s3:ListBucket on the bucket and s3:GetObject on its objects; ``config`` may be less patient."""

    url: str
    pause: Callable[[float], None] = field(default=time.sleep, compare=False)
    config: Config | None = field(default=None, compare=False)

    @property
    def location(self) -> str:
        """The ``s3://bucket/prefix`` that was configured."""
        return self.url.rstrip("/")

    @cached_property
    def _client(self) -> "S3Client":
        return boto3.Session().client("s3", config=self.config or _config())

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
        """Stream one object; S3 itself refuses it when its ETag is no longer the listed one. A broken connection is tried again."""
        name = uri(self, stored.key)
        with self._explained("s3:GetObject", name):
            for seconds in _PAUSES:
                try:
                    self._stream(stored, target)
                    break
                except _BROKEN_OFF:
                    self.pause(seconds)
            else:
                self._stream(stored, target)
        if target.stat().st_size != stored.size:
            raise replaced_meanwhile(name)

    def _stream(self, stored: StoredObject, target: Path) -> None:
        response = self._client.get_object(Bucket=self._bucket, Key=self._prefix + stored.key, IfMatch=stored.etag)
        with closing(response["Body"]) as body, target.open("wb") as file:
            file.writelines(body.iter_chunks(_CHUNK_BYTES))

    def content_digest(self, stored: StoredObject) -> str:
        """Return the ETag, which S3 derives from the content."""
        return stored.etag.strip('"')

    @contextmanager
    def _explained(self, permission: str, name: str) -> Iterator[None]:
        """Turn what S3 says into what the user can do."""
        try:
            yield
        except ClientError as error:
            raise explained_refusal(error, permission, name, self._bucket) from error
        # botocore raises a bare ValueError for an address that is none.
        except (BotoCoreError, ValueError) as error:
            raise explained_credentials(error, name) from error
