"""Real CPU series as raw samples, and what idle, right-size and schedule must conclude of them, in plain Python over these samples.

Nothing here reads a rule's SQL. The figures that the criteria name are repeated: 5 % CPU, P99.5 at 80 % load, blocks of 4 idle hours.
No test is here.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

_DATA = Path(__file__).parent / "data" / "real-series"
_MHZ_PER_CORE = 2926
"""Speed of the Bitbrains cores: every value of the trace is a multiple of a 3,000th of it."""

M5_VCPUS = (2, 4, 8, 16, 32, 48, 64, 96)
MEMORY_PERCENT = 20.0
"""Assumed of every machine: the traces have no memory."""

COVERAGE = 0.9


@dataclass(frozen=True)
class Machine:
    """A machine with its raw CPU samples in percent by the hour that they lie in, cut to whole hours before ``as_of``."""

    name: str
    vcpus: int
    as_of: datetime
    samples: Mapping[datetime, Sequence[float]]

    @property
    def born(self) -> datetime:
        """Its first sample where the trace begins with it; else the machine is older than the trace."""
        first = min(self.samples)
        return first if first > self.as_of - timedelta(days=27) else first - timedelta(days=200)

    def peaks(self, days: int) -> dict[datetime, float]:
        """Highest sample of each observed hour of the days before ``as_of``."""
        start = self.as_of - timedelta(days=days)
        return {hour: max(values) for hour, values in self.samples.items() if start <= hour < self.as_of}

    def observed_before(self, days: int) -> str | None:
        """Why the days before ``as_of`` cannot be judged: too young, or observed in too few hours; None where they can."""
        if (self.as_of.date() - self.born.date()).days < days:
            return "too_young"
        return "gaps" if len(self.peaks(days)) < COVERAGE * 24 * days else None


def bitbrains() -> list[Machine]:
    """Fourteen machines of a Dutch hosting company, at 5 minutes over a month."""
    trace = pl.read_parquet(_DATA / "bitbrains.parquet")
    as_of = datetime(2013, 9, 11, tzinfo=UTC)
    machines = []
    for (name,), rows in sorted(trace.partition_by("id", as_dict=True).items()):
        vcpus = rows["cpu_count"][0]
        by_hour = defaultdict(list)
        for ended_at, minutes, mhz in rows.select("timestamp", "minutes", "cpu_usage").rows():
            for passed in range(0, minutes, 5):
                by_hour[_hour(ended_at - timedelta(minutes=passed))].append(100 * mhz / (vcpus * _MHZ_PER_CORE))
        machines.append(Machine(f"bitbrains-{name}", vcpus, as_of, by_hour))
    return machines


def cloudwatch() -> list[Machine]:
    """Four EC2 instances, at 5 minutes over 14 days; taken for machines of 4 vCPUs, since the series do not tell."""
    machines = []
    for (name,), rows in sorted(pl.read_parquet(_DATA / "cloudwatch-nab.parquet").partition_by("series", as_dict=True).items()):
        by_hour = defaultdict(list)
        for observed_at, percent in rows.select("timestamp", "value").rows():
            by_hour[_hour(observed_at.replace(tzinfo=UTC))].append(percent)
        last = max(by_hour)
        machines.append(Machine(name, 4, last.replace(hour=0), by_hour))
    return machines


def idle(machine: Machine) -> str:
    """Every sample of 14 days below 5 %."""
    peaks = machine.peaks(14)
    if any(peak >= 5 for peak in peaks.values()):
        return "clean"
    return machine.observed_before(14) or "finding"


def right_size(machine: Machine) -> str:
    """The smallest m5 that carries P99.5 of the hours at 80 % load and 20 % of the memory at the same; prices follow the size."""
    if reason := machine.observed_before(14):
        return reason
    peaks = sorted(machine.peaks(14).values())
    busiest = peaks[math.ceil(0.995 * len(peaks)) - 1]
    needed = machine.vcpus * max(busiest, MEMORY_PERCENT) / 80
    fitting = [size for size in M5_VCPUS if needed <= size < machine.vcpus]
    return type_of(fitting[0]) if fitting else "clean"


def schedule(machine: Machine, time_zone: str) -> str:
    """Hours of the week to cut, where blocks of 4 or more idle hours, less one to start, come to 20; local hours, 28 days."""
    if reason := machine.observed_before(28):
        return reason
    by_slot = defaultdict(list)
    for hour, peak in machine.peaks(28).items():
        local = hour.astimezone(ZoneInfo(time_zone))
        by_slot[24 * local.weekday() + local.hour].append(peak)
    is_idle = [len(by_slot[slot]) >= 3 and max(by_slot[slot]) < 5 for slot in range(168)]
    if all(is_idle):
        return "clean"
    off_hours = sum(length - 1 for length in _circular_runs(is_idle) if length >= 4)
    return f"{off_hours} hours" if off_hours >= 20 else "clean"


def type_of(vcpus: int) -> str:
    """The m5 with so many vCPUs; a machine of one core is an m3.medium, which has no smaller sibling."""
    names = {1: "m3.medium", 2: "m5.large", 4: "m5.xlarge"}
    return names.get(vcpus) or f"m5.{vcpus // 4}xlarge"


def _circular_runs(flags: Sequence[bool]) -> list[int]:
    """Lengths of runs of True in a week without an end; some flag is False."""
    start = flags.index(False)
    turned = [*flags[start:], *flags[:start]]
    runs = [0]
    for flag in turned:
        if flag:
            runs[-1] += 1
        elif runs[-1]:
            runs.append(0)
    return runs


def _hour(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
