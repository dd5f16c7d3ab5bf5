"""Small Google exports in BigQuery tables: their schemas, and rows of both CUD models. No test is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from google.auth.credentials import AnonymousCredentials
from google.cloud import bigquery

PROJECT = "billing-admin"
Row = dict[str, Any]

_KEY_VALUES = "ARRAY<STRUCT<key STRING, value STRING>>"
_COLUMNS = {
    "billing_account_id": "STRING",
    "invoice": "STRUCT<month STRING, publisher_type STRING>",
    "cost_type": "STRING",
    "service": "STRUCT<id STRING, description STRING>",
    "sku": "STRUCT<id STRING, description STRING>",
    "usage_start_time": "TIMESTAMP",
    "usage_end_time": "TIMESTAMP",
    "project": "STRUCT<id STRING, number STRING, name STRING>",
    "labels": _KEY_VALUES,
    "system_labels": _KEY_VALUES,
    "location": "STRUCT<location STRING, country STRING, region STRING, zone STRING>",
    "export_time": "TIMESTAMP",
    "cost": "FLOAT64",
    "currency": "STRING",
    "currency_conversion_rate": "FLOAT64",
    "usage": "STRUCT<amount FLOAT64, unit STRING, amount_in_pricing_units FLOAT64, pricing_unit STRING>",
    "credits": "ARRAY<STRUCT<id STRING, full_name STRING, type STRING, name STRING, amount FLOAT64>>",
    "adjustment_info": "STRUCT<id STRING, description STRING, type STRING, mode STRING>",
    "cost_at_list": "FLOAT64",
    "consumption_model": "STRUCT<id STRING, description STRING>",
    "resource": "STRUCT<name STRING, global_name STRING>",
    "subscription": "STRUCT<instance_id STRING>",
}
_TIERS = "ARRAY<STRUCT<pricing_unit_quantity NUMERIC, start_usage_amount NUMERIC, usd_amount NUMERIC, account_currency_amount NUMERIC>>"


@dataclass(frozen=True)
class Shape:
    """Name and columns of an export table; ``partitioned_by`` is empty where BigQuery keeps no time of loading."""

    name: str
    columns: Mapping[str, str]
    partitioned_by: str = "PARTITION BY _PARTITIONDATE"


DETAILED = Shape("gcp_billing_export_resource_v1_01D3M0_C0575E_15E7E5", _COLUMNS)
STANDARD = Shape(
    "gcp_billing_export_v1_01D3M0_C0575E_15E7E5",
    {name: type_ for name, type_ in _COLUMNS.items() if name not in ("resource", "subscription", "consumption_model")},
)
FOCUS = Shape(
    "gcp_billing_export_focus_01D3M0_C0575E_15E7E5",
    {
        **dict.fromkeys(("BillingAccountId", "BillingCurrency", "ChargeCategory", "ProviderName", "ServiceName", "SubAccountId"), "STRING"),
        **dict.fromkeys(("BillingPeriodStart", "ChargePeriodStart", "x_ExportTime"), "TIMESTAMP"),
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ListCost", "ContractedCost"), "NUMERIC"),
        **dict.fromkeys(("x_Labels", "x_ProjectLabels", "x_Tags"), _KEY_VALUES),
        "NotAColumnOfFocus": "STRING",
    },
    "",
)
PRICING = Shape(
    "cloud_pricing_export",
    {
        **dict.fromkeys(("export_time", "pricing_as_of_time"), "TIMESTAMP"),
        **dict.fromkeys(("billing_account_id", "pricing_unit", "account_currency_code"), "STRING"),
        "service": "STRUCT<id STRING, description STRING>",
        "sku": "STRUCT<id STRING, description STRING>",
        "geo_taxonomy": "STRUCT<type STRING, regions ARRAY<STRING>>",
        "list_price": f"STRUCT<tiered_rates {_TIERS}>",
        "billing_account_price": f"STRUCT<tiered_rates {_TIERS}>",
    },
)
_COMMON: Row = {
    "billing_account_id": "01D3M0-C0575E-15E7E5",
    "invoice": {"month": "202609", "publisher_type": "GOOGLE"},
    "cost_type": "regular",
    "service": {"id": "6F81-5844-456A", "description": "Compute Engine"},
    "usage_start_time": "2026-09-29T05:00:00Z",
    "usage_end_time": "2026-09-29T06:00:00Z",
    "project": {"id": "ml-prod", "number": "100000000001", "name": "ML production"},
    "labels": [{"key": "team", "value": "vision"}],
    "system_labels": [{"key": "compute.googleapis.com/machine_spec", "value": "e2-standard-8"}],
    "location": {"location": "us-central1", "country": "US", "region": "us-central1", "zone": "us-central1-a"},
    "export_time": "2026-09-29T12:00:00Z",
    "currency": "USD",
    "currency_conversion_rate": 1.0,
    "credits": [],
    "resource": {"name": "train-1", "global_name": "//compute.googleapis.com/projects/100000000001/zones/us-central1-a/instances/4711"},
}
_DEFAULT = {"id": "7754-699E-0EBF", "description": "Default"}
_FLEXIBLE = {"id": "1500-0ADF-2CC0", "description": "Compute Flexible CUDs 1 Year"}


def row(sku: str, cost: float, **changes: object) -> Row:
    """One row of the export."""
    return _COMMON | {"sku": {"id": sku, "description": sku}, "cost": cost} | changes


def _credit(type_: str, amount: float) -> list[Row]:
    return [{"id": "c", "full_name": type_, "type": type_, "name": type_, "amount": amount}]


OLD_MODEL = (
    row("E2 Instance Ram running in Americas", 0.174496, credits=_credit("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", -0.065095)),
    row("E2 Instance Core running in Americas", 0.093568, credits=_credit("COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE", -0.034905)),
    row("Commitment - dollar based v1: GCE for 1 year", 0.046868, resource=None),
    row("Commitment - dollar based v1: GCE for 1 year", 0.025132, resource=None),
)
"""Google's worked example of an E2-standard-8 hour under a flexible commitment: 0.240064 net of credits in the old model."""

NEW_MODEL = (
    row("E2 Instance Ram running in Americas", 0.109398, consumption_model=_DEFAULT),
    row("E2 Instance Ram running in Americas", 0.046868, consumption_model=_FLEXIBLE, subscription={"instance_id": "9001"}),
    row("E2 Instance Core running in Americas", 0.058648, consumption_model=_DEFAULT),
    row("E2 Instance Core running in Americas", 0.025132, consumption_model=_FLEXIBLE, subscription={"instance_id": "9001"}),
    row("Commitment - dollar based v1: GCE for 1 year", 0.046868, credits=_credit("FEE_UTILIZATION_OFFSET", -0.046868), resource=None),
    row("Commitment - dollar based v1: GCE for 1 year", 0.025132, credits=_credit("FEE_UTILIZATION_OFFSET", -0.025132), resource=None),
)
"""The same hour in the new model: 0.240046."""


class BillingTable:
    """The export table of one test; unless told otherwise it is partitioned by the day of ingestion, as Google makes it."""

    def __init__(self, rest: str, dataset: str, shape: Shape = DETAILED) -> None:
        credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth ships no types for it
        self._client = bigquery.Client(project=PROJECT, credentials=credentials, client_options={"api_endpoint": rest})
        self._shape = shape
        self.dataset = f"{PROJECT}.{dataset}"
        self.name = f"{self.dataset}.{shape.name}"
        self._client.create_dataset(dataset, exists_ok=True)
        columns = ", ".join(f"{name} {type_}" for name, type_ in shape.columns.items())
        self.run(f"CREATE TABLE `{self.name}` ({columns}) {shape.partitioned_by}")

    def append(self, partition: str, rows: Sequence[Row]) -> None:
        """Load rows as JSON and put them into the partition of a day, where there are any: the export only ever appends."""
        staging = f"{self.name}_staging"
        schema = [field for field in self._client.get_table(self.name).schema if field.name in self._shape.columns]
        config = bigquery.LoadJobConfig(schema=schema, write_disposition="WRITE_TRUNCATE")
        given = [{name: value for name, value in row.items() if name in self._shape.columns} for row in rows]
        self._client.load_table_from_json(given, staging, job_config=config).result()
        columns = ", ".join(self._shape.columns)
        loaded_on = f"TIMESTAMP '{partition} 00:00:00+00', " if self._shape.partitioned_by else ""
        into = f"_PARTITIONTIME, {columns}" if loaded_on else columns
        self.run(f"INSERT INTO `{self.name}` ({into}) SELECT {loaded_on}{columns} FROM `{staging}`")

    def run(self, sql: str) -> None:
        """Run one statement."""
        self._client.query(sql).result()

    def close(self) -> None:
        """Close the connections of the client."""
        self._client.close()  # type: ignore[no-untyped-call]  # google-cloud-bigquery has no type here
