"""What doctor says about one point of one source. How it is found out is in the other modules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from costsieve.errors import SourceError

type State = Literal["ok", "warning", "failed", "unknown"]


@dataclass(frozen=True)
class Observation:
    """``point`` is what was looked at: a permission, ``delivery``, ``columns``, ``granularity``, ...

    ``warning`` costs precision or speed, ``failed`` stops the source, ``unknown`` could not be found out.
    """

    source: str
    source_type: str
    point: str
    state: State
    finding: str


def tried(source: str, source_type: str, point: str, call: Callable[[], object], *, without: str | None = None) -> Observation:
    """Make a call that the source makes too, and say whether it was answered."""
    try:
        call()
    except SourceError as error:
        return refused(source, source_type, point, error, without=without)
    return Observation(source, source_type, point, "ok", "granted")


def refused(source: str, source_type: str, point: str, error: SourceError, *, without: str | None = None) -> Observation:
    """Return what was said instead of an answer: a warning where ``without`` says what is lost."""
    finding = f"{error} Without it: {without}." if without else str(error)
    return Observation(source, source_type, point, "warning" if without else "failed", finding)
