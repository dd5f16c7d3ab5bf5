"""What a source could not collect, and how the next night asks for it again. Why a call was refused is told by the source itself.

A source that asks many accounts, regions or services writes what it got, and reports the rest: it has a method `gaps(delivery)`, which the
landing calls after `write` and which returns a Gap for each unit (account, region, subject) that is missing whole; a unit is all or none.
Gaps are stored in meta.collection_gaps with the load. A version with gaps gets a token of its own, so the delivery is offered again on the
next night (and by a second run of the same night) until it is complete, and never after that. Such a delivery is written anew by `write`,
or, where the source also has the method `complete(delivery, unfinished, folder)`, by that one: it asks only for what is missing and copies
the files of the unfinished version beside it. A source that got nothing at all raises SourceError instead: that is no partial delivery.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from costsieve import sql_files
from costsieve.contracts.loads import COLLECTION_GAPS
from costsieve.errors import PermissionMissing, SourceError
from costsieve.sources.source import Delivery, Source
from costsieve.warehouse import Connection, Warehouse, replace_frame

_PARTIAL = ".partial-"


@dataclass(frozen=True)
class Gap:
    """One unit that is missing: ``region`` or ``subject`` None means all of them. See meta.collection_gaps."""

    provider: Literal["AWS", "GCP"]
    account_id: str | None
    role: str | None
    region: str | None
    subject: str | None
    reason: Literal["no_permission", "unavailable"]
    message: str

    @property
    def unit(self) -> tuple[str | None, ...]:
        """What is missing, whatever the reason."""
        return (self.account_id, self.role, self.region, self.subject)


@dataclass(frozen=True)
class Unfinished:
    """A version that was landed with gaps: its files in the lake, and what they lack."""

    version: str
    files: tuple[Path, ...]
    gaps: tuple[Gap, ...]

    def continues(self, delivery: Delivery) -> bool:
        """Tell whether this is an unfinished version of the very content that is offered now."""
        return self.version.rpartition(_PARTIAL)[0] == delivery.version


@runtime_checkable
class ReportsGaps(Protocol):
    """A source that may deliver in part."""

    def gaps(self, delivery: Delivery) -> Sequence[Gap]:
        """Return what the delivery that was written last lacks."""
        ...


@runtime_checkable
class Completes(ReportsGaps, Protocol):
    """A source that asks only for what an unfinished version lacks."""

    def complete(self, delivery: Delivery, unfinished: Unfinished, folder: Path) -> None:
        """Write into ``folder`` the files of ``unfinished``, and what could be collected of its gaps."""
        ...


def reason_of(error: SourceError) -> Literal["no_permission", "unavailable"]:
    """Return the reason of a gap that ``error`` explains."""
    return "no_permission" if isinstance(error, PermissionMissing) else "unavailable"


def merged(gaps: Sequence[Gap], is_everything: bool) -> Sequence[Gap]:  # noqa: FBT001 - said by the caller's own comparison
    """Return the gaps of one account and region as a single one without a subject, where they are everything that was asked for."""
    return [replace(gaps[0], subject=None)] if gaps and is_everything else gaps


def collect(source: Source, delivery: Delivery, unfinished: Unfinished | None, folder: Path) -> Sequence[Gap]:
    """Let the source write the delivery, or what its unfinished version lacks, and return what is missing still."""
    if unfinished and unfinished.continues(delivery) and isinstance(source, Completes):
        source.complete(delivery, unfinished, folder)
    else:
        source.write(delivery, folder)
    return source.gaps(delivery) if isinstance(source, ReportsGaps) else ()


def as_collected(delivery: Delivery, gaps: Sequence[Gap], folder: Path) -> Delivery:
    """Return the delivery under the version that was really collected: with gaps, a token made of the files and of what they lack."""
    if not gaps:
        return delivery
    digest = sha256(repr(sorted({gap.unit for gap in gaps}, key=repr)).encode())
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            digest.update(path.name.encode() + file_digest(file, sha256).digest())
    return replace(delivery, version=f"{delivery.version}{_PARTIAL}{digest.hexdigest()[:16]}")


def unfinished_versions(warehouse: Warehouse, source: str) -> dict[str, Unfinished]:
    """Return the current versions of one source that have gaps, by period."""
    rows = warehouse.query(sql_files.statement("sources/current_gaps.sql"), {"source": source}).to_dicts()
    names = Gap.__dataclass_fields__
    found: dict[str, Unfinished] = {}
    for row in rows:
        before = found.get(row["period"])
        files = before.files if before else tuple(warehouse.home.root / file for file in row["files"])
        gap = Gap(**{name: row[name] for name in names})
        found[row["period"]] = Unfinished(row["version"], files, (*(before.gaps if before else ()), gap))
    return found


def record_gaps(connection: Connection, source: str, delivery: Delivery, gaps: Sequence[Gap], as_of: date) -> None:
    """Replace what meta.collection_gaps says of one landed version. Run it inside a transaction."""
    key = {"source": source, "period": delivery.period, "version": delivery.version}
    rows = [{**key, "as_of": as_of, **asdict(gap)} for gap in {gap.unit: gap for gap in gaps}.values()]
    replace_frame(connection, COLLECTION_GAPS, pl.DataFrame(rows, schema=COLLECTION_GAPS.polars_schema()), where=key)
