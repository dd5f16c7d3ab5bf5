"""Tell somebody that a night failed or was blocked: a command, a webhook, or both, from the configuration."""

import json
import logging
import subprocess
import urllib.request
from typing import Any

import dagster as dg

from costsieve.settings import Alerts
from pipelines.environment import settings_or_defaults

_SECONDS = 30


@dg.failure_hook(name="alert_on_failure")
def alert_on_failure(context: dg.HookContext) -> None:
    """Send one message per failed step. A broken alert is logged and never hides the failure itself."""
    message = {"job": context.job_name, "step": context.op.name, "run_id": context.run_id, "error": _reason(context.op_exception)}
    send(settings_or_defaults().alerts, message, context.log)


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


def _reason(error: BaseException | None) -> str:
    if error is None:
        return "unknown"
    return str(getattr(error, "description", None) or error)
