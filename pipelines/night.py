"""`python -m pipelines.night`: run the nightly job once in this process and say how it went. The command line starts it."""

import argparse
import logging
import os
import sys
from datetime import date

import dagster as dg
from dagster._core.execution.plan.objects import StepFailureData

from assets.partitions import NIGHTS
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.home import Home
from costsieve.reports.write import top_savings
from costsieve.settings import Settings
from costsieve.warehouse import open_published
from pipelines.environment import installation, prepare_dagster_home, settings_or_defaults
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
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        )


def _report(result: dg.ExecuteInProcessResult, as_of: date, settings: Settings) -> int:
    blocking = [
        check for check in result.get_asset_check_evaluations() if not check.passed and check.severity is dg.AssetCheckSeverity.ERROR
    ]
    for check in blocking:
        observed = check.metadata["observed"].value
        sys.stderr.write(f"costsieve: blocked by {check.asset_key.to_user_string()}, {check.check_name}: {observed}\n")
    if blocking:
        sys.stderr.write("costsieve: nothing was published; the last good result stands.\n")
        return BLOCKED
    if not result.success:
        for event in result.get_step_failure_events():
            sys.stderr.write(f"costsieve: {event.step_key}: {_reason(event.step_failure_data)}\n")
        sys.stderr.write("costsieve: nothing was published; the last good result stands.\n")
        return FAILED
    _print_summary(as_of, settings)
    return 0


def _require_night(as_of: date) -> None:
    if not NIGHTS.has_partition_key(as_of.isoformat()):
        message = (
            f"there is no night of {as_of}: nights go from {NIGHTS.get_first_partition_key()} to today, {NIGHTS.get_last_partition_key()}."
        )
        raise ConfigurationError(message)


def _reason(failure: StepFailureData) -> str:
    """The user's message of an expected error; the whole traceback of any other."""
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    raised = failure.error.cause if failure.error else None
    if raised and raised.cls_name in _expected_errors(CostsieveError):
        return raised.message.partition(": ")[2].strip()
    return failure.error_display_string


def _expected_errors(base: type[CostsieveError]) -> set[str]:
    """Return the names of the errors that a user can cause: the orchestrator hands on the name of a class, not the class."""
    return {base.__name__}.union(*(_expected_errors(each) for each in base.__subclasses__()))


def _print_summary(as_of: date, settings: Settings) -> None:
    home = Home(settings.home)
    sys.stdout.write(f"\nReport of {as_of}: {home.reports / as_of.isoformat() / 'report.html'}\n\nThe largest savings a month:\n")
    with open_published(home.published_warehouse) as connection:
        for saving in top_savings(connection, as_of, 5, settings.currency):
            sys.stdout.write(f"  {saving.amount:>14,.2f} {saving.currency}  {saving.title}\n")
    ask = f"SELECT * FROM results.plan WHERE as_of = '{as_of}' ORDER BY step"
    sys.stdout.write(f'\nAsk in SQL: costsieve sql "{ask}"    See the lineage: costsieve ui\n')


if __name__ == "__main__":
    sys.exit(main())
