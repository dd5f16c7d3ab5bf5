"""Geometry of the pictures: stacked days, the week under a commitment, ages of stored bytes. Colours and words are the template's.

Shapes are in a square of 0..100 that the page stretches to its width; labels stay outside it as text, so they are readable on a phone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from costsieve.reports.report_savings import AgeBin, HourlyProfile
from costsieve.reports.report_spend import DaySpend

_NICE_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Tick:
    """A value on the axis and its height in percent."""

    value: float
    height: float


@dataclass(frozen=True)
class Bar:
    """One rectangle; ``series`` chooses its colour, ``day`` tells which column it is in."""

    x: float
    y: float
    width: float
    height: float
    series: int
    day: int


@dataclass(frozen=True)
class StackedColumns:
    """Columns of stacked bars with their axis."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True)
class WeekArea:
    """Two step areas as SVG paths, before and after clean-up, the height of the commitment line and the axis."""

    before_path: str
    after_path: str
    line_height: float
    ticks: tuple[Tick, ...]


def stacked_columns(days: Sequence[DaySpend]) -> StackedColumns:
    """Stack each day's amounts; negative amounts have no height."""
    heights = [[max(float(cost), 0.0) for cost in day.costs] for day in days]
    top, ticks = _axis(max((sum(day) for day in heights), default=0.0))
    bars: list[Bar] = []
    width = 100 / max(len(days), 1)
    for index, day in enumerate(heights):
        base = 0.0
        for series, value in enumerate(day):
            height = value / top * 100
            if height > 0:
                bars.append(Bar(_r(index * width + width * 0.12), _r(100 - base - height), _r(width * 0.76), _r(height), series, index))
            base += height
    return StackedColumns(tuple(bars), ticks)


def week_area(profile: HourlyProfile) -> WeekArea:
    """Draw the mean week hour by hour; what lies below the line is what the commitment would take over."""
    top, ticks = _axis(max((*profile.before_cleanup, *profile.after_cleanup, profile.commitment)))
    line = _r(profile.commitment / top * 100)
    return WeekArea(_steps(profile.before_cleanup, top), _steps(profile.after_cleanup, top), line, ticks)


def age_widths(ages: Sequence[AgeBin]) -> tuple[float, ...]:
    """Return each bin's share of the largest bin, in percent."""
    largest = max((age.byte_count for age in ages), default=0)
    return tuple(_r(age.byte_count / largest * 100) if largest else 0.0 for age in ages)


def _steps(values: Sequence[float], top: float) -> str:
    if not values:
        return ""
    width = 100 / len(values)
    points = [f"V{_r(100 - value / top * 100)}H{_r((index + 1) * width)}" for index, value in enumerate(values)]
    return f"M0 100{''.join(points)}V100Z"


def _axis(largest: float) -> tuple[float, tuple[Tick, ...]]:
    """Return the top of the axis and at most five ticks at round values."""
    if largest <= 0:
        return 1.0, ()
    rough = largest / 4
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * magnitude for nice in _NICE_STEPS if nice * magnitude >= rough)
    top = max(step, -(-largest // step) * step)
    count = round(top / step)
    return top, tuple(Tick(step * index, _r(step * index / top * 100)) for index in range(count + 1))


def _r(value: float) -> float:
    """Three decimals are finer than any screen and keep the file small."""
    return round(value, 3)
