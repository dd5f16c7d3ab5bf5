"""Groups of objects that age together, and how often objects of an age are read. Counting only: no prices."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_BILLED_BYTES = 131072
"""The least billed size of the synchronous colder classes."""


@dataclass(frozen=True)
class Cohorts:
    """Objects in Standard by age today, arrays of equal length [C]. Age 0 also stands for objects that are yet to be created.

    ``padded_bytes`` are the bytes when every object below 128 KiB counts as 128 KiB.
    """

    age_days: NDArray[np.int64]
    objects: Floats
    stored_bytes: Floats
    padded_bytes: Floats

    def times(self, factor: float) -> "Cohorts":
        """Return ``factor`` times as many objects of the same sizes."""
        return Cohorts(self.age_days, self.objects * factor, self.stored_bytes * factor, self.padded_bytes * factor)

    def only(self, chosen: NDArray[np.bool_]) -> "Cohorts":
        """Return the chosen cohorts."""
        return Cohorts(self.age_days[chosen], self.objects[chosen], self.stored_bytes[chosen], self.padded_bytes[chosen])

    def joined(self, other: "Cohorts") -> "Cohorts":
        """Return the cohorts of both."""
        return Cohorts(
            np.append(self.age_days, other.age_days),
            np.append(self.objects, other.objects),
            np.append(self.stored_bytes, other.stored_bytes),
            np.append(self.padded_bytes, other.padded_bytes),
        )

    def by_age(self) -> "Cohorts":
        """Merge cohorts of equal age: costs are linear in objects and bytes, so nothing is lost."""
        ages, group = np.unique(self.age_days, return_inverse=True)
        sums = [np.bincount(group, part, ages.size) for part in (self.objects, self.stored_bytes, self.padded_bytes)]
        return Cohorts(ages, *sums)


def cohorts(ages: list[int], objects: list[float], stored_bytes: list[float]) -> Cohorts:
    """Build cohorts from rows of like-sized objects: age in days, number of objects, their bytes.

    The mean size of a row stands for each of its objects, exact as long as no row mixes sizes below and above 128 KiB.
    """
    count, amount = np.array(objects, dtype=float), np.array(stored_bytes, dtype=float)
    return Cohorts(np.array(ages, dtype=np.int64), count, amount, np.maximum(amount, LEAST_BILLED_BYTES * count))


@dataclass(frozen=True)
class ReadRates:
    """Reads by age: from ``age_days[i]`` on (the first is 0), GETs per object-day and bytes read per stored byte-day."""

    age_days: tuple[int, ...]
    gets_per_object_day: tuple[float, ...]
    bytes_per_byte_day: tuple[float, ...]

    def daily(self, days: int) -> tuple[Floats, Floats]:
        """Return both rates for every age from 0 to ``days`` - 1."""
        bins = np.searchsorted(np.array(self.age_days), np.arange(days), side="right") - 1
        return np.array(self.gets_per_object_day)[bins], np.array(self.bytes_per_byte_day)[bins]
