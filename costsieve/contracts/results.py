"""What a night concludes: findings, the ledger, the plan, recommendations, allocated costs. Money of findings is in whole cents."""

from costsieve.contracts.table import Column, Table
from costsieve.contracts.verdicts import ACTIONS, CONFIDENCES, OUTCOMES
from costsieve.money import CENTS, MONEY

_AS_OF = Column("as_of", "DATE", "The night", nullable=False)
_RESOURCE = (
    Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
    Column("account_id", "VARCHAR", "Account or project"),
    Column("region", "VARCHAR", "Region"),
    Column("service", "VARCHAR", "Service"),
    Column("resource_id", "VARCHAR", "Resource", nullable=False),
    Column("resource_name", "VARCHAR", "Its name"),
    Column("resource_type", "VARCHAR", "Kind of resource"),
)
_TAGS = (
    Column("owner", "VARCHAR", "Owner tag"),
    Column("team", "VARCHAR", "Team tag"),
    Column("project", "VARCHAR", "Project tag"),
    Column("environment", "VARCHAR", "Environment tag"),
)

FINDINGS = Table(
    "results",
    "findings",
    "Waste, one row per resource and rule, with its evidence and three savings measures.",
    "night and finding",
    (
        _AS_OF,
        Column(
            "finding_id", "VARCHAR", "Stable from night to night: 12 hex digits of provider, account, resource and rule", nullable=False
        ),
        Column("rule_id", "VARCHAR", "Rule", nullable=False),
        Column("first_seen", "DATE", "First night that reported it", nullable=False),
        *_RESOURCE,
        *_TAGS,
        Column("action", "VARCHAR", "What to do", nullable=False, allowed=ACTIONS),
        Column("target", "VARCHAR", "Instance type to move to; null where the action has none"),
        Column("confidence", "VARCHAR", "high, medium or low", nullable=False, allowed=CONFIDENCES),
        Column("confidence_reason", "VARCHAR", "Why", nullable=False),
        Column("monthly_cost", CENTS, "What the resource costs this account a month", "currency", nullable=False),
        Column("monthly_list_savings", CENTS, "At list price; null where savings are not known", "currency per month"),
        Column(
            "monthly_savings",
            CENTS,
            "At the price that this account pays, never above monthly_cost; null where nobody knows what the action saves of it",
            "currency per month",
        ),
        Column(
            "monthly_cash_savings",
            CENTS,
            "What leaves the bill once freed commitments are re-applied hour by hour to other usage; null where savings are not known",
            "currency per month",
        ),
        Column("accrued_cost", CENTS, "Already spent by a job that should have ended; in no monthly total", "currency"),
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("evidence", "VARCHAR", "JSON: metric statistics, coverage, thresholds, price and its source", nullable=False),
        Column("remedy", "VARCHAR", "JSON: commands, Terraform hint, Cloud Custodian policy; text to judge, never executed"),
    ),
    key=("as_of", "finding_id"),
)

EVALUATIONS = Table(
    "results",
    "evaluations",
    "The ledger: how every resource fared under every rule that applies to it, with the dollars behind it.",
    "night, rule and resource",
    (
        _AS_OF,
        Column("rule_id", "VARCHAR", "Rule", nullable=False),
        *_RESOURCE,
        Column("currency", "VARCHAR", "Currency; null where nothing is charged"),
        Column("monthly_cost", CENTS, "What the resource costs a month", "currency per month", nullable=False),
        Column("outcome", "VARCHAR", "finding, clean, excepted or not_evaluable", nullable=False, allowed=OUTCOMES),
        Column("reason", "VARCHAR", "Why it was not evaluable, or why it is clean; the exception's reason where excepted"),
        Column("reason_detail", "VARCHAR", "What could not be collected, and what the provider said, where the reason is no_permission"),
        Column("excepted_savings", CENTS, "Monthly savings that an exception hides; null elsewhere", "currency per month"),
    ),
)

PLAN = Table(
    "results",
    "plan",
    "The savings waterfall: one exclusive sequence of actions whose net savings add up and never exceed the bill.",
    "night and step",
    (
        _AS_OF,
        Column("step", "INTEGER", "Order in which to act", nullable=False),
        Column("action", "VARCHAR", "terminate, schedule, rightsize, migrate, storage, commitment", nullable=False, allowed=ACTIONS),
        Column("finding_id", "VARCHAR", "Finding, or null for a recommendation"),
        Column("recommendation_id", "VARCHAR", "Recommendation, or null for a finding"),
        Column("title", "VARCHAR", "What to do, in words", nullable=False),
        *_RESOURCE[:4],
        Column("resource_id", "VARCHAR", "Resource; null for commitments"),
        *_TAGS,
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("gross_savings", CENTS, "Savings on its own", "currency per month", nullable=False),
        Column("overlap", CENTS, "The part that former steps already save", "currency per month", nullable=False),
        Column("net_savings", CENTS, "gross_savings - overlap", "currency per month", nullable=False),
        Column("confidence", "VARCHAR", "high, medium or low", nullable=False, allowed=CONFIDENCES),
    ),
    key=("as_of", "step"),
)

RECOMMENDATIONS = Table(
    "results",
    "recommendations",
    "Commitments to buy and storage lifecycle rules to set, each with its assumptions.",
    "night and recommendation",
    (
        _AS_OF,
        Column("recommendation_id", "VARCHAR", "Stable from night to night", nullable=False),
        Column("kind", "VARCHAR", "compute_savings_plan, flexible_cud or s3_lifecycle", nullable=False),
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Payer, billing account or the bucket's account"),
        Column("region", "VARCHAR", "Region; null where the commitment has none"),
        Column("resource_id", "VARCHAR", "Bucket; null for commitments"),
        Column("title", "VARCHAR", "What to do, in words", nullable=False),
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("monthly_savings", CENTS, "Expected, on the usage that clean-up leaves", "currency per month", nullable=False),
        Column("monthly_savings_before_cleanup", CENTS, "If bought before the findings are acted on", "currency per month"),
        Column("one_off_cost", CENTS, "Upfront payment or transition fees", "currency", nullable=False),
        Column("confidence", "VARCHAR", "high, medium or low", nullable=False, allowed=CONFIDENCES),
        Column("assumptions", "VARCHAR", "JSON list of sentences", nullable=False),
        Column("details", "VARCHAR", "JSON: commitment, break-even, coverage, schedule, comparison", nullable=False),
        Column("command", "VARCHAR", "Command or JSON document that does it", nullable=False),
    ),
    key=("as_of", "recommendation_id"),
)

DIMENSIONS = ("team", "project", "environment", "owner", "cost_center")

ALLOCATED_COSTS = Table(
    "results",
    "allocated_costs",
    "Whose cost everything is: each dimension's values with what they own and their share of every pool. The rows of one dimension, period"
    " and currency add up to the net effective cost of all bills, to the last decimal.",
    "night, period, dimension, value, currency, share and pool",
    (
        _AS_OF,
        Column(
            "period",
            "VARCHAR",
            "last_30_days: complete days of each bill; billing_month: the last complete one, by the month of the invoice",
            nullable=False,
            allowed=("last_30_days", "billing_month"),
        ),
        Column("window_start", "DATE", "First day of the period", nullable=False),
        Column("window_end", "DATE", "Day after its last", nullable=False),
        Column("dimension", "VARCHAR", "Allocation dimension", nullable=False, allowed=DIMENSIONS),
        Column("value", "VARCHAR", "Value as delivered or as mapped; null = untagged, or nobody's where share is `not split`"),
        Column("currency", "VARCHAR", "Currency; two are never added", nullable=False),
        Column(
            "share",
            "VARCHAR",
            "direct (the value's own charges), shared (its part of a pool) or not split (a pool that no key of the configuration splits)",
            nullable=False,
            allowed=("direct", "shared", "not split"),
        ),
        Column("pool", "VARCHAR", "Pool of core.charges, or the name of the shared cost", nullable=False),
        Column("cost", MONEY, "Net effective cost", "currency", nullable=False),
    ),
    key=("as_of", "period", "dimension", "value", "currency", "share", "pool"),
)

TAG_COVERAGE = Table(
    "results",
    "tag_coverage",
    "Usage cost of the last 30 complete days by account and service, and the part of it without a value, for each dimension.",
    "night, dimension, account, service and currency",
    (
        _AS_OF,
        Column("dimension", "VARCHAR", "Allocation dimension", nullable=False, allowed=DIMENSIONS),
        Column("provider", "VARCHAR", "AWS, GCP, or the provider's own name in its FOCUS files", nullable=False),
        Column("account_id", "VARCHAR", "Account or project"),
        Column("account_name", "VARCHAR", "Its name"),
        Column("service", "VARCHAR", "Service", nullable=False),
        Column("currency", "VARCHAR", "Currency; two are never added", nullable=False),
        Column("usage_cost", MONEY, "Net effective cost of usage", "currency", nullable=False),
        Column("untagged_cost", MONEY, "The part of it that neither a tag nor the account gives a value", "currency", nullable=False),
    ),
    key=("as_of", "dimension", "provider", "account_id", "service", "currency"),
)

TABLES = (FINDINGS, EVALUATIONS, PLAN, RECOMMENDATIONS, ALLOCATED_COSTS, TAG_COVERAGE)
