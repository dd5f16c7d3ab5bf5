"""The figures and assumptions of one bucket's lifecycle recommendation, as JSON values and sentences. Nothing is decided here."""

from dataclasses import dataclass
from typing import Any

from costsieve.recommendations.lifecycle.bucket_bill import TOLERANCE, BucketBill
from costsieve.recommendations.lifecycle.prefix_plan import Effect, Policy, PrefixPlan
from costsieve.recommendations.lifecycle.prices import BYTES_PER_GB, DAYS_PER_YEAR, READ_ON, REGION
from costsieve.recommendations.lifecycle.stored_objects import RECENT_DAYS


@dataclass(frozen=True)
class Case:
    """One bucket: the plans worth a rule, why other prefixes have none, its bill, and the configuration that results.

    ``scale`` lowers list-price figures to what the bill shows. ``monthly_savings`` is what 30 days of the next year cost less on average
    for the objects stored today, fees included: new objects are in no bill yet. It is scaled, and never above the bucket's bill.
    """

    bucket: str
    plans: list[PrefixPlan]
    reasons: dict[str, str]
    elsewhere: dict[str, int]
    bill: BucketBill | None
    billed_over_priced: float | None
    scale: float
    monthly_savings: float
    configuration: dict[str, Any]


def details(case: Case) -> dict[str, Any]:
    """Return the details of the recommendation; money in USD over the next 365 days unless named otherwise."""
    effects = [plan.effect for plan in case.plans]
    fees = sum(effect.stock_fees for effect in effects) * case.scale
    stock = sum(effect.stock_savings for effect in effects) * case.scale
    return {
        "yearly_stock_savings_before_fees": round(stock, 2),
        "one_off_transition_fees_of_stock": round(fees, 2),
        "payback_days": round(fees / stock * DAYS_PER_YEAR, 1) if stock > 0 else None,
        "yearly_flow_savings": round(sum(effect.flow_savings for effect in effects) * case.scale, 2),
        "first_year_flow_savings": round(sum(effect.flow_savings_first_year for effect in effects) * case.scale, 2),
        "first_year_savings": round(sum(effect.first_year for effect in effects) * case.scale, 2),
        "comparison": {
            "no_rule": 0.0,
            "this": round(sum(effect.first_year for effect in effects) * case.scale, 2),
            "fixed_30_90_365_ladder": round(sum(plan.ladder.first_year for plan in case.plans) * case.scale, 2),
        },
        "prefixes": [_prefix(plan) for plan in case.plans],
        "prefixes_left_alone": [{"prefix": prefix, "reason": reason} for prefix, reason in case.reasons.items()],
        "bill": None if case.bill is None else _bill(case, case.bill),
        "configuration": case.configuration,
    }


def _prefix(plan: PrefixPlan) -> dict[str, Any]:
    rows = plan.stored.rows
    return {
        "prefix": plan.stored.prefix,
        "least_object_bytes": plan.least_bytes,
        "transitions": [{"days": step.days, "storage_class": step.storage_class} for step in plan.schedule],
        "objects_in_standard": int(rows["object_count"].sum()),
        "gb_in_standard": round(float(rows["byte_count"].sum()) / BYTES_PER_GB, 2),
        "at_list_prices": {"this": _effect(plan.effect), "fixed_30_90_365_ladder": _effect(plan.ladder)},
    }


def _effect(effect: Effect) -> dict[str, float]:
    return {
        "stock_savings_before_fees": round(effect.stock_savings, 2),
        "stock_fees": round(effect.stock_fees, 2),
        "flow_savings": round(effect.flow_savings, 2),
        "first_year_savings": round(effect.first_year, 2),
    }


def _bill(case: Case, bill: BucketBill) -> dict[str, Any]:
    return {
        "monthly_cost": round(bill.monthly_cost, 2),
        "monthly_storage_cost": round(bill.monthly_storage_cost, 2),
        "billed_share_of_priced_storage": None if case.billed_over_priced is None else round(case.billed_over_priced, 4),
    }


_COMMON = (
    f"Prices are list prices of {REGION}, read on {READ_ON}; storage at the price of the bucket's last byte.",
    "No object is deleted or overwritten within the year: deletions are not known, and an early one pays the class's minimum duration.",
    (
        "The monthly savings are those of the objects stored today, in 30 days of the next 365 on average, fees included; savings on new"
        " objects come on top and are shown apart."
    ),
    f"New objects arrive as in the last {RECENT_DAYS} days, with the sizes of those.",
    "Each age of the inventory counts as its younger edge, and reads continue as observed at each age.",
    "The command replaces the bucket's whole lifecycle configuration: add its present rules (get-bucket-lifecycle-configuration) first.",
    "Intelligent-Tiering is not among the classes compared.",
    "Multipart uploads that are never completed are ended after 7 days; no saving is counted for that.",
    "Only current objects in Standard are counted; the rules act on all objects under their prefixes.",
)


def assumptions(case: Case, policy: Policy) -> tuple[str, ...]:
    """Return what the recommendation takes for granted, as sentences for the owner of the bucket."""
    sentences = [*_COMMON, _archive_sentence(case, policy), *_bill_sentences(case), *_read_sentences(case)]
    if case.elsewhere:
        named = ", ".join(f"{amount / BYTES_PER_GB:,.1f} GB in {name}" for name, amount in sorted(case.elsewhere.items()))
        sentences.append(f"Already in other classes under these prefixes, and not counted: {named}.")
    return tuple(sentences)


def _archive_sentence(case: Case, policy: Policy) -> str:
    archived = sorted(plan.stored.prefix for plan in case.plans if plan.stored.prefix in policy.archive_prefixes)
    if archived:
        return f"Archive classes, which need a restore of hours before a read, are allowed under {', '.join(archived)} only."
    return "Archive classes are not used: reading from them needs a restore of hours, and nobody has allowed that."


def _bill_sentences(case: Case) -> list[str]:
    if case.bill is None:
        return ["The bill has no cost for this bucket, so the figures could not be compared with it."]
    sentences = []
    if case.billed_over_priced is None:
        sentences.append("The bill has no storage cost for this bucket, so the priced inventory could not be compared with it.")
    elif abs(case.billed_over_priced - 1) > TOLERANCE:
        sentences.append(
            f"The billed storage is {case.billed_over_priced:.0%} of the inventory at list prices: more than {TOLERANCE:.0%} apart."
        )
    if case.scale < 1:
        sentences.append(f"Savings and fees are scaled to {case.scale:.1%}, what the bill charges of the list price.")
    if case.monthly_savings >= case.bill.monthly_cost:
        sentences.append("Savings are capped at what the bucket costs today.")
    if case.bill.region != REGION:
        sentences.append(f"The bucket is in {case.bill.region or 'an unknown region'}, whose prices differ from those of {REGION}.")
    return sentences


def _read_sentences(case: Case) -> list[str]:
    sentences = []
    for plan in case.plans:
        if plan.stored.reads is None:
            continue
        sentences.append(f"Reads under {plan.stored.prefix} were observed for {plan.stored.reads.days_observed} days.")
        if plan.stored.reads.assumed_ages:
            ages = ", ".join(map(str, plan.stored.reads.assumed_ages))
            sentences.append(
                f"No reads statistics of {plan.stored.prefix} from day {ages}: taken to be read as often as the next younger age."
            )
    return sentences
