"""Which of the files below a location count, and which period the folders of each say. No data file is opened here.

Three layouts are told apart, file by file:

* **Azure Cost Management**: `<dir>/<export>/<YYYYMMDD-YYYYMMDD>/.../<run>/part_n.csv` with `manifest.json` in the folder of the run. Every
  run holds the whole range again, so only the files that the newest run's manifest names count. Two ranges of one export must not overlap.
* **Dated folders**: `YYYY/MM/DD/` (Oracle's `FOCUS Reports`), `date=YYYY-MM-DD/`, `YYYY-MM/`, `BILLING_PERIOD=YYYY-MM/`,
  `year=YYYY/month=M/`, ... All files count; those of one day or month are one delivery, which is replaced whole.
* **Plain**: no date in the folders. All files count, and their rows tell the billing months.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from costsieve.errors import UnreadableExport
from costsieve.sources.focus.azure_runs import newest_run
from costsieve.sources.stores.object_store import ObjectStore, StoredObject, uri

DATA_ENDINGS = (".parquet", ".csv.gz", ".csv")

_RANGE = re.compile(r"^(?P<export>(?:.*/)?)(?P<start>(?:19|20)\d{6})-(?P<end>(?:19|20)\d{6})/")
_DATES = (
    re.compile(r"(?:^|[/=])(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?/"),
    re.compile(r"(?:^|[/=])(?P<year>20\d{2})/(?:\w+=)?(?P<month>\d{1,2})/(?:(?:\w+=)?(?P<day>\d{1,2})/)?"),
    re.compile(r"(?:^|[/=])(?P<year>20\d{2})(?P<month>\d{2})(?P<day>\d{2})?/"),
)
_HIDDEN = re.compile(r"(?:^|/)[._]")
_AWS_REFRESH = re.compile(r"(?:^|/)BILLING_PERIOD=\d{4}-\d{2}/\d{4}-\d{2}-\d{2}T[^/]+/")


@dataclass(frozen=True)
class DeliveredFile:
    """One file that counts; ``period`` is a billing month (2026-09) or a day (2026-09-30), None where only its rows can tell."""

    stored: StoredObject
    period: str | None


def delivered_files(store: ObjectStore) -> list[DeliveredFile]:
    """Return the files that count, sorted by key.

    Raises IncompleteExport when a manifest names a file that is not there, UnreadableExport when counting all would count charges twice.
    """
    stored = [file for file in store.list() if not _HIDDEN.search(file.key)]
    refreshes = [file for file in stored if _AWS_REFRESH.search(file.key)]
    if refreshes:
        message = (
            f"{uri(store, refreshes[0].key)} is one of the refreshes of an AWS data export, each of which holds the whole month again. "
            "Point `location` at the export's folder, which has data/ and metadata/."
        )
        raise UnreadableExport(message)
    in_ranges = [file for file in stored if _RANGE.match(file.key)]
    others = [DeliveredFile(file, _period(file.key)) for file in stored if not _RANGE.match(file.key) and file.name.endswith(DATA_ENDINGS)]
    return sorted([*_azure_files(store, in_ranges), *others], key=lambda file: file.stored.key)


def _azure_files(store: ObjectStore, stored: Sequence[StoredObject]) -> Iterable[DeliveredFile]:
    by_range: dict[tuple[str, str, str], list[StoredObject]] = {}
    for file in stored:
        if match := _RANGE.match(file.key):
            by_range.setdefault((match["export"], match["start"], match["end"]), []).append(file)
    _require_disjoint(store, sorted(by_range))
    for (export, start, end), files in by_range.items():
        month = f"{start[:4]}-{start[4:6]}" if start[:6] == end[:6] else None
        for file in newest_run(store, f"{export}{start}-{end}/", files, DATA_ENDINGS):
            yield DeliveredFile(file, month)


def _require_disjoint(store: ObjectStore, ranges: Sequence[tuple[str, str, str]]) -> None:
    for (export, start, end), (next_export, next_start, next_end) in pairwise(ranges):
        # The end is the range's last day; the first day of the next range is seen too.
        if export == next_export and next_start < end:
            message = (
                f"{uri(store, export)} holds the ranges {start}-{end} and {next_start}-{next_end}, which overlap: their charges "
                "would count twice. Leave one of them there, or give each export a folder and a source of its own."
            )
            raise UnreadableExport(message)


def _period(key: str) -> str | None:
    """Return the last date among the folders of a file: its finest one where a month folder has day folders."""
    folders = key[: len(key) - len(key.rsplit("/", 1)[-1])]
    found = [match for pattern in _DATES for match in pattern.finditer(folders) if 1 <= int(match["month"]) <= 12]
    if not found:
        return None
    last = max(found, key=lambda match: match.end())
    month = f"{last['year']}-{int(last['month']):02}"
    return f"{month}-{int(last['day']):02}" if last["day"] else month
