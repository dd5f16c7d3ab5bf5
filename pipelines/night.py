"""`python -m pipelines.night`: run the nightly job once in this process and say how it went. The command line starts it."""

import argparse
import logging
import os
import sys
from datetime import date

import dagster as dg
from dagster._core.execution.plan.objects import StepFailureData
from dagster_shared.error import SerializableErrorInfo

from assets.partitions import NIGHTS
from assets.quality import CHECKED_BY
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.home import Home
from costsieve.quality.configured_checks import require_known_checks
from costsieve.settings import Settings
from pipelines.alerts import STARTED_BY_COMMAND, send
from pipelines.environment import config_path, installation, prepare_dagster_home, settings_or_defaults
from pipelines.messages import tell_blocking, tell_nothing_published, tell_summary
from pipelines.progress import SHOW_PROGRESS

BLOCKED = 3
FAILED = 1


def main() -> int:
    """Run one night; returns 0 when it published, 3 when a check blocked it, 1 when it failed."""
    parser = argparse.ArgumentParser(prog="python -m pipelines.night")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the night, YYYY-MM-DD")
    as_of = parser.parse_args().as_of
    os.environ.setdefault(SHOW_PROGRESS, "1")
    settings = settings_or_defaults()
    try:
        _require_night(as_of)
        require_known_checks(settings)
        prepare_dagster_home(settings)
        result = run_night(as_of, settings)
    except CostsieveError as error:
        sys.stderr.write(f"costsieve: {error}\n")
        return error.exit_code
    return _report(result, as_of, settings)


def run_night(as_of: date, settings: Settings) -> dg.ExecuteInProcessResult:
    """Execute the nightly job for one partition; failures are in the result, not raised."""
    from pipelines.definitions import build_definitions

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    definitions = build_definitions(installation(), settings)
    with dg.DagsterInstance.get() as instance:
        return definitions.resolve_job_def("nightly").execute_in_process(
            partition_key=as_of.isoformat(),
            instance=instance,
            raise_on_error=False,
            tags=STARTED_BY_COMMAND,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )


def _report(result: dg.ExecuteInProcessResult, as_of: date, settings: Settings) -> int:
    blocking = [
        check for check in result.get_asset_check_evaluations() if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]
    reasons = _reasons(result)
    if not blocking and result.success:
        tell_summary(settings, as_of, config_path())
        return 0
    if blocking:
        tell_blocking(blocking, as_of)
    for reason in reasons:
        sys.stderr.write(f"costsieve: {reason}\n")
    tell_nothing_published(Home(settings.home), as_of)
    if reasons and not result.get_step_failure_events():
        _alert_of_no_night(settings, as_of, reasons)
    return BLOCKED if blocking else FAILED


def _alert_of_no_night(settings: Settings, as_of: date, reasons: list[str]) -> None:
    """No hook hears of a night that ended before its first step, as when another night is running."""
    told = {"as_of": as_of.isoformat(), "job": "nightly", "kind": "not begun", "error": "\n".join(reasons)}
    send(settings.alerts, told, logging.getLogger("costsieve"))


def _require_night(as_of: date) -> None:
    if not NIGHTS.has_partition_key(as_of.isoformat()):
        first, today = NIGHTS.get_first_partition_key(), NIGHTS.get_last_partition_key()
        message = f"there is no night of {as_of}: nights go from {first} to today, {today} (UTC)."
        raise ConfigurationError(message)


def _reasons(result: dg.ExecuteInProcessResult) -> list[str]:
    """Return why each failed step failed, checks apart, or why the run ended before its first step."""
    failed = result.get_step_failure_events()
    if not failed:
        return [_described(event.job_failure_data.error) for event in result.all_events if event.is_job_failure]
    steps = [(str(event.step_key), _step_reason(event.step_failure_data)) for event in failed]
    return [f"{step.replace('__', '/')}: {reason}" for step, reason in steps if step not in CHECKED_BY]


def _step_reason(failure: StepFailureData) -> str:
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    return _described(failure.error)


def _described(error: SerializableErrorInfo | None) -> str:
    """The user's message of an expected error; the whole traceback of any other."""
    raised = error
    while raised:
        if raised.cls_name in _expected_errors(CostsieveError):
            return raised.message.partition(": ")[2].strip()
        raised = raised.cause
    return error.to_string() if error else "unknown"


def _expected_errors(base: type[CostsieveError]) -> set[str]:
    """Return the names of the errors that a user can cause: the orchestrator hands on the name of a class, not the class."""
    return {base.__name__}.union(*(_expected_errors(each) for each in base.__subclasses__()))


if __name__ == "__main__":
    sys.exit(main())
