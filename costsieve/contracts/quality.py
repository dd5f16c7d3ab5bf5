"""What a night proved of its numbers: checks, reconciliation, invoices. What it concluded from them is in contracts.results."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY

_AS_OF = Column("as_of", "DATE", "The night", nullable=False)

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

TABLES = (CHECKS, RECONCILIATION, INVOICES)
