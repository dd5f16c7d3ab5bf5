"""The fixed words of the report: pools, dimensions, verdicts, actions, reasons. No amounts and no markup here."""

from costsieve.core.restatement import REASONS
from costsieve.reports.evidence import phrase, words

_POOLS = {
    "usage": "Usage",
    "unused_commitment": "Unused commitments",
    "commitment_purchase": "Commitment purchases",
    "commitment_negation": "Usage repaid by commitments",
    "fee": "Fees",
    "support": "Support",
    "credit": "Credits",
    "discount": "Discounts",
    "refund": "Refunds",
    "tax": "Tax",
    "adjustment": "Adjustments",
    "unclassified": "Not classified",
    "idle_cluster": "Idle clusters",
    "other_shared_costs": "Other shared costs",
}
_DIMENSIONS = {
    "team": ("Team", "teams"),
    "project": ("Project", "projects"),
    "environment": ("Environment", "environments"),
    "owner": ("Owner", "owners"),
    "cost_center": ("Cost centre", "cost centres"),
}
_VERDICTS = {
    "evaluated": "evaluated",
    "excepted": "hidden by an exception",
    "no_metric": "no metric",
    "gaps": "gaps in the metric",
    "too_young": "too young",
    "no_price": "no price in the bill",
    "no_permission": "permission missing",
    "not_in_inventory": "not in the inventory",
    "no_activity_signal": "no sign of activity or idleness",
    "unknown_configuration": "a setting is not known",
    "unknown": "reason unknown",
    "no_rule": "no rule for this kind",
    "no_resource": "charge without a resource",
}
_ACTIONS = {
    "terminate": "Stop or delete",
    "schedule": "Run on a schedule",
    "rightsize": "Right-size",
    "migrate": "Migrate",
    "storage": "Move storage",
    "commitment": "Commit",
    "review": "Review",
}

METHODS = (
    (
        "Month",
        (
            "The last 30 complete days of the bill before the night, exactly as the bill has them: nothing is scaled, so every monthly "
            "figure can be compared with billed rows."
        ),
    ),
    (
        "Spend",
        (
            "Usage at its net effective cost: commitments are spread over the usage they cover and negotiated discounts are taken off, "
            "so it is what this account really pays. Credits, tax, support and unused commitments stand apart. Google Cloud does not say "
            "which usage a resource-based commitment paid for: its fee stands apart as a commitment purchase, and the usage that it covers "
            "costs nothing here and saves nothing."
        ),
    ),
    (
        "Shared costs",
        (
            "Unused commitments and commitment purchases are split by the cost of usage under commitments, support and tax by cost, unless "
            "costsieve.yaml says otherwise, and within each payer only. What no key splits stays visible as not split."
        ),
    ),
    (
        "Invoice, amortised, net amortised",
        (
            "Invoice is what is due for a billing month (AWS: unblended cost of all line items; Google Cloud: by invoice month). Amortised "
            "spreads commitments over what they cover; net amortised takes negotiated discounts off as well. A usage month holds what was "
            "used in it, whichever invoice it is on."
        ),
    ),
    ("List savings", "What an action saves at the provider's list price. Shown for comparison with other tools only."),
    ("Savings", "What it saves at the price this account really pays. No resource saves more than it costs."),
    (
        "Cash savings",
        (
            "What leaves the invoice once a commitment that the action frees has been re-applied to other usage, hour by hour, with all "
            "findings taken together; zero where nothing else can use it, as with a commitment that lies partly unused already."
        ),
    ),
    (
        "Gross, overlap, net",
        (
            "Gross is an action on its own. Overlap is the part that earlier steps already save. Net is gross less overlap: "
            "the only figure that may be added up."
        ),
    ),
    (
        "Evaluated",
        (
            "Spend on resources that at least one rule could judge; rules about tags and traffic do not count. Where metrics, prices or "
            "permissions are missing the verdict is unknown, never idle."
        ),
    ),
    (
        "Savings not known",
        (
            "Findings that say what to change, but not what it saves: nobody knows what will be deleted, moved or avoided. They are shown "
            "with what their resources cost, and are in no sum."
        ),
    ),
    (
        "Saved so far",
        (
            "What was done about findings, measured in later bills: the mean cost of a day in the 14 complete days before, times the "
            "complete days since, less what the resource cost on these days. Each day of a resource counts once. It assumes that use and "
            "prices would have stayed as they were; a commitment that was freed counts as saved, whether or not other usage took it over."
        ),
    ),
    ("Accrued cost", "What a job that should have ended has spent so far. It is no monthly figure and is in no monthly total."),
    ("Commands", "Proposals. Costsieve never runs them and needs no permission to."),
)
"""Definitions that a reader needs to trust the figures."""


def pool_words(pool: str) -> str:
    """Name a pool of charges."""
    return _POOLS.get(pool, words(pool))


def dimension_words(dimension: str) -> str:
    """Name an allocation dimension."""
    return _DIMENSIONS[dimension][0]


def dimension_plural(dimension: str) -> str:
    """Name the values of an allocation dimension."""
    return _DIMENSIONS[dimension][1]


def reason_words(reason: str) -> str:
    """Say why past days changed, within a sentence."""
    return REASONS.get(reason, phrase(reason))


def verdict_words(verdict: str) -> str:
    """Name a verdict or a reason; the words of an exception pass through."""
    return _VERDICTS.get(verdict, verdict)


def action_words(action: str) -> str:
    """Name an action of the waterfall."""
    return _ACTIONS.get(action, words(action))


def counted(count: int, noun: str) -> str:
    """Write a count with its noun: ``1 check``, ``3 checks``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
