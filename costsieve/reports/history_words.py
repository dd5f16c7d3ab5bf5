"""Why a finding came, went or changed, and why savings are not known, in words for the report. The words' order is that of the bridge."""

from costsieve.contracts.history import CHANGE_REASONS, CHANGES
from costsieve.contracts.verdicts import REASONS
from costsieve.reports.evidence import phrase
from costsieve.reports.wording import verdict_words

_CHANGES = {
    "new": "New",
    "back": "Back",
    "grown": "Saves more",
    "shrunk": "Saves less",
    "excepted": "Excepted",
    "gone": "Gone",
}
_REASONS = {
    "new_resource": "the resource is new",
    "rule_added": "the rule is new",
    "exception_ended": "its exception ended",
    "metric_gained": "it can be judged now",
    "criteria_met": "it meets the criteria now",
    "resized": "the resource was changed",
    "savings_known": "its savings are known now",
    "savings_unknown": "its savings are not known any more",
    "cost_changed": "the resource costs another amount",
    "use_changed": "its use or prices changed",
    "fixed": "fixed",
    "resource_deleted": "resource deleted",
    "metric_lost": "it cannot be judged any more",
    "threshold_changed": "thresholds changed",
    "rule_changed": "the rule changed",
    "rule_removed": "the rule was removed",
    "cost_fell_below": "its savings fell below the minimum",
    "not_in_scope": "the rule does not apply any more",
    "judged_clean": "it does not meet the criteria any more",
    "excepted": "hidden by an exception",
    "currency_changed": "charged in another currency",
}
_UNMEASURED = {
    "no_complete_day_yet": "no complete day since",
    "no_cost_before": "no cost before",
    "changed_again_too_soon": "changed again too soon",
    "counted_under_another": "counted under another finding",
}


def change_words(change: str) -> str:
    """Name what became of a finding."""
    return _CHANGES.get(change, phrase(change))


def change_reason_words(reason: str) -> str:
    """Say why, within a sentence."""
    return _REASONS.get(reason, phrase(reason))


def detail_words(detail: str, reason: str) -> str:
    """Say what was seen of a change; where the ledger's code comes first, in words."""
    code, colon, rest = detail.partition(": ")
    told = f"{verdict_words(code)}{colon}{rest}" if code in REASONS else detail
    return f"{told} before" if reason in ("metric_gained", "exception_ended") else told


def unmeasured_words(reason: str) -> str:
    """Say why realized savings are not known."""
    return _UNMEASURED.get(reason, phrase(reason))


def place(change: str, reason: str) -> tuple[int, int]:
    """Return where a step stands in the bridge: what came, what moved, what went; of these what was fixed first."""
    return CHANGES.index(change), CHANGE_REASONS.index(reason)
