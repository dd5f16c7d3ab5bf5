"""When the job runs. What it runs is in jobs.py."""

from datetime import UTC

import dagster as dg

from costsieve.settings import Schedule
from pipelines.jobs import nightly


def nightly_schedule(schedule: Schedule) -> dg.ScheduleDefinition:
    """Return the schedule of the nightly job at the configured local time.

    The night's `as_of` is the UTC day of the tick: bills are in UTC days, and only days before `as_of` are complete.
    """

    @dg.schedule(
        name="nightly",
        job=nightly,
        cron_schedule=f"{schedule.minute} {schedule.hour} * * *",
        execution_timezone=schedule.time_zone,
        description="One night for the UTC day of the tick.",
    )
    def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        night = context.scheduled_execution_time.astimezone(UTC).date().isoformat()
        return dg.RunRequest(run_key=night, partition_key=night)

    return every_night
