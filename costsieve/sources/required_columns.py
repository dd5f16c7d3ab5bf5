"""Which columns a delivered file must have before it is loaded, per source type. What they mean is in costsieve.contracts."""

from collections.abc import Iterable

from costsieve.contracts import raw, usage
from costsieve.contracts.table import Table
from costsieve.errors import MissingColumn

_NESTED = {"invoice_month": "invoice.month"}
_LOAD_COLUMNS = {"x_source", "x_period"}
_ADDED_LATER = {"p95", "attributes"}
_CREDIT_COLUMNS = ("credits", "credits.amount", "credits.type")


def _mandatory(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if not column.nullable and column.name not in _LOAD_COLUMNS)


def _early(table: Table) -> tuple[str, ...]:
    """Return all columns but those that files of earlier versions lack: there they are unknown."""
    return tuple(name for name in table.column_names if name not in _ADDED_LATER)


def _gcp_columns() -> tuple[str, ...]:
    """Return the contract's columns as the export nests them; control totals need the project as well."""
    flat = (name for name in _mandatory(raw.GCP_BILLING) if not name.endswith("_credits"))
    return (*(_NESTED.get(name, name) for name in flat), "project.id", *_CREDIT_COLUMNS)


REQUIRED: dict[str, tuple[str, ...]] = {
    "aws_cur": _mandatory(raw.AWS_CUR),
    "gcp_billing": _gcp_columns(),
    "gcp_pricing": (
        *("billing_account_id", "sku.id", "account_currency_code", "export_time"),
        *("list_price.tiered_rates.start_usage_amount", "list_price.tiered_rates.account_currency_amount"),
    ),
    "focus": _mandatory(raw.FOCUS),
    "utilization": _early(usage.UTILIZATION),
    "inventory": _early(usage.INVENTORY),
    "s3_inventory": ("bucket", "key", "size", "last_modified_date", "storage_class"),
    "s3_reads": usage.OBJECT_READS.column_names,
}
"""Required columns by source type; a dot leads into a record."""

_REMEDY = {
    "aws_cur": "The SQL of the data export must select it: add it to the export's query, or use the default CUR 2.0 query.",
    "gcp_billing": "Use the standard or the detailed usage cost export, and select its records whole.",
    "gcp_pricing": "Use the pricing export, and select its records whole.",
    "focus": "Every FOCUS version requires it of the provider: deliver the file with it, under FOCUS's own column names.",
    "s3_inventory": "Select it among the inventory configuration's additional metadata fields.",
}


def require_columns(source_type: str, columns: Iterable[str], shown_as: str) -> None:
    """Raise MissingColumn, naming every absent column and the file, unless all required columns are there."""
    present = set(columns)
    missing = [name for name in REQUIRED[source_type] if name.lower() not in present]
    if not missing:
        return
    named = ", ".join(missing)
    remedy = _REMEDY.get(source_type, "Write the file with exactly the columns of docs/data_model.md.")
    message = f"{shown_as} lacks the required column{'s' if len(missing) > 1 else ''} {named}. {remedy}"
    raise MissingColumn(message)
