"""The one job: everything, one night at a time, in one process. When it runs is in schedules.py."""

import dagster as dg

from pipelines.alerts import alert_on_failed_sources, alert_on_failure
from pipelines.progress import report_progress

nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    description="Load what changed, check it, find waste, recommend, report, publish.",
    executor_def=dg.in_process_executor,
    hooks={alert_on_failure, alert_on_failed_sources, report_progress},
)
"""DuckDB is parallel inside, and one process may write its file: hence the in-process executor."""
