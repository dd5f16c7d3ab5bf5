"""Tables about the night itself: what was loaded, and which nights ran. No costs of interest to a report live here."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY

LOADS = Table(
    "meta",
    "loads",
    "Every version of every unit of loading; `is_current` marks the one that the tables are made of.",
    "source, period and version",
    (
        Column("source", "VARCHAR", "Name of the source in costsieve.yaml", nullable=False),
        Column("source_type", "VARCHAR", "aws_cur, gcp_billing, utilization, inventory, s3_inventory, s3_reads", nullable=False),
        Column("period", "VARCHAR", "Billing month (2026-09), partition day or snapshot day (2026-09-30)", nullable=False),
        Column("version", "VARCHAR", "Version token of the delivery: execution id, ETags or max(export_time)", nullable=False),
        Column("files", "VARCHAR[]", "Parquet files in the lake, relative to the home folder", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
        Column("byte_count", "BIGINT", "Size in the lake", "bytes", nullable=False),
        Column("loaded_at", "TIMESTAMP", "When the version was landed, UTC", nullable=False),
        Column("is_current", "BOOLEAN", "Whether the tables are made of this version", nullable=False),
    ),
    key=("source", "period", "version"),
)

LOAD_TOTALS = Table(
    "meta",
    "load_totals",
    "Control totals of each bill, summed over the delivered files when they were landed.",
    "source, period, version, account, invoice, currency and charge type",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version of the load", nullable=False),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account"),
        Column("sub_account_id", "VARCHAR", "Usage account or project; null where the bill names none"),
        Column("billing_month", "VARCHAR", "Month that the rows are invoiced in, as 2026-09; GCP: invoice.month"),
        Column("invoice_id", "VARCHAR", "Invoice that the rows are on; null until they are final, and where the bill names none"),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("charge_type", "VARCHAR", "Line item type (AWS) or cost type (GCP), as delivered", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
        Column("billed_cost", MONEY, "Unblended cost (AWS), cost plus credits (GCP)", "currency", nullable=False),
        Column("first_usage_on", "DATE", "Earliest UTC day on which usage of these rows began"),
        Column("last_usage_on", "DATE", "Latest UTC day on which usage of these rows began"),
    ),
    key=(
        "source",
        "period",
        "version",
        "billing_account_id",
        "sub_account_id",
        "billing_month",
        "invoice_id",
        "currency",
        "charge_type",
    ),
)

CHARGE_TOTALS = Table(
    "meta",
    "charge_totals",
    "Totals of core.charges for every period that is rolled up, summed when it was: the counterpart of meta.load_totals.",
    "source, period, account, billing month, currency and charge type",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("provider", "VARCHAR", "Provider of the charges", nullable=False),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account"),
        Column("sub_account_id", "VARCHAR", "Usage account or project; null where the bill names none"),
        Column("billing_month", "VARCHAR", "Month that the charges are invoiced in, as 2026-09"),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("charge_type", "VARCHAR", "x_charge_type", nullable=False),
        Column("row_count", "BIGINT", "Delivered rows behind the charges", "rows", nullable=False),
        Column("billed_cost", MONEY, "Sum of BilledCost", "currency", nullable=False),
    ),
    key=("source", "period", "provider", "billing_account_id", "sub_account_id", "billing_month", "currency", "charge_type"),
)

DUPLICATE_CHARGES = Table(
    "meta",
    "duplicate_charges",
    "Charges that another source delivers too, as a payer's and a member's export of one account do. They are left out of the raw views.",
    "source, period, account, billing month and currency",
    (
        Column("source", "VARCHAR", "Source whose rows are left out", nullable=False),
        Column("period", "VARCHAR", "Period of its load", nullable=False),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account"),
        Column("sub_account_id", "VARCHAR", "Usage account or project; null where the bill names none"),
        Column("billing_month", "VARCHAR", "Month that the rows are invoiced in, as 2026-09", nullable=False),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("kept_source", "VARCHAR", "Source whose rows of this account and month are used instead", nullable=False),
        Column("row_count", "BIGINT", "Rows left out", "rows", nullable=False),
        Column("billed_cost", MONEY, "Cost left out", "currency", nullable=False),
    ),
    key=("source", "period", "billing_account_id", "sub_account_id", "billing_month", "currency"),
)

INVOICES = Table(
    "meta",
    "invoices",
    "The invoice totals that the user gave in the file `invoices` of costsieve.yaml, as they were given.",
    "line of the file",
    (
        Column("file_line", "INTEGER", "Line of the file, the header is line 1", nullable=False),
        Column("source", "VARCHAR", "Name of the source; null where the line names none"),
        Column("provider", "VARCHAR", "Provider; null where the line names none"),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account", nullable=False),
        Column("billing_month", "VARCHAR", "Month of the invoice, as 2026-09", nullable=False),
        Column("currency", "VARCHAR", "Currency of the amount", nullable=False),
        Column("invoice_id", "VARCHAR", "Number of the invoice; null where the line is for all invoices of the month"),
        Column("amount", MONEY, "Total of the invoice", "currency", nullable=False),
        Column("smallest_unit", MONEY, "Smallest amount that its decimals can tell apart: 0.01 for 12.50", "currency", nullable=False),
    ),
    key=("file_line",),
)

ROLL_UPS = Table(
    "meta",
    "roll_ups",
    "Which version of each bill period the roll-ups are made of: a night re-rolls only what differs.",
    "source and period",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version that was rolled up", nullable=False),
        Column(
            "definition", "VARCHAR", "Fingerprint of the SQL models, allocation settings and left-out accounts that made it", nullable=False
        ),
    ),
    key=("source", "period"),
)

NIGHTS = Table(
    "meta",
    "nights",
    "Every night that published.",
    "night",
    (
        Column("as_of", "DATE", "The night; everything it knows lies before this day", nullable=False),
        Column("published_at", "TIMESTAMP", "When its results became readable, UTC", nullable=False),
        Column("costsieve_version", "VARCHAR", "Version of the software", nullable=False),
        Column("loads_changed", "BIGINT", "Units of loading that were new or restated", "loads", nullable=False),
        Column("checks_passed", "BIGINT", "Quality checks that passed", "checks", nullable=False),
        Column("checks_warned", "BIGINT", "Quality checks that warned", "checks", nullable=False),
    ),
    key=("as_of",),
)

SOURCE_READS = Table(
    "meta",
    "source_reads",
    "How the reading of every configured source ended, night by night. What it delivered is in meta.loads.",
    "night and source",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column("source", "VARCHAR", "Name of the source in costsieve.yaml", nullable=False),
        Column(
            "source_type", "VARCHAR", "Folder of its files in the lake; the kind of source where it could not be reached", nullable=False
        ),
        Column(
            "outcome",
            "VARCHAR",
            "read, failed (the night went on with what was landed before) or quarantined (all or part of it is held by the configuration)",
            nullable=False,
            allowed=("read", "failed", "quarantined"),
        ),
        Column("message", "VARCHAR", "Why it could not be read, or what is held and why; null where it was read"),
        Column("latest_period", "VARCHAR", "Newest period that the tables are made of; null where there is none"),
    ),
    key=("as_of", "source"),
)

QUARANTINES = Table(
    "meta",
    "quarantines",
    "What `quarantine` in costsieve.yaml meant for each night: a held period keeps the version of the last published night.",
    "night and entry of the configuration",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period that is held; null where the whole source is"),
        Column("reason", "VARCHAR", "As given in the configuration", nullable=False),
        Column("until", "DATE", "Last night on which it holds; null where it has no end"),
        Column(
            "state",
            "VARCHAR",
            "held (at the published version), left_out (no version was ever published) or expired",
            nullable=False,
            allowed=("held", "left_out", "expired"),
        ),
    ),
    key=("as_of", "source", "period"),
)

PUBLISHED_TOTALS = Table(
    "meta",
    "published_totals",
    "Control totals of what the last published night was made of: what new versions of the same periods are compared with.",
    "source, period, currency and charge type",
    (
        Column("as_of", "DATE", "The night that was published", nullable=False),
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version of the load", nullable=False),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("charge_type", "VARCHAR", "As in meta.load_totals", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
        Column("billed_cost", MONEY, "As in meta.load_totals", "currency", nullable=False),
    ),
    key=("source", "period", "currency", "charge_type"),
)

KNOWN_PERIODS = Table(
    "meta",
    "known_periods",
    "Which roll-up of each bill period the nights knew; core.known_costs has its costs. A period without an open row is not read any more.",
    "source, period and span of nights that knew the same",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version that was rolled up", nullable=False),
        Column("definition", "VARCHAR", "How it was rolled up, as in meta.roll_ups", nullable=False),
        Column("known_from", "DATE", "First night that knew it", nullable=False),
        Column("known_until", "DATE", "First night that knew otherwise; null = still known"),
    ),
    key=("source", "period", "known_from"),
)

KNOWN_NIGHTS = Table(
    "meta",
    "known_nights",
    "Every night that core.known_costs remembers. Nothing is known of what other nights knew.",
    "night",
    (
        Column("as_of", "DATE", "The night", nullable=False),
        Column(
            "compared_periods",
            "BIGINT",
            "Bill periods that had been rolled up anew or withdrawn since the night before",
            "periods",
            nullable=False,
        ),
        Column("opened_rows", "BIGINT", "Rows of core.known_costs that begin with this night", "rows", nullable=False),
        Column("closed_rows", "BIGINT", "Rows of core.known_costs that end with this night", "rows", nullable=False),
    ),
    key=("as_of",),
)

ALLOCATION_VALUES = Table(
    "meta",
    "allocation_values",
    "Delivered tag values that stand for another name under `allocation` in costsieve.yaml.",
    "dimension and delivered value",
    (
        Column("dimension", "VARCHAR", "team, project, environment, owner or cost_center", nullable=False),
        Column("delivered", "VARCHAR", "Value as delivered", nullable=False),
        Column("value", "VARCHAR", "Name that it stands for", nullable=False),
    ),
    key=("dimension", "delivered"),
)

ALLOCATION_ACCOUNTS = Table(
    "meta",
    "allocation_accounts",
    "Values of charges without a tag, by account, as `allocation` in costsieve.yaml gives them.",
    "account",
    (
        Column("account", "VARCHAR", "Id or name of the usage account or project", nullable=False),
        Column("team", "VARCHAR", "Team of its untagged charges"),
        Column("project", "VARCHAR", "Project of its untagged charges"),
        Column("environment", "VARCHAR", "Environment of its untagged charges"),
        Column("owner", "VARCHAR", "Owner of its untagged charges"),
        Column("cost_center", "VARCHAR", "Cost centre of its untagged charges"),
    ),
    key=("account",),
)

SHARED_COSTS = Table(
    "meta",
    "shared_costs",
    "How the latest night split shared costs, as `allocation.shared` in costsieve.yaml says; the first row that fits a charge counts.",
    "entry",
    (
        Column("position", "INTEGER", "Order of the entries", nullable=False),
        Column("name", "VARCHAR", "What the pool is called in results.allocated_costs", nullable=False),
        Column("pool", "VARCHAR", "Pool of core.charges; null where the entry is about usage"),
        Column("service", "VARCHAR", "Service of usage that is shared"),
        Column("usage_type", "VARCHAR", "What its usage type begins with; null = any"),
        Column("is_idle_cluster", "BOOLEAN", "Whether it is what containers left unused of their instances", nullable=False),
        Column("split_by", "VARCHAR", "Key", nullable=False, allowed=("cost", "committed_cost", "equal", "shares")),
    ),
    key=("position",),
)

TABLES = (
    LOADS,
    LOAD_TOTALS,
    CHARGE_TOTALS,
    DUPLICATE_CHARGES,
    INVOICES,
    ROLL_UPS,
    NIGHTS,
    SOURCE_READS,
    QUARANTINES,
    PUBLISHED_TOTALS,
    KNOWN_PERIODS,
    KNOWN_NIGHTS,
    ALLOCATION_VALUES,
    ALLOCATION_ACCOUNTS,
    SHARED_COSTS,
)
