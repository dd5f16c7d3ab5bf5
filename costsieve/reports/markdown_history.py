"""What changed since the last night and what was saved so far, as Markdown lines. The figures are in costsieve.reports.report_history."""

from collections.abc import Sequence
from decimal import Decimal

from costsieve.reports import amounts, wording
from costsieve.reports.evidence import phrase
from costsieve.reports.history_words import change_reason_words, change_words, detail_words, unmeasured_words
from costsieve.reports.limits import CHANGES_SHOWN, REALIZED_SHOWN
from costsieve.reports.markdown_plan import moneys
from costsieve.reports.markdown_text import table, text
from costsieve.reports.report import CurrencyReport
from costsieve.reports.report_history import ChangedFinding, Changes, RealizedFinding

_NAMED = 3


def since_last_night(changes: Changes | None, currency: str) -> list[str]:
    """Return the lines of the first screen about the night before."""
    if changes is None:
        return ["* **Since last night:** this is the first night, so there is nothing to compare with"]
    (spend,) = ["unknown"] if changes.spend_delta is None else _signed(currency, changes.spend_delta)
    (savings,) = _signed(currency, changes.savings_delta)
    head = (
        f"* **Since the night of {amounts.long_day(changes.previous_as_of)}:** {wording.counted(len(changes.new), 'new finding')}, "
        f"{len(changes.fixed)} fixed, 30-day usage {spend}, net savings {savings}"
    )
    lines = [head]
    for title, found in (("New", changes.new), ("Fixed", changes.fixed), ("No longer reported for another reason", changes.lost)):
        lines += [f"    * {title}: {_names(found)}"] if found else []
    return lines


def changed(section: CurrencyReport) -> list[str]:
    """Return the bridge from the last night to this one, and the changes that move most."""
    found, currency = section.changes, section.currency
    if found is None:
        return []
    title = ["### What changed since the last night", ""]
    if not found.found:
        return [*title, f"No finding changed since the night of {amounts.long_day(found.previous_as_of)}.", ""]
    then = [f"Night of {amounts.long_day(found.previous_as_of)}", str(found.then.finding_count), *moneys(currency, found.then.savings)]
    now = [str(found.now.finding_count), *moneys(currency, found.now.savings)]
    steps = [[_step(step.change, step.reason), str(step.finding_count), *_signed(currency, step.difference)] for step in found.steps]
    rows = [then, *steps, ["**This night**", *(f"**{cell}**" for cell in now)]]
    note = "Savings a month of all findings, before overlap is taken out of them."
    bridge = table(("Findings", "Number", "Savings a month"), rows, (1, 2))
    return [*title, note, "", *bridge, *_largest(found.found, currency)]


def saved(section: CurrencyReport) -> list[str]:
    """Return what was predicted and what was saved, rule by rule, and what was done about each finding."""
    found, currency = section.realized, section.currency
    if not found.findings:
        return []
    rows = [
        [
            text(rule.title),
            str(len(rule.findings)),
            str(rule.measured_count),
            *(moneys(currency, rule.predicted, rule.realized) if rule.measured_count else ("not known", "not known")),
            amounts.percent(rule.ratio),
        ]
        for rule in found.rules
    ]
    sums = (str(len(found.findings)), str(found.measured_count), *moneys(currency, found.predicted, found.realized))
    total = ["**Total**", *(f"**{cell}**" for cell in (*sums, amounts.percent(found.ratio)))]
    header = ("Rule", "Acted on", "Measured", "Predicted so far", "Saved so far", "Saved of predicted")
    cut = len(found.findings) - REALIZED_SHOWN
    return [
        "### What was saved so far",
        "",
        *table(header, [*rows, total], (1, 2, 3, 4, 5)),
        *(_realized(each, currency) for each in found.findings[:REALIZED_SHOWN]),
        *([f"* {cut:,} more in realized.csv"] if cut > 0 else []),
        "",
    ]


def _largest(found: Sequence[ChangedFinding], currency: str) -> list[str]:
    rows = [
        [
            text(each.resource_name or each.resource_id),
            text(phrase(each.rule_id)),
            text(_why(each)),
            *(_signed(currency, each.difference) if each.is_priced else ["not known"]),
        ]
        for each in found[:CHANGES_SHOWN]
    ]
    rest = found[CHANGES_SHOWN:]
    if rest:
        difference = sum((each.difference for each in rest), Decimal("0.00"))
        rows.append([f"{len(rest):,} more in changes.csv", "", "", *_signed(currency, difference)])
    return table(("Resource", "Finding", "What happened", "Savings a month"), rows, (3,))


def _why(each: ChangedFinding) -> str:
    what = _step(each.change, each.reason)
    return f"{what} ({detail_words(each.detail, each.reason)})" if each.detail else what


def _step(change: str, reason: str) -> str:
    return f"{change_words(change)}: {change_reason_words(reason)}"


def _realized(each: RealizedFinding, currency: str) -> str:
    name = f"{text(each.resource_name or each.resource_id)}, {text(phrase(each.rule_id))}, {amounts.long_day(each.acted_on)}"
    if each.realized_savings is None:
        return f"* {name}: not known, {unmeasured_words(each.unmeasured_reason or '')}"
    (realized,) = moneys(currency, each.realized_savings)
    return f"* {name}: {realized}. {text(each.counterfactual)}"


def _names(found: Sequence[ChangedFinding]) -> str:
    named = [
        f"{text(each.resource_name or each.resource_id)}, {text(phrase(each.rule_id))} ({change_reason_words(each.reason)})"
        for each in found[:_NAMED]
    ]
    return "; ".join([*named, *([f"and {len(found) - _NAMED:,} more"] if len(found) > _NAMED else [])])


def _signed(currency: str, amount: Decimal) -> list[str]:
    return [amounts.signed_money(amount, currency).replace("$", "\\$")]
