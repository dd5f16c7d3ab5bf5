"""Findings from night to night: what changed and why, and what was done. What it saved is in contracts.realized."""

from costsieve.contracts.table import Column, Table
from costsieve.contracts.verdicts import ACTIONS, REASONS
from costsieve.money import CENTS, MONEY

CHANGES = ("new", "back", "grown", "shrunk", "excepted", "gone")
"""What became of a finding since the night before. One that saves what it saved then has no row, because it changes no total."""

APPEARED = ("new_resource", "rule_added", "exception_ended", "metric_gained", "threshold_changed", "rule_changed", "criteria_met")
"""Why a finding is new, or back."""

MOVED = ("resized", "threshold_changed", "rule_changed", "savings_known", "savings_unknown", "cost_changed", "use_changed")
"""Why a finding saves more or less than it did."""

ENDED = (
    "fixed",
    "resource_deleted",
    "metric_lost",
    "threshold_changed",
    "rule_changed",
    "rule_removed",
    "cost_fell_below",
    "not_in_scope",
    "judged_clean",
)
"""Why a finding went: `fixed` only where something was seen to be done; `judged_clean` where nothing was."""

CHANGE_REASONS = tuple(dict.fromkeys((*APPEARED, *MOVED, *ENDED, "excepted", "currency_changed")))

VERDICTS = ("evaluated", "excepted", *REASONS, "unknown", "no_rule", "no_resource")
"""Every way in which spend can be judged or not, in the order in which it is shown."""

AS_OF = Column("as_of", "DATE", "The night", nullable=False)
_PREVIOUS = Column("previous_night", "DATE", "The published night before it", nullable=False)
_KEY = (
    Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
    Column("account_id", "VARCHAR", "Account or project"),
    Column("resource_id", "VARCHAR", "Resource", nullable=False),
)
RESOURCE = (
    Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
    Column("account_id", "VARCHAR", "Account or project"),
    Column("region", "VARCHAR", "Region"),
    Column("service", "VARCHAR", "Service"),
    Column("resource_id", "VARCHAR", "Resource", nullable=False),
    Column("resource_name", "VARCHAR", "Its name"),
    Column("resource_type", "VARCHAR", "Kind of resource"),
)
TAGS = (Column("owner", "VARCHAR", "Owner tag"), Column("team", "VARCHAR", "Team tag"))
FINDING = (
    Column("finding_id", "VARCHAR", "Finding, as in results.findings", nullable=False),
    Column("rule_id", "VARCHAR", "Rule", nullable=False),
)
CURRENCY = Column("currency", "VARCHAR", "Currency; two are never added", nullable=False)

RESOURCE_STATES = Table(
    "results",
    "resource_states",
    "What every resource was like in every night, as far as it tells later what was done to it.",
    "night and resource",
    (
        AS_OF,
        *_KEY,
        Column("resource_type", "VARCHAR", "Kind of resource"),
        Column("is_in_inventory", "BOOLEAN", "Listed by an inventory", nullable=False),
        Column("is_inventoried_type", "BOOLEAN", "Some inventory of this account lists this kind of resource", nullable=False),
        Column(
            "configuration",
            "MAP(VARCHAR, VARCHAR)",
            "State, types, sizes, attachment and those attributes of the inventory that somebody sets; what is unknown is missing",
            nullable=False,
        ),
        Column("last_charged_on", "DATE", "Last day with a charge; null where none is known"),
        Column("bill_end", "DATE", "Day after the last day of its bill; null where none is known"),
    ),
    key=("as_of", "provider", "account_id", "resource_id"),
)

RULE_PARAMETERS = Table(
    "results",
    "rule_parameters",
    "By which thresholds every rule judged in every night: a row for all resources, and one for each that an override applies to.",
    "night, rule and resource",
    (
        AS_OF,
        Column("rule_id", "VARCHAR", "Rule", nullable=False),
        Column("provider", "VARCHAR", "AWS or GCP; null where the row is for all resources"),
        Column("account_id", "VARCHAR", "Account or project"),
        Column("resource_id", "VARCHAR", "Resource; null where the row is for all resources that have none of their own"),
        Column("parameters", "MAP(VARCHAR, VARCHAR)", "Value by name of the parameter", nullable=False),
        Column("definition", "VARCHAR", "Fingerprint of the rule's SQL and action", nullable=False),
    ),
    key=("as_of", "rule_id", "provider", "account_id", "resource_id"),
)

OBSERVED_ACTIONS = Table(
    "results",
    "observed_actions",
    "What was done to resources with findings, as two nights' inventories and bills show it.",
    "night and resource",
    (
        AS_OF,
        _PREVIOUS,
        *_KEY,
        Column(
            "action",
            "VARCHAR",
            "deleted, changed (other state, type, size, attachment or setting) or not_charged (no inventory lists it, no charge any more)",
            nullable=False,
            allowed=("deleted", "changed", "not_charged"),
        ),
        Column("detail", "VARCHAR", "What was seen, as in state: running -> stopped", nullable=False),
    ),
    key=("as_of", "provider", "account_id", "resource_id"),
)

FINDING_CHANGES = Table(
    "results",
    "finding_changes",
    "The bridge from night to night: savings of all findings of the night before plus all differences are those of this night, to the cent,"
    " in each currency. Findings overlap; what is left after overlap is in results.plan.",
    "night, finding and currency",
    (
        AS_OF,
        _PREVIOUS,
        *FINDING,
        *RESOURCE,
        *TAGS,
        Column("action", "VARCHAR", "What the finding proposes, or proposed", nullable=False, allowed=ACTIONS),
        CURRENCY,
        Column(
            "change",
            "VARCHAR",
            "new, back (it was reported before the night before), grown, shrunk, excepted or gone",
            nullable=False,
            allowed=CHANGES,
        ),
        Column("reason", "VARCHAR", "Why", nullable=False, allowed=CHANGE_REASONS),
        Column("detail", "VARCHAR", "What was seen of it: the action, the thresholds, what is missing, the words of the exception"),
        Column("previous_monthly_savings", CENTS, "In the night before; null where there were none, or not known", "currency per month"),
        Column("monthly_savings", CENTS, "In this night; null where there are none, or not known", "currency per month"),
        Column("difference", CENTS, "What it adds to the savings of all findings", "currency per month", nullable=False),
    ),
    key=("as_of", "finding_id", "currency"),
)

FINDING_HISTORY = Table(
    "results",
    "finding_history",
    "Every finding of every published night: when it was first seen, changed last, and went.",
    "finding and currency",
    (
        *FINDING,
        *_KEY,
        CURRENCY,
        Column("first_seen", "DATE", "First night that reported it", nullable=False),
        Column("last_seen", "DATE", "Last night that reported it", nullable=False),
        Column("last_changed", "DATE", "Last night in which it came, went, or saved another amount", nullable=False),
        Column("gone_on", "DATE", "Night that reported it no more; null while it is reported"),
        Column("gone_reason", "VARCHAR", "Why, as in results.finding_changes; null while it is reported"),
        Column("nights_reported", "BIGINT", "Nights that reported it", "nights", nullable=False),
        Column("returns", "BIGINT", "Times that it came back after it had gone", nullable=False),
        Column("monthly_savings", CENTS, "In the last night that reported it; null where not known", "currency per month"),
    ),
    key=("finding_id", "currency"),
)

EVALUATED_SPEND = Table(
    "results",
    "evaluated_spend",
    "How much of the usage of the last 30 days of the bill the rules could judge, by service, and why not the rest. The rows of a night and"
    " currency add up to the usage pool, to the last decimal.",
    "night, service, currency and verdict",
    (
        AS_OF,
        Column("provider", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("service", "VARCHAR", "Service", nullable=False),
        CURRENCY,
        Column(
            "verdict",
            "VARCHAR",
            "evaluated (a rule at least found it wasteful or clean), excepted, no_rule (for its kind), no_resource (a charge without one),"
            " or the reason why no rule could judge it",
            nullable=False,
            allowed=VERDICTS,
        ),
        Column("resource_count", "BIGINT", "Resources behind it", "resources", nullable=False),
        Column("cost", MONEY, "Net effective cost of usage", "currency", nullable=False),
    ),
    key=("as_of", "provider", "service", "currency", "verdict"),
)

TABLES = (EVALUATED_SPEND, RESOURCE_STATES, RULE_PARAMETERS, OBSERVED_ACTIONS, FINDING_CHANGES, FINDING_HISTORY)
