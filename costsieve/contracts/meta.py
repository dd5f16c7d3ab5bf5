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
    "source, period, version, account, currency and charge type",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version of the load", nullable=False),
        Column("billing_account_id", "VARCHAR", "Payer account or billing account"),
        Column("sub_account_id", "VARCHAR", "Usage account or project; null where the bill names none"),
        Column("currency", "VARCHAR", "Billing currency", nullable=False),
        Column("charge_type", "VARCHAR", "Line item type (AWS) or cost type (GCP), as delivered", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
        Column("billed_cost", MONEY, "Unblended cost (AWS), cost plus credits (GCP)", "currency", nullable=False),
    ),
    key=("source", "period", "version", "billing_account_id", "sub_account_id", "currency", "charge_type"),
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
        Column("definition", "VARCHAR", "Fingerprint of the SQL models and allocation settings that made it", nullable=False),
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
        Column("source_type", "VARCHAR", "Folder of its files in the lake; the configured type where it was never read", nullable=False),
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

TABLES = (LOADS, LOAD_TOTALS, ROLL_UPS, NIGHTS, SOURCE_READS, QUARANTINES, PUBLISHED_TOTALS)
