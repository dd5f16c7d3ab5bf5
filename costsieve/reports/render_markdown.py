"""The report as Markdown, for a chat, a ticket or a terminal. The page has the pictures; the figures are the same."""

from collections.abc import Sequence
from decimal import Decimal

from costsieve.reports import amounts, wording
from costsieve.reports.agreement import agreement
from costsieve.reports.evidence import words
from costsieve.reports.limits import RESOURCES_SHOWN
from costsieve.reports.markdown_bills import allocation, reconciliation, restated
from costsieve.reports.markdown_history import changed, saved, since_last_night
from costsieve.reports.markdown_plan import hung_jobs, moneys, plan, recommendations, unpriced
from costsieve.reports.markdown_text import table, text
from costsieve.reports.report import CurrencyReport, Report
from costsieve.reports.report_spend import UnjudgedResource


def render_markdown(report: Report) -> str:
    """Return the document. The same report gives the same bytes."""
    lines = [f"# Cloud costs, {amounts.long_day(report.as_of)}", "", *_notices(report)]
    if not report.currencies:
        lines += ["No bill has been loaded yet, so there is nothing to report.", ""]
    for section in report.currencies:
        lines += _section(section)
    return "\n".join([*lines, *_checks(report), *_methods()]).rstrip("\n") + "\n"


def _section(section: CurrencyReport) -> list[str]:
    return [
        *_first_screen(section),
        *plan(section),
        *hung_jobs(section),
        *unpriced(section),
        *recommendations(section),
        *changed(section),
        *saved(section),
        *_spend(section),
        *allocation(section),
        *restated(section),
        *reconciliation(section),
        *_coverage(section),
        *_exceptions(section),
    ]


def _first_screen(section: CurrencyReport) -> list[str]:
    currency, spend, coverage = section.currency, section.spend, section.coverage
    versus = amounts.change(spend.usage_cost, spend.cost_before)
    share = "" if section.savings_share is None else f" ({amounts.percent(section.savings_share)} of usage, net of overlap)"
    lines = [
        f"## {currency}",
        "",
        text(agreement(section.reconciliation, currency).sentence),
        "",
        f"* **Spent in 30 days:** {amounts.money(spend.net_total, currency)} net, of which usage "
        f"{amounts.money(spend.usage_cost, currency)}" + (f", {versus} on the 30 days before" if versus else ""),
        f"* **Usage this month to date** ({amounts.days_of(spend.month_to_date)}): {amounts.money(spend.month_to_date_cost, currency)}",
        f"* **Can be saved a month:** {amounts.money(section.net_savings, currency)}{share}",
        f"* **Evaluated:** {amounts.percent(coverage.share)} of usage, {amounts.money(coverage.evaluated_cost, currency)}",
        *_unknown_savings(section),
        *since_last_night(section.changes, currency),
        "",
    ]
    if spend.days_charged < spend.window.days:
        lines += [f"The bill has charges on {spend.days_charged} of {spend.window.days} days.", ""]
    return lines


def _unknown_savings(section: CurrencyReport) -> list[str]:
    if not section.unpriced:
        return []
    count, cost = wording.counted(len(section.unpriced), "finding"), amounts.money(section.unpriced_cost, section.currency)
    return [f"* **Savings not known:** {count} on resources that cost {cost} a month"]


def _spend(section: CurrencyReport) -> list[str]:
    currency, spend = section.currency, section.spend
    bridge = [[wording.pool_words(row.pool), *moneys(currency, row.net_cost, row.billed_cost)] for row in spend.bridge]
    total = ["**Total**", *(f"**{amount}**" for amount in moneys(currency, spend.net_total, spend.billed_total))]
    services = [[text(row.service), *moneys(currency, row.cost, row.evaluated_cost)] for row in section.coverage.services]
    return [
        f"### Spend, {amounts.days_of(spend.window)}",
        "",
        *table(("Charges", "Net effective", "As billed"), [*bridge, total], (1, 2)),
        *table(("Service", "Usage", "Evaluated"), services, (1, 2)),
    ]


def _coverage(section: CurrencyReport) -> list[str]:
    currency = section.currency
    rest = [row for row in section.coverage.verdicts if row.verdict != "evaluated"]
    rows = [[text(wording.verdict_words(row.verdict)), f"{row.resource_count:,}", *moneys(currency, row.cost)] for row in rest]
    if not rows and not section.coverage.unjudged:
        return []
    lines = ["### Not evaluated", "", *table(("Reason", "Resources", "Usage"), rows, (1, 2)), *_reasons_by_service(section)]
    unjudged = [[*_resource(row), *moneys(currency, row.monthly_cost)] for row in section.coverage.unjudged[:RESOURCES_SHOWN]]
    rest_of_them = section.coverage.unjudged[RESOURCES_SHOWN:]
    if rest_of_them:
        cost = sum((row.monthly_cost for row in rest_of_them), Decimal("0.00"))
        unjudged.append([f"{len(rest_of_them):,} more in evaluations.csv", "", "", *moneys(currency, cost)])
    return [*lines, *(table(("Resource", "Account", "Reason", "Costs a month"), unjudged, (3,)) if unjudged else [])]


def _reasons_by_service(section: CurrencyReport) -> list[str]:
    rows = [
        [
            text(service.service),
            ", ".join(f"{text(wording.verdict_words(each.verdict))} {moneys(section.currency, each.cost)[0]}" for each in service.rest),
            *moneys(section.currency, sum((each.cost for each in service.rest), Decimal("0.00"))),
            amounts.percent(service.share),
        ]
        for service in section.coverage.services
        if service.rest
    ]
    return table(("Service", "Why", "Not evaluated", "Evaluated share"), rows, (2, 3)) if len(rows) > 1 else []


def _exceptions(section: CurrencyReport) -> list[str]:
    if not section.exceptions:
        return []
    currency = section.currency
    rows = [[*_resource(row), *_cost_and_hidden([row], currency)] for row in section.exceptions[:RESOURCES_SHOWN]]
    for cells, row in zip(rows, section.exceptions, strict=False):
        cells[-1] = cells[-1] if row.hidden_savings is not None else "not known"
    rest = section.exceptions[RESOURCES_SHOWN:]
    if rest:
        rows.append([f"{len(rest):,} more in evaluations.csv", "", "", *_cost_and_hidden(rest, currency)])
    sums = _cost_and_hidden(section.exceptions, currency)
    total = ["**Total**", "", "", *(f"**{amount}**" for amount in sums)]
    header = ("Resource", "Account", "Reason given", "Costs a month", "Hides a month")
    return ["### Exceptions, and what they hide", "", *table(header, [*rows, total], (3, 4))]


def _cost_and_hidden(found: Sequence[UnjudgedResource], currency: str) -> list[str]:
    cost = sum((row.monthly_cost for row in found), Decimal("0.00"))
    return moneys(currency, cost, sum((row.hidden_savings or Decimal("0.00") for row in found), Decimal("0.00")))


def _resource(row: UnjudgedResource) -> list[str]:
    return [text(row.resource_name or row.resource_id), text(row.account_id or row.provider), text(wording.verdict_words(row.reason))]


def _notices(report: Report) -> list[str]:
    """Say before any figure what must be known; nothing where there is nothing to say."""
    lines = []
    for notice in report.notices:
        remedy = f" {text(notice.remedy)}" if notice.remedy else ""
        lines.append(f"* **{notice.topic}: {text(notice.title)}.** {text(notice.detail)}{remedy}")
    return [*lines, ""] if lines else []


def _checks(report: Report) -> list[str]:
    passed = sum(check.is_passed for check in report.checks)
    failed = [
        [text(check.title or words(check.check_name)), text(check.table_name), check.severity, text(check.seen)]
        for check in report.checks
        if not check.is_passed
    ]
    summary = (
        f"{passed} of {wording.counted(len(report.checks), 'check')} passed." if report.checks else "No check was recorded for this night."
    )
    return ["## Data checks", "", summary, "", *(table(("Check", "Table", "Severity", "Observed"), failed) if failed else [])]


def _methods() -> list[str]:
    return ["## Methods", "", *(f"* **{name}:** {meaning}" for name, meaning in wording.METHODS), ""]
