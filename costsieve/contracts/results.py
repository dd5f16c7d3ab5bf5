"""What a night concludes: checks, findings, the ledger, the plan and recommendations. Money here is in whole cents."""

from costsieve.contracts.table import Column, Table
from costsieve.money import CENTS, MONEY

ACTIONS = ("terminate", "schedule", "rightsize", "migrate", "storage", "commitment", "review")
"""In the order of the waterfall: each step is priced on what the former left. What is to be reviewed has no savings and is no step."""

CONFIDENCES = ("high", "medium", "low")
OUTCOMES = ("finding", "clean", "excepted", "not_evaluable")
REASONS = (
    "no_metric",
    "gaps",
    "too_young",
    "no_price",
    "no_permission",
    "not_in_inventory",
    "no_activity_signal",
    "unknown_configuration",
)
"""Why a resource could not be judged. Unknown is never idle."""

CLEAN = {
    "gone": "the inventory lists it no more",
    "stopped": "it does not run",
    "stopped_lately": "it was stopped only some days ago",
    "running": "it runs",
    "ended": "it has ended",
    "busy": "it is used",
    "used": "it is used",
    "bursting": "it spends more CPU credits than it earns",
    "part_time": "it runs part of the time already",
    "in_use_lately": "it was used within the look-back",
    "attached": "something is attached to it, or it is attached to something",
    "just_detached": "it was detached only some days ago",
    "fits": "nothing smaller or cheaper fits",
    "smallest": "there is no smaller one",
    "needed": "what is paid for is needed",
    "small": "the savings are below the minimum",
    "uncharged": "nobody charges anything for it",
    "free": "it costs nothing by itself",
    "free_of_charge": "its kind is free of charge",
    "shared": "other accounts may use it",
    "replica": "it copies another database, and is judged with it",
    "cluster_member": "it belongs to a cluster, and is judged with it",
    "serverless": "it costs by use",
    "not_serving": "it does not serve, or costs nothing while it does not",
    "automated": "its own schedule deletes it",
    "planned": "a backup plan keeps it",
    "managed": "the provider manages it",
    "newest": "it is the newest of its source",
    "orphan": "its source is gone: another rule judges it",
    "source_alive": "its source is still there",
    "recent": "it is not old enough",
    "fresh": "nothing in it is old enough",
    "long_ago": "it happened too long ago",
    "expires": "a rule or a retention ends it",
    "owned": "its tags say whose it is",
    "committed": "it must be paid until its commitment ends",
    "spot": "it runs on spare capacity already",
    "on_spot": "it runs on spare capacity already",
    "once": "it ran only once",
    "seldom": "it happened too seldom",
    "not_failed": "it did not fail",
    "given_up": "nobody tries it any more",
    "within_stop_condition": "its own stop condition still allows it",
    "other": "the rule is not made for it",
    "other_type": "its type is not the one in question",
    "idle": "it is idle: another rule judges it",
    "arm64": "it runs on arm64 already",
    "licensed": "its licence or system has no arm64 counterpart",
    "no_counterpart": "there is no counterpart of its size",
    "no_successor": "there is no newer generation of its size",
    "current": "it is of the current generation",
    "not_cheaper": "what it could move to costs as much",
    "not_restartable": "it does not look like work that can be interrupted",
    "steady": "its load is steady",
    "unattached": "it is attached to nothing: another rule judges it",
    "too_large": "it is larger than what it could move to",
    "nothing_charged": "the bill charges nothing for what is provisioned",
    "covered": "commitments cover most of it",
    "empty": "nothing is in it",
    "scales_in": "it may shrink to nothing by itself",
    "supported": "its version is in standard support",
    "upgraded": "it was upgraded",
}
"""Why a rule found nothing at a resource: each rule's own word for what it saw."""

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

CHECKS = Table(
    "quality",
    "results",
    "Every expectation of every night, with what it saw.",
    "night, table and expectation",
    (
        _AS_OF,
        Column("table_name", "VARCHAR", "Table that was checked", nullable=False),
        Column("check_name", "VARCHAR", "Expectation, as a sentence in snake case", nullable=False),
        Column("severity", "VARCHAR", "critical blocks publication, warning is shown", nullable=False, allowed=("critical", "warning")),
        Column("is_passed", "BOOLEAN", "Whether it held", nullable=False),
        Column("observed", "VARCHAR", "What was seen; where it failed also the first rows, the title and the remedy", nullable=False),
        Column("title", "VARCHAR", "What was expected, in words"),
        Column("remedy", "VARCHAR", "What to do when it does not hold"),
        Column("offending_rows", "BIGINT", "Rows against it; null where they could not be counted", "rows"),
        Column("sample", "VARCHAR", "JSON list: the first offending rows; empty where it held"),
    ),
    key=("as_of", "table_name", "check_name"),
)

RECONCILIATION = Table(
    "quality",
    "reconciliation",
    "Bytes as delivered, charges, daily costs and published costs side by side, to the last decimal.",
    "source, period, account, billing month, currency and charge type",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("provider", "VARCHAR", "Provider; null where nothing of the delivery reached the charges"),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account"),
        Column("sub_account_id", "VARCHAR", "Usage account or project; null where the bill names none"),
        Column("billing_month", "VARCHAR", "Month that the charges are invoiced in, as 2026-09; GCP: invoice.month"),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("charge_type", "VARCHAR", "Line item type (AWS) or cost type (GCP), as delivered", nullable=False),
        Column("delivered_rows", "BIGINT", "In the delivered files", "rows", nullable=False),
        Column("left_out_rows", "BIGINT", "Of these, left out because another source delivers them too", "rows", nullable=False),
        Column("core_rows", "BIGINT", "Behind core.charges", "rows", nullable=False),
        Column("daily_rows", "BIGINT", "Behind core.daily_cost", "rows", nullable=False),
        Column("delivered_cost", MONEY, "In the delivered files", "currency", nullable=False),
        Column("left_out_cost", MONEY, "Of it, left out because another source delivers it too", "currency", nullable=False),
        Column("core_cost", MONEY, "In core.charges, summed when the period was rolled up", "currency", nullable=False),
        Column("daily_cost", MONEY, "In core.daily_cost", "currency", nullable=False),
        Column("published_cost", MONEY, "In core.daily_cost of the published file; null in the work file", "currency"),
        Column(
            "difference",
            MONEY,
            "What daily costs exceed the delivery by, left-out charges apart; where they agree, what core exceeds it by",
            "currency",
            nullable=False,
        ),
    ),
    key=("source", "period", "billing_account_id", "sub_account_id", "billing_month", "currency", "charge_type"),
)

INVOICES = Table(
    "quality",
    "invoices",
    "The invoice totals that the user gave, beside what the bills add up to.",
    "line of the file `invoices`",
    (
        Column("file_line", "INTEGER", "Line of the file, the header is line 1", nullable=False),
        Column("source", "VARCHAR", "Name of the source; null where the line names none"),
        Column("provider", "VARCHAR", "Provider; null where the line names none"),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account", nullable=False),
        Column("billing_month", "VARCHAR", "Month of the invoice, as 2026-09", nullable=False),
        Column("currency", "VARCHAR", "Currency of both amounts", nullable=False),
        Column("invoice_id", "VARCHAR", "Number of the invoice; null where the line is for all invoices of the month"),
        Column("invoice_cost", MONEY, "Total as given", "currency", nullable=False),
        Column("smallest_unit", MONEY, "Smallest amount that the decimals of the total can tell apart", "currency", nullable=False),
        Column("billed_cost", MONEY, "What the bills add up to; null where none is loaded", "currency"),
        Column("difference", MONEY, "billed_cost less invoice_cost; 0 where it is but the rounding of the invoice", "currency"),
    ),
    key=("file_line",),
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

TABLES = (CHECKS, RECONCILIATION, INVOICES, FINDINGS, EVALUATIONS, PLAN, RECOMMENDATIONS, ALLOCATED_COSTS, TAG_COVERAGE)
