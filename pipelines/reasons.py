"""Why a night did not end as it should, in the words of a user who can mend it. What is then said and to whom is not decided here."""

import dagster as dg
from dagster._core.execution.plan.objects import StepFailureData
from dagster_shared.error import SerializableErrorInfo

from assets.quality import CHECKED_BY
from costsieve.errors import CostsieveError
from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.warehouse import NO_SPACE
from pipelines.environment import config_path

_FULL = (NO_SPACE, "database or disk is full", "disk I/O error")
"""What the system, and SQLite beneath the orchestrator, say of a full disk."""


def reasons_of(result: dg.ExecuteInProcessResult, settings: Settings) -> list[str]:
    """Return why each failed step failed, checks apart, or why the run ended before its first step."""
    failed = result.get_step_failure_events()
    if not failed:
        return [_described(event.job_failure_data.error, settings) for event in result.all_events if event.is_job_failure]
    steps = [(str(event.step_key), _step_reason(event.step_failure_data, settings)) for event in failed]
    return [f"{step.replace('__', '/')}: {reason}" for step, reason in steps if step not in CHECKED_BY]


def full_disk(said: str, home: Home) -> str | None:
    """Return what to do when an error tells of a full disk; None of any other error."""
    line = next((line for line in said.splitlines() if any(words in line for words in _FULL)), None)
    return line and f"no space is left for {home.root}: free some, then run the night again. ({line.strip()})"


def _step_reason(failure: StepFailureData, settings: Settings) -> str:
    if failure.user_failure_data and failure.user_failure_data.description:
        return failure.user_failure_data.description
    return _described(failure.error, settings)


def _described(error: SerializableErrorInfo | None, settings: Settings) -> str:
    """The user's message of an expected error; the whole traceback of any other."""
    raised = error
    while raised:
        if raised.cls_name in _expected_errors(CostsieveError):
            return raised.message.partition(": ")[2].strip()
        if raised.cls_name == "OutOfMemoryException":
            limit = f"`memory_limit` in {config_path()}, which is {settings.memory_limit}"
            return f"memory ran out: raise {limit}. ({raised.message.partition(': ')[2].splitlines()[0]})"
        if full := full_disk(raised.message, Home(settings.home)):
            return full
        raised = raised.cause
    return error.to_string() if error else "unknown"


def _expected_errors(base: type[CostsieveError]) -> set[str]:
    """Return the names of the errors that a user can cause: the orchestrator hands on the name of a class, not the class."""
    return {base.__name__}.union(*(_expected_errors(each) for each in base.__subclasses__()))
