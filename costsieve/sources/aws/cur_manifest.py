"""What a manifest of AWS says about one billing month. Where manifests lie is in data_export and legacy_cur."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ValidationError

from costsieve.errors import UnreadableExport
from costsieve.sources.stores.object_store import ObjectStore, uri

Kind = Literal["legacy_cur", "cur2", "focus"]


@dataclass(frozen=True)
class Manifest:
    """The newest refresh of one billing month.

    Args:
        key: where the manifest is, relative to the export's location.
        period: billing month, such as 2026-09.
        version: executionId of a data export, assemblyId of a legacy report.
        data_keys: the files that make up the month, relative to the location.
        kind: what the files hold.
    """

    key: str
    period: str
    version: str
    data_keys: tuple[str, ...]
    kind: Kind


def parse_manifest[M: BaseModel](store: ObjectStore, key: str, content: type[M], called: str) -> M:
    """Read one manifest; raises UnreadableExport, naming the field, when it is not what it is ``called``."""
    try:
        return content.model_validate_json(store.read_bytes(key))
    except ValidationError as error:
        problem = error.errors()[0]
        field = ".".join(map(str, problem["loc"]))
        reason = f"{field}: {problem['msg']}" if field else problem["msg"]
        message = f"{uri(store, key)} is not the manifest of a {called}: {reason}. Deliver it again; nothing of this export was loaded."
        raise UnreadableExport(message) from error
