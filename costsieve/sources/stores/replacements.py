"""Reading a source again when its provider delivered anew meanwhile. What counts as replaced is told by each source."""

import time
from collections.abc import Callable

from costsieve.sources.stores.object_store import ReplacedMeanwhile

PAUSES = (2.0, 10.0, 30.0)
"""Seconds before each further attempt: a provider writes the files of one delivery within a minute or so."""


def until_steady[T](read: Callable[[], T], pause: Callable[[float], None] = time.sleep) -> T:
    """Return what ``read`` returns, which lists and reads a delivery; try again after each of PAUSES while it is replaced meanwhile.

    Raises ReplacedMeanwhile, the last one, when deliveries keep arriving; versions that were complete by then stay in the lake.
    """
    for seconds in PAUSES:
        try:
            return read()
        except ReplacedMeanwhile:
            pause(seconds)
    return read()
