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
from assets.quality import CHECKS
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.home import Home
from costsieve.reports.visible_text import visible
from costsieve.reports.write import top_savings
from costsieve.settings import Settings
from costsieve.warehouse import open_published
from pipelines.environment import config_path, installation, prepare_dagster_home, settings_or_defaults
from pipelines.progress import SHOW_PROGRESS

_CHECK_STEPS = {check.node_def.name for check in CHECKS}

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
    for reason in _reasons(result):
        sys.stderr.write(f"costsieve: {reason}\n")
    if blocking or not result.success:
        sys.stderr.write("costsieve: nothing was published; the last good result stands.\n")
        return BLOCKED if blocking else FAILED
    _print_summary(as_of, settings)
    return 0


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
    return [f"{event.step_key}: {_step_reason(event.step_failure_data)}" for event in failed if event.step_key not in _CHECK_STEPS]


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


def _print_summary(as_of: date, settings: Settings) -> None:
    home = Home(settings.home)
    sys.stdout.write(f"\nReport of {as_of}: {home.reports / as_of.isoformat() / 'report.html'}\n\nThe largest savings a month:\n")
    with open_published(home.published_warehouse) as connection:
        savings = top_savings(connection, as_of, 5, settings.currency)
    for saving in savings:
        sys.stdout.write(f"  {saving.amount:>14,.2f} {saving.currency}  {visible(saving.title)}\n")
    if not savings:
        sys.stdout.write("  none found; the report says how much of the spend could be evaluated.\n")
    if not settings.sources:
        sys.stdout.write(f"\nNothing was read: {config_path()} names no sources yet.\n")
    sys.stdout.write('\nAsk in SQL: costsieve sql "SELECT * FROM results.plan ORDER BY as_of DESC, step"')
    sys.stdout.write("    See the lineage: costsieve ui\n")


if __name__ == "__main__":
    sys.exit(main())
