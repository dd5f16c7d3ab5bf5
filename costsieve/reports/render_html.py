"""The report as one self-contained HTML page: no script, no network, readable on a phone, on paper, in light and in dark.

Layout lives in templates/; what the figures mean is in costsieve.reports.report.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from costsieve.reports import amounts, charts, history_words, limits, report_allocation, report_reconciliation, wording
from costsieve.reports.agreement import agreement, invoices_compared
from costsieve.reports.evidence import phrase, words
from costsieve.reports.report import CurrencyReport, Report
from costsieve.reports.totals import by_action
from costsieve.reports.visible_text import shortened, visible

_TEMPLATES = Path(__file__).parent / "templates"


def render_html(report: Report) -> str:
    """Return the page. The same report gives the same bytes."""
    return _environment().get_template("report.html.j2").render(report=report)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(_FILTERS)
    environment.globals.update(_GLOBALS, css=Markup(_css()))  # noqa: S704 - our own files
    return environment


def _css() -> str:
    return "".join((_TEMPLATES / name).read_text(encoding="utf-8") for name in ("report.css", "bills.css"))


def _shown(value: object) -> object:
    """Write out what cannot be seen in any text that the page shows, and cut what is too long; markup was made of such text already."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return visible(shortened(value, limits.TEXT_SHOWN))


def _name(text: str) -> str:
    return shortened(text, limits.NAME_SHOWN)


def _brief(text: str) -> str:
    return shortened(text, limits.NOTICE_SHOWN)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _whole(text: str) -> Markup:
    """A command is judged and copied whole, however long it is, and so is the outline of a picture."""
    return escape(visible(text))


def _with_code(text: str) -> Markup:
    """Set what stands between backticks as code, as remedies of checks are written."""
    parts = [escape(visible(part)) for part in shortened(text, limits.TEXT_SHOWN).split("`")]
    return Markup("").join(Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts))


def _money(amount: Decimal, currency: str) -> Markup:
    return _quiet_cents(amounts.money(amount, currency))


def _signed_money(amount: Decimal, currency: str) -> Markup:
    return _quiet_cents(amounts.signed_money(amount, currency))


def _exact_money(amount: Decimal, currency: str) -> Markup:
    return Markup('<span class="amount">{}</span>').format(visible(amounts.exact_money(amount, currency)))


def _quiet_cents(text: str) -> Markup:
    whole, cents = visible(text).rsplit(".", 1)
    return Markup('<span class="amount">{}<span class="cents">.{}</span></span>').format(escape(whole), escape(cents))


def _week_marks(section: CurrencyReport) -> tuple[tuple[float, str], ...]:
    """Where the days' axis is labelled, in percent from the left: every tenth day back from the last one."""
    days = section.spend.days
    return tuple(
        (round((index + 0.5) / len(days) * 100, 3), amounts.short_day(days[index].day))
        for index in range(len(days))
        if (section.spend.window.end - days[index].day - timedelta(days=1)).days % 10 == 0
    )


_FILTERS: dict[str, Callable[..., object]] = {
    "money": _money,
    "signed_money": _signed_money,
    "exact_money": _exact_money,
    "name": _name,
    "brief": _brief,
    "sentence": _sentence,
    "whole": _whole,
    "with_code": _with_code,
    "percent": amounts.percent,
    "byte_size": amounts.byte_size,
    "long_day": amounts.long_day,
    "short_day": amounts.short_day,
    "days_of": amounts.days_of,
    "month": amounts.month_name,
    "pool": wording.pool_words,
    "dimension": wording.dimension_words,
    "dimension_plural": wording.dimension_plural,
    "reason": wording.reason_words,
    "verdict": wording.verdict_words,
    "action": wording.action_words,
    "change": history_words.change_words,
    "change_reason": history_words.change_reason_words,
    "detail": history_words.detail_words,
    "unmeasured": history_words.unmeasured_words,
    "words": words,
    "phrase": phrase,
}
_GLOBALS: dict[str, object] = {
    **{name: limit for name, limit in vars(limits).items() if name.endswith("_SHOWN")},
    "METHODS": wording.METHODS,
    "Newline": Markup("\n"),
    "by_action": by_action,
    "agreement": agreement,
    "invoices_compared": invoices_compared,
    "sum_of_months": report_reconciliation.in_total,
    "sum_of_values": report_allocation.in_total,
    "cut_values": report_allocation.cut,
    "change": amounts.change,
    "counted": wording.counted,
    "axis_money": amounts.axis_money,
    "plain_money": amounts.money,
    "stacked_columns": charts.stacked_columns,
    "week_area": charts.week_area,
    "age_widths": charts.age_widths,
    "week_marks": _week_marks,
}
