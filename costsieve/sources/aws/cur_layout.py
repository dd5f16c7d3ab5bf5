"""Tells by its files what kind of AWS report lies at a location, and reads its manifests. What they name is not opened here."""

from costsieve.errors import MissingExport, UnreadableExport
from costsieve.sources.aws.cur_manifest import Manifest
from costsieve.sources.aws.data_export import data_export_manifests
from costsieve.sources.aws.legacy_cur import legacy_manifests
from costsieve.sources.stores.object_store import ObjectStore, uri

_EXPECTED = (
    "A data export (CUR 2.0 or FOCUS) has metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json and data/BILLING_PERIOD=YYYY-MM/ below its "
    "`location`, a legacy Cost and Usage Report YYYYMMDD-YYYYMMDD/*-Manifest.json. The first delivery can take 24 hours after the export "
    "was created in Billing and Cost Management > Data Exports."
)


def newest_manifests(store: ObjectStore) -> list[Manifest]:
    """Read the newest manifest of every month, oldest month first.

    Raises MissingExport when there is none, UnreadableExport when one cannot be understood or some are CUR and some are FOCUS.
    """
    manifests = data_export_manifests(store) or legacy_manifests(store)
    if not manifests:
        looked_for = f"No manifest was found at {uri(store, 'metadata/BILLING_PERIOD=YYYY-MM/*Manifest.json')}"
        message = f"{looked_for} or {uri(store, 'YYYYMMDD-YYYYMMDD/*-Manifest.json')}. {_EXPECTED}"
        raise MissingExport(message)
    first, last = manifests[0], manifests[-1]
    if any(manifest.kind != last.kind for manifest in manifests):
        message = f"{store.location} holds CUR 2.0 and FOCUS ({first.key}, {last.key}). Deliver each export to a folder of its own."
        raise UnreadableExport(message)
    return manifests


def current_manifest(store: ObjectStore, known: Manifest) -> Manifest | None:
    """Read the manifest of the month of ``known`` as it is now; None when there is none any more."""
    if known.kind == "legacy_cur":
        manifests = legacy_manifests(store, f"{known.key.rpartition('/')[0]}/")
    else:
        manifests = data_export_manifests(store, known.period)
    return manifests[0] if manifests else None
