"""The checks of sql/quality as costsieve.yaml sets them: severity, thresholds, and what somebody has accepted. Runs nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any, get_args

from costsieve.errors import ConfigurationError
from costsieve.gate_settings import Accepted
from costsieve.quality.check_files import CheckFile, all_check_files, check_files
from costsieve.quality.checks import Severity
from costsieve.settings import Settings

_SEVERITY = "severity"
_OFF = "off"


@dataclass(frozen=True)
class ConfiguredCheck:
    """One check of one night: how severe it is, what its SQL is run with, and which of its rows are accepted."""

    check: CheckFile
    severity: Severity
    parameters: Mapping[str, Any]
    accepted: tuple[Accepted, ...]


def configured_checks(table_name: str, as_of: date, settings: Settings) -> list[ConfiguredCheck]:
    """Return the checks of a table that are not switched off.

    Raises ConfigurationError for what costsieve.yaml says about checks and is wrong.
    """
    require_known_checks(settings)
    return [_configured(check, as_of, settings) for check in check_files(table_name) if _severity(check, settings) != _OFF]


def require_known_checks(settings: Settings) -> None:
    """Raise ConfigurationError for a check, a parameter, a severity or a value under `checks` or `accepted` that does not exist."""
    checks = {check.check_name: check for check in all_check_files()}
    for check_name, override in settings.checks.items():
        check = _known(f"checks.{check_name}", check_name, checks)
        _severity(check, settings)
        for name in override:
            _number(check, name, settings)
    for accepted in settings.accepted:
        check = _known(f"accepted: {accepted.check}", accepted.check, checks)
        _require_names(check, accepted)


def _configured(check: CheckFile, as_of: date, settings: Settings) -> ConfiguredCheck:
    given = {"as_of": as_of, "report_currency": settings.currency}
    thresholds = {name: _number(check, name, settings) for name in check.params}
    bound = {name: value for name, value in {**given, **thresholds}.items() if name in check.bound}
    accepted = tuple(each for each in settings.accepted if each.check == check.check_name and each.is_in_force(as_of))
    severity = _severity(check, settings)
    return ConfiguredCheck(check, "critical" if severity == "critical" else "warning", bound, accepted)


def _known(place: str, check_name: str, checks: Mapping[str, CheckFile]) -> CheckFile:
    if check_name in checks:
        return checks[check_name]
    message = f"{place}: there is no such check. {_nearest(check_name, list(checks))}"
    raise ConfigurationError(message)


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    return f"Is it {' or '.join(near)}?" if near else f"There are: {', '.join(known)}."


def _severity(check: CheckFile, settings: Settings) -> str:
    severity = settings.checks.get(check.check_name, {}).get(_SEVERITY, check.severity)
    known = (*get_args(Severity.__value__), _OFF)
    if severity in known:
        return str(severity)
    message = f"checks.{check.check_name}.{_SEVERITY}: {severity} is none of {', '.join(known)}."
    raise ConfigurationError(message)


def _number(check: CheckFile, name: str, settings: Settings) -> int | Decimal | None:
    """Return a threshold as it is set, or its default; None for the severity, which is no number."""
    if name == _SEVERITY:
        return None
    place = f"checks.{check.check_name}.{name}"
    if name not in check.params:
        message = f"{place}: the check has no such parameter. It has: {', '.join([*check.params, _SEVERITY])}."
        raise ConfigurationError(message)
    value = settings.checks.get(check.check_name, {}).get(name, check.params[name].value)
    try:
        number = value if isinstance(value, int | Decimal) else Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not Decimal(number).is_finite():
        message = f"{place}: {str(value)!r} is not a number ({check.params[name].unit})."
        raise ConfigurationError(message)
    return number


def _require_names(check: CheckFile, accepted: Accepted) -> None:
    """Refuse to accept rows by a name that they do not have."""
    source, period = check.row_names
    if source is None or (accepted.period and period is None):
        lacking = "source" if source is None else "period"
        message = (
            f"accepted: {accepted.check}: the rows of this check name no {lacking}, so they cannot be accepted by it. "
            f"Set checks.{accepted.check} instead: a threshold, or severity: warning."
        )
        raise ConfigurationError(message)
