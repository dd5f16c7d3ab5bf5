"""Hours of a plan and the billing days and months that they fall in: Google bills US Pacific days, and exports UTC timestamps."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from costsieve.estate.plan import EstatePlan

_PACIFIC = "America/Los_Angeles"
Hours = NDArray[np.int64]


@dataclass(frozen=True)
class Calendar:
    """The hours of a window.

    Args:
        start: first instant, UTC.
        frame: one row per hour: start_hour, invoice_month (YYYYMM), days_in_month and month_hours (hours since the Pacific month began).
        day_bounds: hours at which Pacific days begin, and the two ends of the window.
    """

    start: datetime
    frame: pl.DataFrame
    day_bounds: Hours

    @property
    def hours(self) -> int:
        """Hours in the window."""
        return self.frame.height

    def hour_of(self, day: date) -> int:
        """Return the first hour of a Pacific day, cut to the window."""
        local = pl.Series([datetime.combine(day, time.min)]).dt.replace_time_zone(_PACIFIC).dt.convert_time_zone("UTC")
        hour = (local.item() - self.start) // timedelta(hours=1)
        return min(max(int(hour), 0), self.hours)

    def bounds(self, hours_per_row: int) -> Hours:
        """Return the hours at which rows of ``hours_per_row`` hours begin, and the end of the window."""
        return np.append(np.arange(0, self.hours, hours_per_row), self.hours)


def calendar(plan: EstatePlan) -> Calendar:
    """Return the calendar of a plan's window."""
    start = datetime.combine(plan.window.start, time.min, UTC)
    hours = pl.select(start_hour=pl.int_range(24 * plan.days, dtype=pl.Int64))
    local = (pl.lit(start) + pl.duration(hours="start_hour")).dt.convert_time_zone(_PACIFIC)
    frame = hours.with_columns(
        invoice_month=local.dt.strftime("%Y%m"),
        days_in_month=local.dt.days_in_month().cast(pl.Int64),
        month_hours=(local.dt.day().cast(pl.Int64) - 1) * 24 + local.dt.hour(),
        local_hour=local.dt.hour(),
    )
    midnights = frame.filter(pl.col("local_hour") == 0)["start_hour"].to_numpy()
    day_bounds = np.unique(np.concatenate(([0], midnights, [frame.height])))
    return Calendar(start, frame.drop("local_hour"), day_bounds)
