"""A configured location -> the store behind it. How a store lists and reads is its own module's matter."""

from pathlib import Path

from costsieve.sources.stores.object_store import LocalStore, ObjectStore


def open_store(location: str) -> ObjectStore:
    """Return the store for ``s3://bucket/prefix`` or for a local folder. Nothing is contacted yet."""
    if location.startswith("s3://"):
        from costsieve.sources.stores.s3_store import S3Store

        return S3Store(location)
    return LocalStore(Path(location))
