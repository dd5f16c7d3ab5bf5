"""Tell somebody that a night failed, was blocked, turned away, or went on without a source: a command, a webhook, or both."""

import json
import logging
import subprocess
import urllib.request
from datetime import date
from typing import Any

import dagster as dg

from assets.quality import CHECKED_BY, SOURCES_STEP
from costsieve.home import Home
from costsieve.quality.notices import blocking_checks, failed_sources
from costsieve.settings import Alerts, Settings
from costsieve.warehouse import Warehouse
from pipelines.environment import settings_or_defaults

_SECONDS = 30
_NIGHT = "dagster/partition"
STARTED_BY_COMMAND = {"costsieve/started_by": "command"}
"""Tag of the runs of `costsieve night`, which tells itself of a night that never began."""


@dg.failure_hook(name="alert_on_failure")
def alert_on_failure(context: dg.HookContext) -> None:
    """Send one message per failed step. A broken alert is logged and never hides the failure itself."""
    settings = settings_or_defaults()
    checked = CHECKED_BY.get(context.op.name)
    if checked:
        told = {"kind": "blocked", "error": _blocked(settings, checked, _as_of(context)) or _reason(context.op_exception)}
    else:
        told = {"kind": "failed", "error": _reason(context.op_exception)}
    send(settings.alerts, {**_step(context), **told}, context.log)


@dg.success_hook(name="alert_on_failed_sources")
def alert_on_failed_sources(context: dg.HookContext) -> None:
    """Send one message per source that could not be read: the night goes on with what it delivered before."""
    if context.op.name != SOURCES_STEP:
        return
    settings = settings_or_defaults()
    as_of = _as_of(context)
    with Warehouse(Home(settings.home), settings.memory_limit).connect() as connection:
        failed = failed_sources(connection, as_of)
    for source in failed:
        told = {"kind": "source failed", "source": source.source, "error": source.sentence}
        send(settings.alerts, {**_step(context), **told}, context.log)


@dg.run_failure_sensor(name="alert_on_night_that_never_began", default_status=dg.DefaultSensorStatus.RUNNING)
def alert_on_night_that_never_began(context: dg.RunFailureSensorContext) -> None:
    """Send one message for a scheduled night that ended before its first step, as when another night is running."""
    run = context.dagster_run
    if context.get_step_failure_events() or STARTED_BY_COMMAND.items() <= run.tags.items():
        return
    night = {"as_of": run.tags.get(_NIGHT, ""), "job": run.job_name, "run_id": run.run_id}
    send(settings_or_defaults().alerts, {**night, "kind": "not begun", "error": context.failure_event.message}, context.log)


def send(alerts: Alerts, message: dict[str, Any], log: logging.Logger) -> None:
    """Give ``message`` as JSON to the configured command (standard input) and webhook (POST)."""
    body = json.dumps(message).encode()
    try:
        if alerts.command:
            subprocess.run(alerts.command, input=body, check=True, timeout=_SECONDS)  # noqa: S603 - the user's own command
        if alerts.webhook:
            request = urllib.request.Request(alerts.webhook, body, {"Content-Type": "application/json"})  # noqa: S310 - the user's own address
            urllib.request.urlopen(request, timeout=_SECONDS).close()  # noqa: S310 - the user's own address
    except (OSError, subprocess.SubprocessError):
        log.exception("the alert could not be sent")


def _step(context: dg.HookContext) -> dict[str, Any]:
    """Say which night, run and step it is about."""
    return {"as_of": _as_of(context).isoformat(), "job": context.job_name, "step": context.op.name, "run_id": context.run_id}


def _as_of(context: dg.HookContext) -> date:
    run = context.instance.get_run_by_id(context.run_id)
    return date.fromisoformat(run.tags[_NIGHT]) if run else date.min


def _blocked(settings: Settings, table_name: str, as_of: date) -> str:
    with Warehouse(Home(settings.home), settings.memory_limit).connect() as connection:
        return "\n".join(check.sentence for check in blocking_checks(connection, table_name, as_of))


def _reason(error: BaseException | None) -> str:
    if error is None:
        return "unknown"
    return str(getattr(error, "description", None) or error)
