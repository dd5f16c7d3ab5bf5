"""What was saved by what was done about findings. What was done is in contracts.history."""

from costsieve.contracts.history import AS_OF, CURRENCY, FINDING, RESOURCE, TAGS
from costsieve.contracts.table import Column, Table
from costsieve.contracts.verdicts import ACTIONS
from costsieve.money import CENTS, MONEY

UNMEASURED = ("no_complete_day_yet", "no_cost_before", "changed_again_too_soon", "counted_under_another")
"""Why realized savings are not known."""

REALIZED_SAVINGS = Table(
    "results",
    "realized_savings",
    "What was saved so far by what was done about findings: what the resource would have cost less what it did cost, as later bills show.",
    "night, finding, currency and action",
    (
        AS_OF,
        *FINDING,
        *RESOURCE,
        *TAGS,
        Column("action", "VARCHAR", "What the finding proposed", nullable=False, allowed=ACTIONS),
        CURRENCY,
        Column("acted_on", "DATE", "Night that first saw what was done", nullable=False),
        Column("reason", "VARCHAR", "fixed, resource_deleted or resized", nullable=False, allowed=("fixed", "resource_deleted", "resized")),
        Column("detail", "VARCHAR", "What was seen to be done"),
        Column("predicted_monthly_savings", CENTS, "As the last night before it predicted; null where not known", "currency per month"),
        Column("baseline_start", "DATE", "First day of the costs before; null where not measured"),
        Column("baseline_days", "INTEGER", "Complete days of the costs before; null where not measured", "days"),
        Column("baseline_daily_cost", MONEY, "Net effective cost a day on these days, the mean", "currency per day"),
        Column("baseline_daily_list_cost", MONEY, "The same at list price", "currency per day"),
        Column("measured_from", "DATE", "First day measured: that of the last night that reported it", nullable=False),
        Column("measured_until", "DATE", "Day after the last one measured; null where not measured"),
        Column("measured_days", "INTEGER", "Complete days measured; null where not measured", "days"),
        Column("actual_cost", MONEY, "Net effective cost on the days measured", "currency"),
        Column("actual_list_cost", MONEY, "The same at list price", "currency"),
        Column("predicted_savings", CENTS, "Of predicted_monthly_savings, the part for the days measured", "currency"),
        Column("realized_savings", CENTS, "baseline_daily_cost x measured_days - actual_cost; null where not known", "currency"),
        Column("realized_list_savings", CENTS, "The same at list price", "currency"),
        Column("unmeasured_reason", "VARCHAR", "Why it is not known; null where it is", allowed=UNMEASURED),
        Column("counted_under", "VARCHAR", "Finding of the same resource that has the savings, where that is another"),
        Column("counterfactual", "VARCHAR", "What is assumed, in words", nullable=False),
    ),
    key=("as_of", "finding_id", "currency", "acted_on"),
)

TABLES = (REALIZED_SAVINGS,)
