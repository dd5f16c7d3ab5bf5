"""Geometry of the pictures: stacked days, hours under a commitment, ages of stored bytes. Colours and words are the template's.

Shapes are in a square of 0..100 that the page stretches to its width; labels stay outside it as text, so they are readable on a phone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from costsieve.reports.report import AgeBin, DaySpend, UsageHour

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
class HourArea:
    """Two stacked step areas as SVG paths, the height of the commitment line (None: unknown) and the axis."""

    covered_path: str
    total_path: str
    line_height: float | None
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


def hour_area(hours: Sequence[UsageHour], line: Decimal | None) -> HourArea:
    """Draw covered usage below on-demand usage, hour by hour, and the line up to which a commitment would reach."""
    totals = [float(hour.covered_cost + hour.on_demand_cost) for hour in hours]
    covered = [float(hour.covered_cost) for hour in hours]
    top, ticks = _axis(max([*totals, float(line or 0)], default=0.0))
    height = None if line is None else _r(float(line) / top * 100)
    return HourArea(_steps(covered, top), _steps(totals, top), height, ticks)


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
