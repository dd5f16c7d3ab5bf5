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
    "Which version of each bill period the roll-ups are made of: a night re-rolls only what differs from meta.loads.",
    "source and period",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version that was rolled up", nullable=False),
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

TABLES = (LOADS, LOAD_TOTALS, ROLL_UPS, NIGHTS)
