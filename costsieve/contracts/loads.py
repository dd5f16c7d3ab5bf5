"""What was loaded, rolled up and left out, with the totals that it is reconciled by. How a night went is in contracts.nights."""

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

COST_COLUMNS = Table(
    "meta",
    "cost_columns",
    "Whether the columns that amortised and net costs are made of were delivered (AWS), counted when the period was rolled up.",
    "source, period, line item type and column",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("charge_type", "VARCHAR", "Line item type, as delivered", nullable=False),
        Column("column_name", "VARCHAR", "Column, as in CUR 2.0", nullable=False),
        Column("row_count", "BIGINT", "Rows of the type that need a value in it", "rows", nullable=False),
        Column("filled_count", "BIGINT", "Rows of the type that have one", "rows", nullable=False),
    ),
    key=("source", "period", "charge_type", "column_name"),
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

COLLECTION_GAPS = Table(
    "meta",
    "collection_gaps",
    "What a night asked for and did not get: a role that cannot be assumed, a region that refuses, a missing permission. Of current loads,"
    " what is unknown now; of earlier versions, history.",
    "source, period, version and unit that is missing",
    (
        Column("source", "VARCHAR", "Name of the source", nullable=False),
        Column("period", "VARCHAR", "Period of the load", nullable=False),
        Column("version", "VARCHAR", "Version of the load that lacks it", nullable=False),
        Column("as_of", "DATE", "The night that asked last", nullable=False),
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project; null where even that is unknown"),
        Column("role", "VARCHAR", "Role that was used; null for the default credentials"),
        Column("region", "VARCHAR", "Region; null = all regions"),
        Column("subject", "VARCHAR", "Resource type whose listing or metrics are missing, or metric; null = all of them"),
        Column("reason", "VARCHAR", "Refused, or not answered", nullable=False, allowed=("no_permission", "unavailable")),
        Column("message", "VARCHAR", "What the provider said, and what to do", nullable=False),
    ),
    key=("source", "period", "version", "account_id", "role", "region", "subject"),
)

TABLES = (LOADS, LOAD_TOTALS, CHARGE_TOTALS, COST_COLUMNS, DUPLICATE_CHARGES, INVOICES, ROLL_UPS, PUBLISHED_TOTALS, COLLECTION_GAPS)
