"""From a product to one answer per bill: buy this much, or the reason why not. The products themselves are defined elsewhere."""

from datetime import date, datetime
from decimal import Decimal

import polars as pl

from costsieve.recommendations.commitments.details import Case, assumptions, details
from costsieve.recommendations.commitments.look_back import LEAST_DAYS, MOST_WEEKS, BillSpan, LookBack, is_hourly, look_back
from costsieve.recommendations.commitments.product import Product, eligible_usage
from costsieve.recommendations.commitments.rates import FROM_BILL
from costsieve.recommendations.commitments.sizing import at_commitment, last_weeks, size
from costsieve.recommendations.recommendation import Answer, Recommendation
from costsieve.sql_files import model_sql
from costsieve.warehouse import Connection, query

LEAST_MONTHLY_SAVINGS = 10.0
"""Dollars (or other units of the currency) a month; a year's obligation is not worth less."""

_RECENT_WEEKS = 4
_DECLINE = 0.9


def recommend(connection: Connection, product: Product, as_of: date, accepted: pl.DataFrame) -> list[Answer]:
    """Return one answer per bill of the product's provider.

    ``accepted`` has provider, account_id, resource_id, currency and remaining_cost_share: what the plan ends or shrinks.
    """
    midnight = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 - the warehouse's timestamps are UTC and carry no zone
    parameters = {"provider": product.provider, "as_of": midnight}
    spans = [BillSpan(*row) for row in query(connection, model_sql("recommendations/bill_span"), parameters).iter_rows()]
    if not spans:
        return [Answer(product.kind, product.provider, None, f"no bill has hourly compute usage of {product.provider}")]
    return [_answer(connection, product, span, as_of, accepted) for span in spans]


def _answer(connection: Connection, product: Product, span: BillSpan, as_of: date, accepted: pl.DataFrame) -> Answer:
    scope = f"{span.account_id} {span.currency}"
    window = look_back(span, as_of)
    if window is None:
        return Answer(product.kind, scope, None, f"the bill has less than {LEAST_DAYS} complete days of hourly usage")
    if not is_hourly(span):
        return Answer(
            product.kind, scope, None, "the bill states usage by the day: a commitment is sized on hours, so export hourly line items"
        )
    case = _case(connection, product, span, window, accepted)
    reason = _reason_against(case)
    return Answer(product.kind, scope, None if reason else _recommendation(case), reason)


def _case(connection: Connection, product: Product, span: BillSpan, window: LookBack, accepted: pl.DataFrame) -> Case:
    usage = eligible_usage(connection, product, span, window, accepted)
    after = size(usage.after)
    recent = at_commitment(last_weeks(usage.after, _RECENT_WEEKS), after.commitment)
    return Case(product, span, window, usage, size(usage.before), after, recent.monthly_savings)


def _reason_against(case: Case) -> str | None:
    if not case.usage.rates:
        named = sorted({family for family, _ in (*case.usage.left_out, *case.usage.excluded)})
        return "no on-demand usage that it could cover" + (f"; left out: {', '.join(named)}" if named else "")
    if case.after.monthly_savings * case.usage.net_share < LEAST_MONTHLY_SAVINGS:
        return f"after clean-up it would save less than {case.span.currency} {LEAST_MONTHLY_SAVINGS:.0f} a month"
    if case.recent_monthly_savings <= 0:
        return f"usage has shrunk: in the last {_RECENT_WEEKS} weeks it would have cost more than it saved"
    return None


def _recommendation(case: Case) -> Recommendation:
    product, span, commitment = case.product, case.span, case.after.commitment
    net = case.usage.net_share
    return Recommendation(
        kind=product.kind,
        provider=product.provider,
        account_id=span.account_id,
        title=f"Buy a {product.name} of {span.currency} {commitment:.3f} an hour for one year, {product.payment.lower()}",
        currency=span.currency,
        monthly_savings=Decimal(repr(case.after.monthly_savings * net)),
        monthly_savings_before_cleanup=Decimal(repr(case.before.monthly_savings * net)),
        one_off_cost=Decimal(0),
        confidence=_confidence(case),
        assumptions=assumptions(case),
        details=details(case),
        command=product.command(span, commitment),
    )


def _confidence(case: Case) -> str:
    """Low on a short history or shrinking usage, medium on rates from a table, high on eight steady weeks at the bill's own rates."""
    recent = last_weeks(case.usage.after, _RECENT_WEEKS).hourly_total.mean()
    if case.window.days < 7 * MOST_WEEKS or recent < _DECLINE * case.usage.after.hourly_total.mean():
        return "low"
    return "high" if all(rate.source == FROM_BILL for rate in case.usage.rates.values()) else "medium"
