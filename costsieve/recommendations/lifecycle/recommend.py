"""From inventoried buckets to one answer each: set this lifecycle configuration, or leave the bucket alone."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from costsieve.period import DAYS_PER_MONTH
from costsieve.recommendations.lifecycle.bucket_bill import TOLERANCE, BucketBill, agreement, bucket_bills, standard_price
from costsieve.recommendations.lifecycle.cost_model import Model, list_tariff
from costsieve.recommendations.lifecycle.details import Case, assumptions, details
from costsieve.recommendations.lifecycle.prefix_plan import Policy, PrefixPlan, plan_prefix
from costsieve.recommendations.lifecycle.prices import DAYS_PER_YEAR, REGION
from costsieve.recommendations.lifecycle.rules import Rule, command, lifecycle_configuration
from costsieve.recommendations.lifecycle.stored_objects import StoredPrefix, stored_prefixes
from costsieve.recommendations.recommendation import Answer, Recommendation
from costsieve.warehouse import Connection

KIND = "s3_lifecycle"
PRICED_CURRENCY = "USD"

LEAST_MONTHLY_SAVINGS_PER_RULE = 2.0
"""USD; a rule that saves less is not worth reading."""

_MONTH = DAYS_PER_MONTH / DAYS_PER_YEAR
"""Share of a year: savings are stated for as many days as the bill that they are compared with."""

LEAST_DAYS_OBSERVED = 30
"""Read statistics of fewer days say little about a month's reads."""


def recommend(connection: Connection, policy: Policy | None = None) -> list[Answer]:
    """Return one answer per inventoried bucket."""
    prefixes = stored_prefixes(connection)
    if not prefixes:
        return [Answer(KIND, "AWS", None, "no S3 inventory has been loaded")]
    buckets = {name: list(rows) for name, rows in groupby(prefixes, key=lambda stored: stored.bucket)}
    bills = bucket_bills(connection, list(buckets))
    return [_answer(name, rows, bills.get(name, []), policy or Policy()) for name, rows in buckets.items()]


def _answer(bucket: str, prefixes: list[StoredPrefix], bills: Sequence[BucketBill], policy: Policy) -> Answer:
    if any(bill.currency != PRICED_CURRENCY for bill in bills):
        return Answer(KIND, bucket, None, f"S3 prices are known in {PRICED_CURRENCY} only, and the bucket is billed in another currency")
    plans, reasons = _plans(prefixes, policy)
    if not plans:
        named = "; ".join(f"{prefix or '(top of the bucket)'}: {reason}" for prefix, reason in reasons.items())
        return Answer(KIND, bucket, None, f"leave it alone. {named}")
    case = _case(bucket, prefixes, (plans, reasons), bills[0] if bills else None)
    return Answer(KIND, bucket, _recommendation(case, policy), None)


def _plans(prefixes: Sequence[StoredPrefix], policy: Policy) -> tuple[list[PrefixPlan], dict[str, str]]:
    """Return the plans worth a rule, and for every other prefix the reason why it has none."""
    tariff = list_tariff(standard_price(prefixes))
    plans, reasons = [], {}
    for stored in prefixes:
        if not stored.prefix.endswith("/"):
            reasons[stored.prefix] = "objects outside folders cannot have a rule that leaves the folders alone"
        elif stored.rows.is_empty():
            reasons[stored.prefix] = "nothing is stored in Standard"
        elif stored.reads is None:
            reasons[stored.prefix] = "its reads are not known, and a colder class charges for each"
        else:
            plan = plan_prefix(stored, Model(tariff, stored.reads.rates), policy)
            if not plan.schedule or plan.effect.first_year * _MONTH < LEAST_MONTHLY_SAVINGS_PER_RULE:
                reasons[stored.prefix] = f"no rule saves USD {LEAST_MONTHLY_SAVINGS_PER_RULE:.0f} a month after its fees"
            else:
                plans.append(plan)
    return plans, reasons


def _case(bucket: str, prefixes: Sequence[StoredPrefix], planned: tuple[list[PrefixPlan], dict[str, str]], bill: BucketBill | None) -> Case:
    plans, reasons = planned
    ratio = agreement(bill, prefixes) if bill else None
    scale = min(1.0, ratio) if ratio else 1.0
    savings = max(sum(plan.effect.on_stored_objects for plan in plans), 0.0) * _MONTH * scale
    return Case(
        bucket=bucket,
        plans=plans,
        reasons=reasons,
        elsewhere=_elsewhere(plans),
        bill=bill,
        billed_over_priced=ratio,
        scale=scale,
        monthly_savings=min(savings, bill.monthly_cost) if bill else savings,
        configuration=lifecycle_configuration([Rule(plan.stored.prefix, plan.least_bytes, plan.schedule) for plan in plans]),
    )


def _elsewhere(plans: Sequence[PrefixPlan]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for plan in plans:
        for name, amount in plan.stored.bytes_elsewhere.items():
            sums[name] = sums.get(name, 0) + amount
    return sums


def _recommendation(case: Case, policy: Policy) -> Recommendation:
    bill = case.bill
    fees = sum(plan.effect.stock_fees for plan in case.plans) * case.scale
    count = len(case.plans)
    return Recommendation(
        kind=KIND,
        provider="AWS",
        account_id=bill.account_id if bill else None,
        region=bill.region if bill else None,
        resource_id=case.bucket,
        title=f"Set {count} lifecycle {'rule' if count == 1 else 'rules'} on the bucket {case.bucket}",
        currency=PRICED_CURRENCY,
        monthly_savings=Decimal(repr(case.monthly_savings)),
        monthly_savings_before_cleanup=None,
        one_off_cost=Decimal(repr(fees)),
        confidence=_confidence(case),
        assumptions=assumptions(case, policy),
        details=details(case),
        command=command(case.bucket, case.configuration),
    )


def _confidence(case: Case) -> str:
    """Medium at best, as deletions are not known; low when the bill disagrees or is missing, or prices or reads are shaky."""
    agrees = case.billed_over_priced is not None and abs(case.billed_over_priced - 1) <= TOLERANCE
    is_priced_region = case.bill is not None and case.bill.region == REGION
    observed = min(plan.stored.reads.days_observed for plan in case.plans if plan.stored.reads)
    return "medium" if agrees and is_priced_region and observed >= LEAST_DAYS_OBSERVED else "low"
