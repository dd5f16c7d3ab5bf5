"""Runs expectations on a batch and says in words what was seen. What is expected is in suites, what becomes of it in validation."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from costsieve.quality.checks import shown_rows

if TYPE_CHECKING:
    from great_expectations import ExpectationSuite
    from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

_SHOWN_VALUES = 5


@dataclass(frozen=True)
class Observation:
    """Whether one expectation held, and what was seen: how many offending rows (None where that was not counted), and the first of them."""

    is_passed: bool
    seen: str
    offending_rows: int | None = 0
    sample: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Observed:
    """One validated suite: an observation per check name, and the framework's own result, which Data Docs are made of."""

    observations: Mapping[str, Observation]
    validated: "ExpectationSuiteValidationResult"


def observe(batch: "Batch", suite: "ExpectationSuite", key: Sequence[str]) -> Observed:
    """Validate a suite; ``key`` are the columns that name an offending row.

    Offending rows are fetched only for what failed, so that good data costs one pass.
    """
    validated = batch.validate(suite, result_format="BASIC")
    expectations = {_check_name(expectation): expectation for expectation in suite.expectations}
    observations = {}
    for position, result in enumerate(validated.results):
        name = _check_name(result.expectation_config)
        if result.success:
            observations[name] = Observation(is_passed=True, seen=_passed(result))
        elif messages := list(_exceptions(result.exception_info)):
            observations[name] = Observation(is_passed=False, seen=f"could not be checked: {messages[0]}", offending_rows=None)
        else:
            detailed = batch.validate(expectations[name], result_format=_detailed_format(expectations[name], key))
            observations[name] = _failed(detailed.result)
            validated.results[position] = detailed
    return Observed(observations, validated)


def _passed(result: "ExpectationValidationResult") -> str:
    rows = result.result.get("element_count")
    return "holds" if rows is None else f"holds for {rows} rows"


def _failed(result: Mapping[str, Any]) -> Observation:
    details = result.get("details") or {}
    if mismatched := details.get("mismatched"):
        seen = "; ".join(f"{kind} columns: {', '.join(names)}" for kind, names in sorted(mismatched.items()))
        return Observation(is_passed=False, seen=seen, offending_rows=None)
    if rows := details.get("unexpected_rows"):
        return _counted(int(result["observed_value"]), rows)
    rows = result.get("partial_unexpected_index_list") or [{"value": value} for value in result["partial_unexpected_list"]]
    return _counted(int(result["unexpected_count"]), rows)


def _counted(count: int, rows: Sequence[Mapping[str, Any]]) -> Observation:
    seen = f"{count} offending row{'s' if count != 1 else ''}: {shown_rows(rows)}"
    return Observation(is_passed=False, seen=seen, offending_rows=count, sample=tuple(rows[:_SHOWN_VALUES]))


def _check_name(described: Any) -> str:  # noqa: ANN401 - an expectation or its configuration: the framework gives them no common type
    return str(described.meta["check_name"])


def _detailed_format(expectation: "Expectation", key: Sequence[str]) -> dict[str, Any]:
    """Ask for offending rows: the complete format bounds them for queries, the summary format for columns."""
    if not hasattr(expectation, "column"):
        return {"result_format": "COMPLETE"}
    named = {"unexpected_index_column_names": list(key)} if key else {}
    return {"result_format": "SUMMARY", "partial_unexpected_count": _SHOWN_VALUES, **named}


def _exceptions(info: Mapping[str, Any] | None) -> Iterator[str]:
    """Return what went wrong while validating; the framework nests it by metric, or not."""
    for part in (info or {}, *(value for value in (info or {}).values() if isinstance(value, Mapping))):
        if part.get("raised_exception"):
            yield str(part.get("exception_message")).splitlines()[0]
