"""What S3 refuses, throttles or breaks off: tried again within bounds, then said in words. The real client, against S3's own answers."""

from pathlib import Path

import pytest

from costsieve.errors import IncompleteExport, PermissionMissing, SourceError
from costsieve.sources.stores.s3_store import S3Store
from tests.sources.s3_answers import Answer, answering, broken_off, content, error, listing

BUSY = error(503, "SlowDown", "Please reduce your request rate.")


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("ACCESS_KEY_ID", "testing"), ("SECRET_ACCESS_KEY", "testing"), ("DEFAULT_REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    for ambient in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_MAX_ATTEMPTS"):
        monkeypatch.delenv(ambient, raising=False)


def store_at(endpoint: str, monkeypatch: pytest.MonkeyPatch, pauses: list[float] | None = None) -> S3Store:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    return S3Store("s3://bills/cur", pause=(pauses if pauses is not None else []).append)


@pytest.mark.parametrize("failure", [BUSY, error(500, "InternalError"), error(503, "ServiceUnavailable")], ids=lambda answer: answer.status)
def test_a_call_that_fails_for_a_moment_is_repeated(monkeypatch: pytest.MonkeyPatch, failure: Answer) -> None:
    with answering([failure, failure, listing("cur/a.parquet")]) as (endpoint, asked):
        assert [stored.key for stored in store_at(endpoint, monkeypatch).list()] == ["a.parquet"]

    assert len(asked) == 3


def test_attempts_are_bounded_and_throttling_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    with answering([BUSY]) as (endpoint, asked), pytest.raises(SourceError) as raised:
        store_at(endpoint, monkeypatch).list()

    assert str(raised.value) == (
        "s3://bills/cur could not be read: S3 still throttles after 2 attempts (SlowDown). Nothing of it was loaded; run again later."
    )
    assert len(asked) == 2


def test_an_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match=r"Invalid endpoint: nonsense\. Check the network, the region and AWS_ENDPOINT_URL"):
        store_at("nonsense", monkeypatch).list()


def test_a_fault_inside_s3_that_lasts_is_named_with_its_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "2")
    with answering([error(500, "InternalError")]) as (endpoint, _), pytest.raises(SourceError, match=r"after 2 attempts: .*InternalError"):
        store_at(endpoint, monkeypatch).list()


def test_a_download_that_breaks_off_is_begun_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pauses: list[float] = []
    with answering([listing("cur/a.parquet"), broken_off(b"o"), content(b"one")]) as (endpoint, _):
        store = store_at(endpoint, monkeypatch, pauses)
        [stored] = store.list()
        store.download(stored, tmp_path / "target")

    assert ((tmp_path / "target").read_bytes(), pauses) == (b"one", [1.0])


def test_a_download_that_keeps_breaking_off_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pauses: list[float] = []
    with answering([listing("cur/a.parquet"), broken_off(b"o")]) as (endpoint, asked):
        store = store_at(endpoint, monkeypatch, pauses)
        [stored] = store.list()
        with pytest.raises(SourceError, match=r"s3://bills/cur/a\.parquet could not be read: .* Check the network"):
            store.download(stored, tmp_path / "target")

    assert (len(asked), pauses) == (5, [1.0, 4.0, 16.0])


@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (error(400, "ExpiredToken"), PermissionMissing, r"the credentials have expired \(ExpiredToken\)\. Get new ones \(`aws sso login`"),
        (error(403, "ExpiredTokenException"), PermissionMissing, r"the credentials have expired \(ExpiredTokenException\)"),
        (error(403, "InvalidAccessKeyId"), PermissionMissing, r"it does not know these credentials \(InvalidAccessKeyId\)\. Get new ones"),
        (error(403, "SignatureDoesNotMatch"), PermissionMissing, r"it does not know these credentials \(SignatureDoesNotMatch\)"),
        (error(403, "AccessDenied"), PermissionMissing, r"\(AccessDenied\)\. The credentials need s3:ListBucket on bucket bills"),
        (
            error(403, "AccessDenied", "User is not authorized to perform: kms:Decrypt"),
            PermissionMissing,
            r"need kms:Decrypt on the key of bucket bills",
        ),
        (
            error(403, "AccessDenied", "Bucket is requester pays bucket but no requester pays header found."),
            PermissionMissing,
            r"Bucket bills is requester-pays: read it with its owner's credentials",
        ),
        (error(404, "NoSuchBucket"), SourceError, r"bucket bills does not exist\. Check `location`"),
        (error(412, "PreconditionFailed"), IncompleteExport, r"was replaced while it was read; run again"),
    ],
    ids=lambda value: value.body.decode()[13:40] if isinstance(value, Answer) else "",
)
def test_a_refusal_says_what_to_do(monkeypatch: pytest.MonkeyPatch, answer: Answer, kind: type[SourceError], message: str) -> None:
    with answering([answer]) as (endpoint, _), pytest.raises(kind, match=message):
        store_at(endpoint, monkeypatch).list()


def test_a_bucket_of_another_region_is_told_with_the_region(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = error(301, "PermanentRedirect")
    answer = Answer(301, elsewhere.body, {"x-amz-bucket-region": "eu-central-1"})
    with answering([answer]) as (endpoint, _), pytest.raises(SourceError, match=r"is in region eu-central-1 .* Set AWS_DEFAULT_REGION"):
        store_at(endpoint, monkeypatch).list()


def test_a_profile_that_does_not_exist_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")

    with pytest.raises(PermissionMissing, match=r"incomplete: .*no-such-profile.* Mend AWS_PROFILE"):
        S3Store("s3://bills/cur").list()
