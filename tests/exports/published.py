"""Published warehouses to export from: bills landed, charged and rolled up as by a night, without its findings."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from costsieve.core.gcp_commitments import attribute_commitments
from costsieve.estate.aws.generate import write_aws
from costsieve.estate.gcp.generate import write_gcp
from costsieve.estate.plan import EstatePlan
from costsieve.exports.focus import FileFormat, WrittenFile, export_focus
from costsieve.exports.selection import Selection
from costsieve.home import Home
from costsieve.publication import publish
from costsieve.settings import Settings
from costsieve.sources.configured import sources_of
from costsieve.sources.landing import load_source
from costsieve.warehouse import Warehouse
from tests.billed_home import billed_home, gcp_rows

NIGHT = date(2026, 10, 1)
PUBLISHED_AT = datetime(2026, 10, 1, 4, tzinfo=UTC)
SAMPLE = Path(__file__).parents[1] / "sources" / "data" / "aws-cur2"
EVERYTHING = Selection()

Totals = dict[tuple[str, str], tuple[Decimal, Decimal]]
"""Billed and effective cost by billing month and currency."""


def deliver_bills(folder: Path) -> Path:
    """Write the bills of a small estate of both providers, and a real CUR 2.0 export."""
    plan = EstatePlan(seed=3, line_items=8_000, as_of=NIGHT, days=35)
    write_aws(folder, plan, 6_000)
    write_gcp(folder, plan)
    manifest = json.loads((SAMPLE / "anon-cur2-Manifest.json").read_text(encoding="utf-8"))
    data = folder / "real" / "data" / manifest["dataFiles"][0].split("/data/")[1]
    metadata = folder / "real" / "metadata" / "BILLING_PERIOD=2026-04" / "real-Manifest.json"
    for file, content in ((data, (SAMPLE / "anon-cur2-daily-00001.csv.gz").read_bytes()), (metadata, json.dumps(manifest).encode())):
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    deliver_commitment(folder / "commitment")
    return folder


def deliver_commitment(folder: Path) -> None:
    """Write a day of a Google commitment of 12 cores, billed by the hour, of which a machine of 8 cores used two thirds."""
    fee = (
        "{'id': 'FEE', 'description': 'Commitment v1: N2 Cpu in Americas for 1 Year'} AS sku, 0.2389801 AS cost, [] AS credits,"
        " {'amount_in_pricing_units': 12.0::DOUBLE, 'pricing_unit': 'hour'} AS usage"
    )
    covered = "0.252888 AS cost, [{'name': 'CUD', 'amount': -0.252888, 'type': 'COMMITTED_USAGE_DISCOUNT'}] AS credits"
    hours = [f"TIMESTAMPTZ '2026-09-30 {hour:02}:00:00+00' AS usage_start_time" for hour in range(24)]
    rows = gcp_rows(*(f"{row}, {hour}, '0COM17-MENT00-000077' AS billing_account_id" for hour in hours for row in (fee, covered)))
    delivered = f"""
        SELECT *, {{'instance_id': if(sku.id = 'FEE', '77', NULL)}} AS subscription, {{'region': 'us-central1'}} AS location,
            {{'name': if(sku.id = 'FEE', NULL, '4711'), 'global_name': NULL::VARCHAR}} AS resource
        FROM ({rows})"""
    file = folder / "date=2026-09-30" / "part-1.parquet"
    file.parent.mkdir(parents=True)
    duckdb.connect().sql(delivered).write_parquet(str(file))


def publish_bills(home: Home, sources: Sequence[dict[str, str]]) -> None:
    """Land the sources, roll them up and publish."""
    warehouse = Warehouse(home)
    settings = Settings.model_validate({"home": home.root, "sources": sources})
    for source in sources_of(settings):
        load_source(warehouse, source, NIGHT, datetime(2026, 10, 1, 3, tzinfo=UTC))
    with billed_home(warehouse) as billed:
        billed.reconcile()
        attribute_commitments(billed.connection)
    publish(warehouse, NIGHT, PUBLISHED_AT)


def export(home: Home, output: Path, selection: Selection = EVERYTHING) -> list[WrittenFile]:
    return export_focus(home, output, FileFormat.CSV if output.suffix == ".csv" else FileFormat.PARQUET, selection)


def exported_totals(files: str) -> Totals:
    return _totals(duckdb.connect(), f"read_parquet('{files}')")


def daily_totals(home: Home) -> Totals:
    with duckdb.connect(str(home.published_warehouse), read_only=True) as connection:
        return _totals(connection, "core.daily_cost")


def _totals(connection: duckdb.DuckDBPyConnection, relation: str) -> Totals:
    month = "strftime(timezone('UTC', CAST(BillingPeriodStart AS TIMESTAMPTZ)), '%Y-%m')"
    connection.execute("SET TimeZone = 'UTC'")
    sql = f"SELECT {month}, BillingCurrency, sum(BilledCost), sum(EffectiveCost) FROM {relation} GROUP BY ALL"
    return {(month, currency): (billed, effective) for month, currency, billed, effective in connection.execute(sql).fetchall()}
