"""What a module of one kind of resource tells the collector: which assets it needs, and how they become rows of the inventory."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from costsieve.sources.gcp.inventory.assets import Asset, Listing
from costsieve.sources.gcp.inventory.fields import Row

type Rows = Iterable[tuple[Asset, Row]]


@dataclass(frozen=True)
class Kind:
    """One kind: without ``asset_types`` it cannot be listed, without ``related`` ones some details stay unknown.

    ``rows`` gives the assets with the columns that are their own; project, region and time are added by the collector. A row without
    ``resource_id`` is of an asset whose numeric id is not told exactly.
    """

    resource_type: str
    asset_types: tuple[str, ...]
    rows: Callable[[Listing], Rows]
    related: tuple[str, ...] = ()
