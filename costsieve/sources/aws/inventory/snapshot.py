"""The inventory source: every lister in every account and region, into one snapshot a night. What each lists is told in its own module."""

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from botocore.exceptions import EndpointConnectionError

from costsieve.contracts.usage import INVENTORY
from costsieve.errors import ConfigurationError, PermissionMissing, SourceError
from costsieve.source_settings import AwsInventorySource
from costsieve.sources.aws.inventory.place import Place
from costsieve.sources.aws.inventory.rows import Lister, Row
from costsieve.sources.aws.inventory.services import LISTERS
from costsieve.sources.aws.sessions import reachable
from costsieve.sources.files.contract_files import write_rows
from costsieve.sources.gaps import Gap, merged, reason_of
from costsieve.sources.source import Delivery

_JOB_DAYS = 30
"""Jobs are listed that began in the month that the bill is judged by, and all that still run: SageMaker keeps finished ones for ever."""

_log = logging.getLogger(__name__)


@dataclass
class AwsInventory:
    """What runs and what is stored now, as the snapshot of the day before the night.

    AWS knows only the present: a night of the past is given what there is when it runs, and `observed_at` says when that was.
    A kind of resource that one account or region refuses is a gap of that kind there; everything else is listed.
    """

    settings: AwsInventorySource
    _gaps: list[Gap] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse kinds of resources that no lister knows: their absence would be taken for a finding."""
        known = {lister.resource_type for lister in LISTERS}
        unknown = sorted(set(self.settings.resource_types or ()) - known)
        if unknown:
            message = f"source {self.settings.name}: `resource_types` has {', '.join(unknown)}; AWS has {', '.join(sorted(known))}."
            raise ConfigurationError(message)

    @property
    def name(self) -> str:
        """Name in costsieve.yaml."""
        return self.settings.name

    @property
    def source_type(self) -> str:
        """Folder in the lake."""
        return "inventory"

    def deliveries(self, as_of: date) -> Sequence[Delivery]:
        """Offer one snapshot a night; nothing is asked yet, so a second run of a complete night asks nothing again."""
        day = (as_of - timedelta(days=1)).isoformat()
        return [Delivery(day, day, tuple(f"AWS APIs in {region}" for region in self.settings.regions))]

    def write(self, delivery: Delivery, folder: Path) -> None:
        """Ask every account and region, and write one file; raises what was said first when nothing at all could be listed."""
        self._gaps = []
        since = date.fromisoformat(delivery.period) - timedelta(days=_JOB_DAYS - 1)
        lists = list(self._lists(since))
        if not lists and self._gaps:
            first = self._gaps[0]
            raise (PermissionMissing if first.reason == "no_permission" else SourceError)(first.message)
        write_rows(INVENTORY, [row for rows in lists for row in rows], folder / f"aws-{delivery.period}.parquet")

    def gaps(self, delivery: Delivery) -> Sequence[Gap]:
        """Return what the snapshot lacks: see costsieve.sources.gaps."""
        _log.debug("%s %s: %d gaps", self.name, delivery.period, len(self._gaps))
        return self._gaps

    def _lists(self, since: date) -> Iterator[list[Row]]:
        for account in reachable(self.settings.roles):
            if isinstance(account, Gap):
                self._gaps.append(account)
                continue
            for region in self.settings.regions:
                lists, gaps = _region_lists(Place(account, region, since), self.settings.resource_types)
                self._gaps += gaps
                yield from lists


def _region_lists(place: Place, resource_types: Collection[str] | None) -> tuple[list[list[Row]], list[Gap]]:
    """Return the rows of each lister that answered in one account and region, and what is missing: all, if none of them did."""
    lists, gaps = [], list[Gap]()
    for lister in LISTERS:
        if resource_types is not None and lister.resource_type not in resource_types:
            continue
        try:
            rows = lister.rows(place)
        except SourceError as error:
            if not _is_absent(place, lister, error):
                gaps.append(_gap(place, error, lister.resource_type))
        else:
            known = {"provider": "AWS", "account_id": place.account.account_id, "region": place.region, "observed_at": place.answered_at}
            lists.append([known | row for row in rows])
    return lists, list(merged(gaps, not lists))


def _is_absent(place: Place, lister: Lister, error: SourceError) -> bool:
    """Tell whether the service does not exist in this region: there is no endpoint, and botocore knows of none."""
    return isinstance(error.__cause__, EndpointConnectionError) and not place.has(lister.service)


def _gap(place: Place, error: SourceError, resource_type: str) -> Gap:
    return Gap("AWS", place.account.account_id, place.account.role, place.region, resource_type, reason_of(error), str(error))
