"""Hourly utilization from CloudWatch, as one delivery per day. What is asked is in cloudwatch_finders, how in cloudwatch_fetch."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from costsieve.contracts.usage import UTILIZATION
from costsieve.errors import PermissionMissing, SourceError
from costsieve.period import Window, look_back
from costsieve.source_settings import CloudWatchSource
from costsieve.sources.aws.cloudwatch_fetch import Fetched, Question, fetch, gaps_of
from costsieve.sources.aws.cloudwatch_finders import FINDERS, Finder
from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.sessions import AwsAccount, reachable
from costsieve.sources.gaps import Gap, Unfinished, merged
from costsieve.sources.source import Delivery

_FINAL = "final"


@dataclass
class CloudWatch:
    """Utilization of what AWS lists now. One delivery per complete day, asked for once; what was refused is asked for again.

    A region or role that is added later is known from its first night on. All days that are missing are asked for at once.
    """

    settings: CloudWatchSource
    _until: date | None = field(default=None, init=False)
    _unreached: Iterator[AwsAccount | Gap] = field(init=False, repr=False)
    _places: list[Place | Gap] = field(default_factory=list, init=False, repr=False)
    _fetched: dict[tuple[int, Finder], Fetched] = field(default_factory=dict, init=False, repr=False)
    _gaps: list[Gap] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        """Ask nobody yet."""
        self._unreached = reachable(self.settings.roles)

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "utilization"

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer every day of the look-back; all of them are complete, so none ever changes. Nothing is asked yet."""
        self._until, self._unreached, self._places, self._fetched = as_of, reachable(self.settings.roles), [], {}
        window = look_back(as_of, self.settings.look_back_days)
        days = [window.start + timedelta(days=number) for number in range(window.days)]
        return [Delivery(day.isoformat(), _FINAL, tuple(f"CloudWatch in {region}" for region in self.settings.regions)) for day in days]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Write one day, asking for it and all later days at once if that has not been done; a day without data gets no file.

        Raises PermissionMissing or SourceError, naming what was said first, when nothing at all could be asked.
        """
        self._collect(delivery, folder / f"cloudwatch-{delivery.period}.parquet", None)

    def complete(self, delivery: Delivery, unfinished: Unfinished, folder: Path) -> None:
        """Keep what an earlier night wrote of this day, and ask for the rest: what ran then may be gone by now."""
        for path in unfinished.files:
            shutil.copy(path, folder / path.name)
        self._collect(delivery, folder / f"cloudwatch-{delivery.period}-{len(unfinished.files) + 1}.parquet", unfinished.gaps)

    def gaps(self, delivery: Delivery) -> Sequence[Gap]:
        """Return what the day that was written last lacks: see costsieve.sources.gaps."""
        return self._gaps if delivery.period else ()

    def _collect(self, delivery: Delivery, target: Path, wanted: Sequence[Gap] | None) -> None:
        """Write the day's hours of all units, or of those that ``wanted`` misses, and note which could not be asked."""
        day = date.fromisoformat(delivery.period)
        self._gaps, is_answered, frames = [], wanted is not None, list[pl.DataFrame]()
        for number, place in enumerate(self._all_places()):
            if isinstance(place, Gap):
                self._gaps += [place] if wanted is None else [gap for gap in wanted if gap.role == place.role]
                continue
            finders = [finder for finder in FINDERS if wanted is None or any(_misses(gap, place, finder) for gap in wanted)]
            units = list(self._of_place(number, place, finders, day))
            frames += [fetched.hours.filter(pl.col("delivered_on") == day).drop("delivered_on") for _, fetched in units]
            self._gaps += _refused(place, units)
            is_answered = is_answered or _is_answered(units)
        if not is_answered and self._gaps:
            first = self._gaps[0]
            raise (PermissionMissing if first.reason == "no_permission" else SourceError)(first.message)
        if hours := [frame for frame in frames if not frame.is_empty()]:
            pl.concat(hours).cast(pl.Schema(UTILIZATION.polars_schema())).write_parquet(target)

    def _all_places(self) -> Iterator[Place | Gap]:
        """Give every account and region; a role is assumed when its turn comes for the first time, and its credentials last an hour."""
        yield from tuple(self._places)
        for account in self._unreached:
            in_account = [account] if isinstance(account, Gap) else [Place(account, region, date.max) for region in self.settings.regions]
            self._places += in_account
            yield from in_account

    def _of_place(self, number: int, place: Place, finders: Sequence[Finder], day: date) -> Iterator[tuple[Finder, Fetched]]:
        """Give what each finder's series say. The landing writes days in order, so the first one it misses opens the window."""
        missing = [finder for finder in finders if not _covers(self._fetched.get((number, finder)), day)]
        if missing:
            window = Window(day, max(self._until or day, day + timedelta(days=1)))
            question = Question(self.name, place, window, self.settings.percentiles)
            self._fetched |= {(number, finder): fetched for finder, fetched in fetch(question, missing)}
        for finder in finders:
            yield finder, self._fetched[number, finder]


def _refused(place: Place, units: Sequence[tuple[Finder, Fetched]]) -> Sequence[Gap]:
    gaps = [gap for finder, fetched in units if fetched.error for gap in gaps_of(place, finder, fetched.error)]
    return merged(gaps, sum(fetched.error is not None for _, fetched in units) == len(FINDERS))


def _is_answered(units: Sequence[tuple[Finder, Fetched]]) -> bool:
    """Tell whether a place told something: values were asked for and given, or there is nothing there to ask for."""
    return any(fetched.had_series and not fetched.error for _, fetched in units) or not any(fetched.error for _, fetched in units)


def _covers(fetched: Fetched | None, day: date) -> bool:
    return fetched is not None and fetched.window.start <= day < fetched.window.end


def _misses(gap: Gap, place: Place, finder: Finder) -> bool:
    """Tell whether a gap says that this finder's series of this place are missing."""
    is_here = gap.role == place.account.role and gap.region in (None, place.region)
    return is_here and (gap.subject is None or gap.subject in finder.subjects)
