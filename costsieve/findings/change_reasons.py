"""Why a finding came, went, or saves another amount than the night before. Which findings those are: see costsieve.findings.history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from costsieve.contracts.verdicts import CLEAN

type Key = tuple[date, str, str | None, str | None, str | None]
"""Night and rule; provider, account and resource where a row is for one resource."""

PUT_RIGHT = (
    *("stopped", "stopped_lately", "ended", "part_time", "attached", "expires", "owned", "planned", "automated", "scales_in"),
    *("spot", "on_spot", "arm64", "current", "upgraded", "supported", "covered", "empty"),
)
"""Words of contracts.verdicts.CLEAN by which a rule says that what it asks for is so: what had a finding before was put right."""

_NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Thresholds:
    """By what a rule judged a resource in one night; ``definition`` is the fingerprint of the rule."""

    parameters: Mapping[str, str]
    definition: str


@dataclass(frozen=True)
class Change:
    """What became of a finding: ``change`` and ``reason`` are words of costsieve.contracts.history; ``detail`` is what was seen of it."""

    change: str
    reason: str
    detail: str | None
    difference: Decimal


class RuleBook:
    """The thresholds of the compared nights."""

    def __init__(self, known: Mapping[Key, Thresholds]) -> None:
        self._known = known
        self._nights = {key[0] for key in known}

    def thresholds(self, night: date, row: Mapping[str, Any]) -> Thresholds | None:
        """Return what the rule judged this resource by in a night; None where it was not there, or the night did not keep it."""
        own = (night, row["rule_id"], row["provider"], row["account_id"], row["resource_id"])
        return self._known.get(own) or self._known.get((night, row["rule_id"], None, None, None))

    def lacks(self, night: date, row: Mapping[str, Any]) -> bool:
        """Tell whether the night kept its rules, and this one is not among them."""
        return night in self._nights and self.thresholds(night, row) is None


def change_of(row: Mapping[str, Any], rules: RuleBook) -> Change:
    """Return what became of a finding, from its row of sql/history/moved_findings."""
    before, now = row["previous_monthly_savings"], row["monthly_savings"]
    difference = (now or _NOTHING) - (before or _NOTHING)
    if not row["was_reported"]:
        return Change("back" if row["was_reported_earlier"] else "new", *_appeared(row, rules), difference)
    if not row["is_reported"]:
        is_excepted = row["ledger_outcome"] == "excepted" and not row["is_in_another_currency"]
        return Change("excepted" if is_excepted else "gone", *_ended(row, rules), difference)
    has_grown = now is not None and (before is None or difference > 0)
    return Change("grown" if has_grown else "shrunk", *_moved(row, rules), difference)


def _appeared(row: Mapping[str, Any], rules: RuleBook) -> tuple[str, str | None]:
    if row["is_in_another_currency"]:
        return "currency_changed", None
    if rules.lacks(row["previous_night"], row):
        return "rule_added", None
    if row["ledger_outcome"] == "excepted":
        return "exception_ended", row["ledger_why"]
    if row["ledger_outcome"] == "not_evaluable":
        return "metric_gained", row["ledger_why"]
    if not row["was_known"] and row["ledger_outcome"] is None and not row["was_reported_earlier"]:
        return "new_resource", None
    return _judged_otherwise(row, rules) or ("criteria_met", row["observed_detail"])


def _ended(row: Mapping[str, Any], rules: RuleBook) -> tuple[str, str | None]:
    """What was seen to be done comes before what the rule says: a deleted machine has no metric, but it is not lost."""
    if row["is_in_another_currency"]:
        return "currency_changed", None
    if row["ledger_outcome"] == "excepted":
        return "excepted", row["ledger_why"]
    if rules.lacks(row["as_of"], row):
        return "rule_removed", None
    done = _done(row)
    if done is not None:
        return done
    if row["ledger_outcome"] == "not_evaluable":
        return "metric_lost", row["ledger_why"]
    return _judged_otherwise(row, rules) or _judged_clean(row)


def _done(row: Mapping[str, Any]) -> tuple[str, str | None] | None:
    if row["observed_action"] == "deleted" or row["ledger_why"] == "gone":
        return "resource_deleted", row["observed_detail"] or CLEAN["gone"]
    if row["observed_action"] is not None:
        return "fixed", row["observed_detail"]
    return ("fixed", CLEAN[row["ledger_why"]]) if row["ledger_why"] in PUT_RIGHT else None


def _moved(row: Mapping[str, Any], rules: RuleBook) -> tuple[str, str | None]:
    if row["previous_monthly_savings"] is None:
        return "savings_known", None
    if row["monthly_savings"] is None:
        return "savings_unknown", None
    if row["observed_action"] == "changed":
        return "resized", row["observed_detail"]
    judged = _judged_otherwise(row, rules)
    if judged is not None:
        return judged
    if row["previous_monthly_cost"] != row["monthly_cost"]:
        return "cost_changed", f"costs {row['monthly_cost']} a month, {row['previous_monthly_cost']} before"
    return "use_changed", None


def _judged_otherwise(row: Mapping[str, Any], rules: RuleBook) -> tuple[str, str | None] | None:
    then, now = rules.thresholds(row["previous_night"], row), rules.thresholds(row["as_of"], row)
    if then is None or now is None:
        return None
    if then.parameters != now.parameters:
        names = sorted({*then.parameters, *now.parameters})
        old, new = ({name: each.parameters.get(name, "none") for name in names} for each in (then, now))
        return "threshold_changed", "; ".join(f"{name}: {old[name]} → {new[name]}" for name in names if old[name] != new[name])
    return None if then.definition == now.definition else ("rule_changed", None)


def _judged_clean(row: Mapping[str, Any]) -> tuple[str, str | None]:
    if row["ledger_outcome"] != "clean":
        return "not_in_scope", None
    if row["ledger_why"] == "small":
        return "cost_fell_below", f"{CLEAN['small']}: it costs {row['ledger_cost']} a month, {row['previous_monthly_cost']} before"
    return "judged_clean", CLEAN.get(row["ledger_why"] or "")
