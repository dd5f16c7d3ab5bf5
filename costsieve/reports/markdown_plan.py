"""What can be saved, as Markdown lines: the plan, the hung jobs, the recommendations. Spend and checks: render_markdown."""

from collections.abc import Sequence
from decimal import Decimal

from costsieve.reports import amounts, wording
from costsieve.reports.evidence import Fact
from costsieve.reports.limits import RESOURCES_SHOWN, STEPS_SHOWN
from costsieve.reports.markdown_text import code, code_block, table, text
from costsieve.reports.report import CurrencyReport
from costsieve.reports.report_savings import HungJob, PlanStep, Recommendation, UnpricedFinding
from costsieve.reports.totals import by_action

_NOBODY = "no owner tag"


def plan(section: CurrencyReport) -> list[str]:
    """Return the steps as a table that adds up, then each of the first ones with its evidence and commands."""
    if not section.plan:
        return ["### The plan, in order", "", "Nothing to save was found.", ""]
    currency = section.currency
    rows = [
        [str(step.step), text(step.title), text(_whose(step)), step.confidence, *moneys(currency, step.gross_savings, step.net_savings)]
        for step in section.plan
    ]
    gross = sum((step.gross_savings for step in section.plan), Decimal("0.00"))
    total = ["", "**Total**", "", "", *(f"**{amount}**" for amount in moneys(currency, gross, section.net_savings))]
    header = ("Step", "What to do", "Owner", "Confidence", "Gross a month", "Net a month")
    steps = [line for step in section.plan[:STEPS_SHOWN] if step.finding_id for line in _step(step)]
    return ["### The plan, in order", "", *table(header, [*rows, total], (0, 4, 5)), *_by_action(section), *steps]


def _by_action(section: CurrencyReport) -> list[str]:
    rows = [
        [
            wording.action_words(total.action),
            str(total.step_count),
            *moneys(section.currency, total.gross_savings, -total.overlap, total.net_savings),
        ]
        for total in by_action(section.plan)
    ]
    return table(("Action", "Steps", "Gross savings", "Overlap", "Net savings"), rows, (1, 2, 3, 4))


def _whose(step: PlanStep) -> str:
    return ", ".join(name for name in (step.owner, step.team) if name) or (_NOBODY if step.finding_id else "")


def _step(step: PlanStep) -> list[str]:
    lines = [f"#### {step.step}. {text(step.title)}", ""]
    if step.confidence_reason:
        lines += [f"{step.confidence.capitalize()} confidence: {text(step.confidence_reason)}", ""]
    advice = [text(step.remedy), ""] if step.remedy else []
    return [*lines, *_facts(step.facts), *advice, *_commands(step), f"Explained by {code(f'costsieve explain {step.finding_id}')}", ""]


def _facts(facts: Sequence[Fact]) -> list[str]:
    return [*(f"* {text(fact.name)}: {text(fact.value)}" for fact in facts), ""] if facts else []


def _commands(item: PlanStep | HungJob | UnpricedFinding | Recommendation) -> list[str]:
    return [line for command in item.commands for line in (f"{text(command.purpose)}:", "", *code_block(command.text), "")]


def hung_jobs(section: CurrencyReport) -> list[str]:
    """Return the jobs that should have ended, with what they have spent."""
    if not section.hung_jobs:
        return []
    rows = [
        [text(job.title), text(job.owner or job.team or _NOBODY), job.confidence, *moneys(section.currency, job.accrued_cost)]
        for job in section.hung_jobs
    ]
    details = [
        line
        for job in section.hung_jobs
        for line in (f"#### {text(job.title)}", "", text(job.confidence_reason), "", *_facts(job.facts), *_commands(job))
    ]
    note = "What they have spent so far; in no monthly figure."
    return ["### Jobs that should have ended", "", note, "", *table(("Job", "Owner", "Confidence", "Accrued"), rows, (3,)), *details]


def unpriced(section: CurrencyReport) -> list[str]:
    """Return the findings of which nobody knows what the action saves, with what their resources cost."""
    if not section.unpriced:
        return []
    shown, rest = section.unpriced[:RESOURCES_SHOWN], section.unpriced[RESOURCES_SHOWN:]
    rows = [[text(each.title), text(each.owner or each.team or _NOBODY), *moneys(section.currency, each.monthly_cost)] for each in shown]
    rows += [[f"{len(rest):,} more in findings.csv", "", ""]] if rest else []
    total = ["**Resources, each counted once**", "", *(f"**{amount}**" for amount in moneys(section.currency, section.unpriced_cost))]
    details = [
        line
        for each in shown
        for line in (f"#### {text(each.title)}", "", text(each.confidence_reason), "", *_facts(each.facts), *_commands(each))
    ]
    note = "What to change is known, what it saves is not. The amounts are what the resources cost a month, in no sum of savings."
    header = ("Finding", "Owner", "Costs a month")
    return ["### Findings whose savings are not known", "", note, "", *table(header, [*rows, total], (2,)), *details]


def recommendations(section: CurrencyReport) -> list[str]:
    """Return commitments and lifecycle schedules with what they assume."""
    lines: list[str] = []
    for item in section.recommendations:
        (saved,) = moneys(section.currency, item.monthly_savings)
        lines += [f"### {text(item.title)}", "", f"{saved} a month after clean-up, {item.confidence} confidence.", "", *_facts(item.facts)]
        moves = [[code(row.prefix), _moves(row.transitions, row.reason)] for row in item.schedule]
        lines += table(("Objects under", "Move to"), moves) if moves else []
        lines += ["Assumes:", "", *(f"* {text(sentence)}" for sentence in item.assumptions), ""] if item.assumptions else []
        lines += _commands(item)
    return lines


def _moves(transitions: Sequence[tuple[int, str]], reason: str | None) -> str:
    moves = ", then ".join(f"{storage_class} after {wording.counted(days, 'day')}" for days, storage_class in transitions)
    return text(moves or f"left alone: {reason}")


def moneys(currency: str, *values: Decimal) -> list[str]:
    """Write amounts; two dollar signs in a line would read as mathematics."""
    return [amounts.money(value, currency).replace("$", "\\$") for value in values]
