"""The landed GCP pricing exports: raw.gcp_prices, a row per tier, and core.sku_prices made of it. No charge is priced here."""

from costsieve.contracts.gcp import PRICES, SKU_PRICES
from costsieve.core.delivered import Delivered, column
from costsieve.home import Home
from costsieve.money import MONEY, QUANTITY
from costsieve.sql_files import model_sql, statement
from costsieve.warehouse import Connection, replace_rows

_KINDS = {"list": "list_price", "contract": "billing_account_price"}
_PATHS = {
    "service": "service.description",
    "sku_id": "sku.id",
    "sku_description": "sku.description",
    "currency": "account_currency_code",
    "regions": "geo_taxonomy.regions",
    "exported_at": "export_time",
    "priced_at": "pricing_as_of_time",
}
_TIER = ("price_kind", "tier_start", "unit_price")
_FOLDERS = {"x_source": '"source"', "x_period": '"period"'}


def compute_sku_prices(connection: Connection, home: Home) -> int:
    """Create raw.gcp_prices over the newest pricing export of each source and replace core.sku_prices; return its row count."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {PRICES.schema}")
    connection.execute(f"CREATE OR REPLACE VIEW {PRICES.full_name} AS {_view(connection, home)}")
    return replace_rows(connection, SKU_PRICES, model_sql("core/sku_prices"))


def _view(connection: Connection, home: Home) -> str:
    rows = connection.execute(statement("core/newest_price_files.sql")).fetchall()
    files = ", ".join("'" + str((home.root / file).resolve()).replace("'", "''") + "'" for (file,) in rows)
    if not files:
        columns = ", ".join(f'CAST(NULL AS {c.type}) AS "{c.name}"' for c in PRICES.columns)
        return f"SELECT {columns} WHERE false"
    folder_types = "hive_types = {'source': VARCHAR, 'period': VARCHAR, 'version': VARCHAR}"
    relation = f"read_parquet([{files}], union_by_name = true, hive_partitioning = true, {folder_types})"
    described = connection.sql(f"FROM {relation} LIMIT 0")
    delivered = Delivered(dict(zip(described.columns, described.types, strict=True)))
    return " UNION ALL ".join(
        _tiers(delivered, relation, kind, record)
        for kind, record in _KINDS.items()
        if delivered.type_of(f"{record}.tiered_rates.account_currency_amount") is not None
    )


def _tiers(delivered: Delivered, relation: str, kind: str, record: str) -> str:
    """Return the tiers of one kind of price as rows. A price may be for 1,000 units or more; it is brought to one."""
    columns = ", ".join(
        f'{_FOLDERS.get(c.name) or column(delivered, _PATHS.get(c.name, c.name), c.type)} AS "{c.name}"'
        for c in PRICES.columns
        if c.name not in _TIER
    )
    amount = f"CAST(tier.account_currency_amount AS {MONEY})"
    per_unit = f"CAST(CAST({amount} AS DOUBLE) / CAST(tier.pricing_unit_quantity AS DOUBLE) AS {MONEY})"
    return (
        f"SELECT {columns}, '{kind}' AS price_kind, CAST(coalesce(tier.start_usage_amount, 0) AS {QUANTITY}) AS tier_start,"  # noqa: S608 - names come from contracts, paths from the lake
        f" CASE WHEN coalesce(tier.pricing_unit_quantity, 1) IN (0, 1) THEN {amount} ELSE {per_unit} END AS unit_price"
        f" FROM (SELECT *, unnest({record}.tiered_rates) AS tier FROM {relation}) WHERE tier.account_currency_amount IS NOT NULL"
    )
