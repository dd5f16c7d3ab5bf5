"""The partition of every asset: the night. No schedule is defined here."""

from datetime import date

import dagster as dg

NIGHTS = dg.DailyPartitionsDefinition(start_date="2019-01-01", end_offset=1)
"""Keyed by `as_of`: the night of 2026-10-01 knows only days before it, so today's key is the newest that exists.

The first one is early enough to backfill every bill that somebody may still want to look at.
"""


def as_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> date:
    """Return the night that a run is for."""
    key = context.run.tags["dagster/partition"]
    return date.fromisoformat(key)
