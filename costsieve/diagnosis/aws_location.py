"""Whether a bill's or an inventory's location can be listed and read. How the export is configured is in aws_export."""

from collections.abc import Iterator

from costsieve.diagnosis.observation import Observation, tried
from costsieve.errors import SourceError
from costsieve.sources.aws.sessions import BRISK
from costsieve.sources.stores.object_store import ObjectStore
from costsieve.sources.stores.open_store import open_store
from costsieve.sources.stores.s3_store import S3Store


def location_observations(source: str, source_type: str, location: str) -> Iterator[Observation]:
    """Try both permissions of an S3 location; for a local folder, whether it is there."""
    if not location.startswith("s3://"):
        yield _folder(source, source_type, open_store(location))
        return
    store = S3Store(location, config=BRISK)
    listing = tried(source, source_type, "s3:ListBucket", store.list)
    yield listing
    if listing.state == "ok":
        yield _reading(source, source_type, store)


def _folder(source: str, source_type: str, store: ObjectStore) -> Observation:
    try:
        if store.list():
            return Observation(source, source_type, "location", "ok", store.location)
    except SourceError as error:
        return Observation(source, source_type, "location", "failed", str(error))
    finding = f"{store.location} has no files: correct `location` of {source}, or have it delivered there"
    return Observation(source, source_type, "location", "failed", finding)


def _reading(source: str, source_type: str, store: ObjectStore) -> Observation:
    """Read the smallest file: a manifest is one of them."""
    files = [stored for stored in store.list() if stored.size]
    if not files:
        return Observation(source, source_type, "s3:GetObject", "unknown", "there is no file yet to try it on")
    smallest = min(files, key=lambda stored: (stored.size, stored.key))
    return tried(source, source_type, "s3:GetObject", lambda: store.read_bytes(smallest.key))
