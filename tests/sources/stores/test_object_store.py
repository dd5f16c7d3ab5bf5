"""A folder and a bucket behave the same; what changed, is missing or may not be read is said in words."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import boto3
import pytest

from costsieve.errors import IncompleteExport, PermissionMissing, SourceError
from costsieve.sources.stores.object_store import content_version
from costsieve.sources.stores.open_store import open_store
from tests.sources.exports import upload, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "export/data/part-1.parquet", b"one")
    write(tmp_path / "export/data/part-2.parquet", b"two")
    write(tmp_path / "export/metadata/Manifest.json", b"{}")
    return tmp_path / "export"


@pytest.fixture(params=["folder", "bucket"])
def location(request: pytest.FixtureRequest, folder: Path) -> str:
    """The same three files, in a folder and in a bucket."""
    if request.param == "folder":
        return str(folder)
    request.getfixturevalue("moto_endpoint")
    return upload(folder, "bills", "cur/costs")


def test_a_folder_is_listed_by_keys_relative_to_the_location(location: str) -> None:
    store = open_store(location)

    assert [(stored.key, stored.size) for stored in store.list("data/")] == [("data/part-1.parquet", 3), ("data/part-2.parquet", 3)]
    assert [stored.key for stored in store.list()] == ["data/part-1.parquet", "data/part-2.parquet", "metadata/Manifest.json"]
    assert list(store.list("nothing/")) == []


def test_a_trailing_slash_of_the_location_makes_no_difference(location: str) -> None:
    assert open_store(f"{location}/").list() == open_store(location).list()


def test_a_file_is_read_and_downloaded_as_it_is(location: str, tmp_path: Path) -> None:
    store = open_store(location)
    store.download(store.list("data/")[1], tmp_path / "target")

    assert (store.read_bytes("data/part-1.parquet"), (tmp_path / "target").read_bytes()) == (b"one", b"two")


def test_a_file_that_is_not_there_is_named(location: str) -> None:
    with pytest.raises(IncompleteExport, match=r"data/part-9\.parquet is not there"):
        open_store(location).read_bytes("data/part-9.parquet")


def test_the_version_of_files_depends_on_their_content_only(folder: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    local, remote = open_store(str(folder)), open_store(upload(folder, "bills", "cur"))
    first = content_version(local, local.list("data/"))

    assert content_version(remote, remote.list("data/")) == first
    (folder / "data/part-1.parquet").write_bytes(b"1st")
    assert content_version(local, local.list("data/")) != first


def test_a_file_that_is_replaced_after_it_was_listed_is_not_taken(folder: Path, tmp_path: Path) -> None:
    store = open_store(str(folder))
    (stored, _) = store.list("data/")
    (folder / stored.key).write_bytes(b"new")
    os.utime(folder / stored.key, ns=(0, 0))

    with pytest.raises(IncompleteExport, match=r"part-1\.parquet was replaced while it was read; run again"):
        store.download(stored, tmp_path / "target")


def test_an_object_that_is_replaced_after_it_was_listed_is_not_taken(folder: Path, tmp_path: Path, moto_endpoint: str) -> None:
    assert moto_endpoint
    store = open_store(upload(folder, "bills", "cur"))
    (stored, _) = store.list("data/")
    boto3.client("s3").put_object(Bucket="bills", Key=f"cur/{stored.key}", Body=b"new")

    with pytest.raises(IncompleteExport, match=r"s3://bills/cur/data/part-1\.parquet was replaced while it was read; run again"):
        store.download(stored, tmp_path / "target")


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_that_may_not_be_read_is_named(folder: Path) -> None:
    (folder / "data/part-1.parquet").chmod(0)

    with pytest.raises(PermissionMissing, match=r"part-1\.parquet may not be read by this user"):
        open_store(str(folder)).read_bytes("data/part-1.parquet")


def _check_permissions_after(endpoint: str, actions: str) -> None:
    """Make the server check permissions from the given number of calls on; `inf` is never."""
    headers = {"Content-Type": "text/plain"}
    request = Request(f"{endpoint}/moto-api/reset-auth", data=actions.encode(), headers=headers, method="POST")  # noqa: S310 the server of this test
    with urlopen(request) as response:  # noqa: S310 as above
        response.read()


@pytest.fixture
def lister(folder: Path, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket, and credentials of a user who may list it and nothing else."""
    location = upload(folder, "bills", "cur")
    iam = boto3.client("iam")
    iam.create_user(UserName="lister")
    may_list = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}
    iam.put_user_policy(UserName="lister", PolicyName="list", PolicyDocument=json.dumps(may_list))
    key = iam.create_access_key(UserName="lister")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    _check_permissions_after(moto_endpoint, "0")
    yield location
    _check_permissions_after(moto_endpoint, "inf")


def test_a_refused_read_names_the_permission_and_the_bucket(lister: str, tmp_path: Path) -> None:
    store = open_store(lister)
    (stored, _) = store.list("data/")

    with pytest.raises(PermissionMissing, match=r"part-1\.parquet \(AccessDenied\)\. The credentials need s3:GetObject on bucket bills"):
        store.download(stored, tmp_path / "target")


def test_credentials_that_aws_does_not_know_are_told_how_to_be_renewed(lister: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN")

    with pytest.raises(PermissionMissing, match=r"it does not know these credentials \(InvalidAccessKeyId\)\. Get new ones"):
        open_store(lister).list()


def test_missing_credentials_are_told_how_to_get_them(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert moto_endpoint
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(variable)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))

    with pytest.raises(PermissionMissing, match="No AWS credentials were found to read s3://bills/cur"):
        open_store("s3://bills/cur").list()


def test_an_endpoint_that_does_not_answer_is_named(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert moto_endpoint
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(SourceError, match=r"s3://bills/cur could not be read: Could not connect .* AWS_ENDPOINT_URL"):
        open_store("s3://bills/cur").list()
