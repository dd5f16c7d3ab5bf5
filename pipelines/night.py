"""`python -m pipelines.night`: run the nightly job once in this process and say how it went. The command line starts it."""

import argparse
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from assets.partitions import NIGHTS
from costsieve.errors import ConfigurationError, CostsieveError, naming
from costsieve.home import Home
from costsieve.quality.configured_checks import require_known_checks
from costsieve.settings import Settings
from costsieve.sources.configured import require_sources
from costsieve.warehouse import Warehouse, open_published
from pipelines.alerts import STARTED_BY_COMMAND, send
from pipelines.environment import config_path, installation, prepare_dagster_home, settings_or_defaults
from pipelines.messages import tell_blocking, tell_interrupted, tell_nothing_published, tell_summary
from pipelines.progress import SHOW_PROGRESS
from pipelines.reasons import full_disk, reasons_of

BLOCKED = 3
FAILED = 1
INTERRUPTED = 130

_SECONDS_DEAF = 0.2
"""A library of the night installs a handler of its own, behind which a signal does not end the waiting of the first thread."""


def main() -> int:
    """Run one night; returns 0 when it published, 3 when a check blocked it, 1 when it failed, 2 when it was asked for wrongly.

    Ctrl-C ends the process at once, whatever the night is at, with 130: what it began is taken back or left aside by the next night.
    """
    parser = argparse.ArgumentParser(prog="python -m pipelines.night")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True, help="the night, YYYY-MM-DD")
    as_of = parser.parse_args().as_of
    os.environ.setdefault(SHOW_PROGRESS, "1")
    try:
        settings = _settings(as_of)
    except CostsieveError as error:
        sys.stderr.write(f"costsieve: {error}\n")
        return error.exit_code
    home = Home(settings.home)
    published = _published_at(home)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # held back by the command line until there is somebody to hear it
        return _night(as_of, settings)
    except KeyboardInterrupt:
        tell_interrupted(as_of, is_published=_published_at(home) != published)
        os._exit(INTERRUPTED)  # the night's own thread ends with the process, and with nothing less


def _settings(as_of: date) -> Settings:
    _require_night(as_of)
    settings = settings_or_defaults()
    with naming(config_path()):
        require_known_checks(settings)
        require_sources(settings)
    prepare_dagster_home(settings)
    return settings


def _night(as_of: date, settings: Settings) -> int:
    home = Home(settings.home)
    try:
        _require_usable_home(home, settings)
        # Signals reach the first thread alone, where the orchestrator would take their handling over and lose some.
        night = ThreadPoolExecutor(1, "night").submit(run_night, as_of, settings)
        while not night.done():
            wait([night], _SECONDS_DEAF)
        result = night.result()
    except (CostsieveError, OSError, SQLAlchemyError) as error:
        reason = str(error) if isinstance(error, CostsieveError) else full_disk(str(error), home)
        if reason is None:
            raise
        sys.stderr.write(f"costsieve: {reason}\n")
        tell_nothing_published(home, None)
        _alert_of_no_night(settings, as_of, [reason])
        return FAILED
    return _report(result, as_of, settings)


def _require_usable_home(home: Home, settings: Settings) -> None:
    """Raise CostsieveError at once for what would end the night later, in the words of many steps."""
    warehouse = Warehouse(home, settings.memory_limit)
    with warehouse.reserved(), warehouse.connect():
        if home.published_warehouse.is_file():
            open_published(home.published_warehouse).close()


def _published_at(home: Home) -> int | None:
    return home.published_warehouse.stat().st_mtime_ns if home.published_warehouse.is_file() else None


def run_night(as_of: date, settings: Settings) -> dg.ExecuteInProcessResult:
    """Execute the nightly job for one partition; failures are in the result, not raised."""
    from pipelines.definitions import build_definitions

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    definitions = build_definitions(installation(), settings)
    with dg.DagsterInstance.get() as instance:
        _close_abandoned_runs(instance)
        return definitions.resolve_job_def("nightly").execute_in_process(
            partition_key=as_of.isoformat(),
            instance=instance,
            raise_on_error=False,
            tags=STARTED_BY_COMMAND,
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )


def _close_abandoned_runs(instance: dg.DagsterInstance) -> None:
    """A night that was interrupted or killed could not say that it ended: without this, the UI shows it as running for ever."""
    abandoned = dg.RunsFilter(tags=STARTED_BY_COMMAND, statuses=[dg.DagsterRunStatus.STARTED])
    for run in instance.get_runs(abandoned):
        instance.report_run_canceled(run, message="The process of this night was interrupted or killed.")


def _report(result: dg.ExecuteInProcessResult, as_of: date, settings: Settings) -> int:
    blocking = [
        check for check in result.get_asset_check_evaluations() if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]
    reasons = reasons_of(result, settings)
    if not blocking and result.success:
        tell_summary(settings, as_of)
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


if __name__ == "__main__":
    sys.exit(main())
