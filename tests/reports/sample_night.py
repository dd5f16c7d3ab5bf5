"""A small night in real contract tables, worked out by hand: what every report test reads.

The night of 1 October 2026, in USD. Ten days of charges, 21 to 30 September, the same every day:

    trainer-07   VM       96.00 a day   usage, team vision     960.00 a month   finding: stop
    api-1        VM       48.00 a day   usage, team serving    480.00 a month   finding: right-size, saves half
    vol-9        volume    2.40 a day   usage, untagged         24.00 a month   finding: delete
    mystery-1    VM       10.00 a day   usage, team vision     100.00 a month   not evaluable: no metric
    bastion      VM        5.00 a day   usage, team platform    50.00 a month   excepted
    datasets     bucket   20.00 a day   usage, team data       200.00 a month   two findings of unknown savings
    (transfer)            1.005 a day   usage, no resource      10.05 a month
    tax                   9.12 a day    tax                     91.20 a month
    credit               -3.00 a day    credit                 -30.00 a month

Usage 1824.05, total 1885.25. Plan: 960 + 240 + 24 + a Savings Plan that saves 60 alone and 36 after clean-up = 1260.00.
The tax is split by cost, as shared cost is unless the configuration says otherwise; the credit is nobody's.
"""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import polars as pl

from costsieve.allocation.allocated_costs import allocate_costs, measure_tag_coverage
from costsieve.contracts import quality as quality_contracts
from costsieve.contracts import realized, results, usage
from costsieve.contracts.costs import RESOURCE_COSTS
from costsieve.contracts.nights import NIGHTS
from costsieve.contracts.roll_ups import DAILY_COST
from costsieve.contracts.table import Table
from costsieve.findings.evaluated_spend import record_evaluated_spend
from costsieve.findings.history import record_changes
from costsieve.findings.realized import record_realized_savings
from costsieve.reports.report import Report
from costsieve.reports.summary import read_report
from costsieve.settings import Allocation
from costsieve.warehouse import Connection, create_contract_tables

type Value = str | int | Decimal | date | datetime | bool | None

AS_OF = date(2026, 10, 1)
PREVIOUS = date(2026, 9, 30)
FIRST_DAY = date(2026, 9, 21)
ACCOUNT = "100000000002"

USAGE_COST = Decimal("1824.05")
NET_TOTAL = Decimal("1885.25")
NET_SAVINGS = Decimal("1260.00")


def empty_night() -> Connection:
    """Contract tables without a row."""
    connection = duckdb.connect()
    create_contract_tables(connection)
    return connection


def sample_night() -> Connection:
    """The night described above, with one night before it."""
    connection = empty_night()
    add_charges(connection)
    add_findings(connection)
    add_ledger(connection)
    add_checks(connection)
    add_previous_night(connection)
    add_allocation(connection)
    add_history(connection)
    record_evaluated_spend(connection, AS_OF)
    return connection


@cache
def sample_report() -> Report:
    """The report of the sample night, with storage; read once, since a report cannot change."""
    with sample_night() as connection:
        add_storage(connection)
        return read_report(connection, AS_OF)


def insert(connection: Connection, table: Table, *rows: dict[str, Any]) -> None:
    """Insert rows that name some of the table's columns; the rest is null."""
    frame = pl.DataFrame([{name: row.get(name) for name in table.column_names} for row in rows], schema=table.polars_schema(), strict=False)
    connection.register("sample_rows", frame)
    connection.execute(f"INSERT INTO {table.full_name} BY NAME SELECT * FROM sample_rows")
    connection.unregister("sample_rows")


def add_resource_month(connection: Connection, end: date) -> None:
    """One resource whose monthly cost was worked out over the 30 days before ``end``."""
    required = {column.name: Decimal(0) for column in RESOURCE_COSTS.columns if not column.nullable}
    month = {"window_start": end - timedelta(days=30), "window_end": end, "first_charged_on": FIRST_DAY, "last_charged_on": end}
    key = {"ProviderName": "AWS", "ResourceId": "trainer-07", "BillingCurrency": "USD"}
    insert(connection, RESOURCE_COSTS, required | month | key)


def charge(day: date, cost: str, **columns: Value) -> dict[str, Any]:
    """One row of core.daily_cost; every measure is ``cost`` unless told otherwise."""
    amount = Decimal(cost)
    return {
        "x_source": "org-bill",
        "x_period": f"{day:%Y-%m}",
        "ProviderName": "AWS",
        "BillingAccountId": "100000000001",
        "SubAccountId": ACCOUNT,
        "BillingCurrency": "USD",
        "usage_date": day,
        "RegionId": "us-east-1",
        "ServiceName": "AmazonEC2",
        "ChargeCategory": "Usage",
        "PricingCategory": "Standard",
        "x_charge_type": "Usage",
        "x_charge_kind": "Usage",
        "x_pool": "usage",
        "consumed_quantity": Decimal(24),
        "committed_quantity": Decimal(0),
        "charge_count": 24,
        "x_commitment_cost": Decimal(0),
        **dict.fromkeys(("BilledCost", "EffectiveCost", "ContractedCost", "ListCost", "x_net_effective_cost"), amount),
        **columns,
    }


def add_charges(connection: Connection, first_day: date = FIRST_DAY, currency: str = "USD") -> None:
    """The charges of every day from ``first_day`` to the night."""
    rows = []
    for offset in range((AS_OF - first_day).days):
        day = first_day + timedelta(days=offset)
        rows += [
            charge(day, "96.00", ResourceId="i-trainer07", x_team="vision", x_project="segmentation"),
            charge(day, "48.00", ResourceId="i-api1", x_team="serving", x_project="ranker"),
            charge(day, "2.40", ResourceId="vol-9"),
            charge(day, "10.00", ResourceId="i-mystery1", x_team="vision", x_project="depth"),
            charge(day, "5.00", ResourceId="i-bastion", x_team="platform"),
            charge(day, "20.00", ResourceId="datasets", ServiceName="AmazonS3", x_team="data", x_project="lake"),
            charge(day, "1.005", ServiceName="AWSDataTransfer"),
            charge(day, "9.12", ServiceName="OCBPremiumSupport", x_pool="tax", x_charge_type="Tax", ChargeCategory="Tax"),
            charge(day, "-3.00", x_pool="credit", x_charge_type="Credit", ChargeCategory="Credit"),
        ]
    insert(connection, DAILY_COST, *({**row, "BillingCurrency": currency} for row in rows))
    record_evaluated_spend(connection, AS_OF)


def add_allocation(connection: Connection) -> None:
    """What the night makes of the charges: whose cost they are, and how much of the usage is tagged."""
    allocate_costs(connection, AS_OF, Allocation())
    measure_tag_coverage(connection, AS_OF)


REMEDY = {
    "commands": [{"purpose": "Stop it", "text": "aws ec2 stop-instances --region=us-east-1 --instance-ids=i-trainer07"}],
    "terraform": "Remove the aws_instance resource whose id is i-trainer07.",
    "custodian": {"policies": [{"name": "idle-vm", "resource": "aws.ec2", "filters": [], "actions": ["stop"]}]},
}


def finding(finding_id: str, **columns: Value) -> dict[str, Any]:
    """One row of results.findings: an idle VM that costs 960.00 a month, unless told otherwise."""
    return {
        "as_of": AS_OF,
        "finding_id": finding_id,
        "rule_id": "idle_vm",
        "first_seen": AS_OF,
        "provider": "AWS",
        "account_id": ACCOUNT,
        "region": "us-east-1",
        "service": "AmazonEC2",
        "resource_id": "i-trainer07",
        "resource_name": "trainer-07",
        "resource_type": "virtual_machine",
        "owner": "kim",
        "team": "vision",
        "action": "terminate",
        "confidence": "high",
        "confidence_reason": "CPU and network were measured in every hour",
        "monthly_cost": Decimal("960.00"),
        "monthly_list_savings": Decimal("1200.00"),
        "monthly_savings": Decimal("960.00"),
        "monthly_cash_savings": Decimal("960.00"),
        "currency": "USD",
        "evidence": '{"cpu_percent_max": 2.1, "network_bytes_per_day": 1048576, "days_observed": 14, "hourly_rate": 4.0}',
        "remedy": json.dumps(REMEDY),
        **columns,
    }


def step(number: int, net: str, **columns: Value) -> dict[str, Any]:
    """One row of results.plan without overlap, unless told otherwise."""
    return {
        "as_of": AS_OF,
        "step": number,
        "action": "terminate",
        "title": "Stop idle VM trainer-07 (m5.4xlarge, us-east-1)",
        "provider": "AWS",
        "account_id": ACCOUNT,
        "region": "us-east-1",
        "service": "AmazonEC2",
        "resource_id": "i-trainer07",
        "owner": "kim",
        "team": "vision",
        "currency": "USD",
        "gross_savings": Decimal(net),
        "overlap": Decimal("0.00"),
        "net_savings": Decimal(net),
        "confidence": "high",
        **columns,
    }


API = {"resource_id": "i-api1", "team": "serving", "owner": None}
VOLUME = {"resource_id": "vol-9", "team": None, "owner": None}


def add_findings(connection: Connection) -> None:
    """Three findings, one hung job, two of unknown savings, a Savings Plan and a lifecycle schedule, and the plan they make."""
    halved = {name: Decimal("240.00") for name in ("monthly_savings", "monthly_list_savings", "monthly_cash_savings")}
    small = {name: Decimal("24.00") for name in ("monthly_savings", "monthly_list_savings", "monthly_cash_savings", "monthly_cost")}
    job: dict[str, Any] = {
        "resource_id": "training-job/run-42",
        "resource_name": "run-42",
        "resource_type": "training_job",
        "rule_id": "hung_training_job",
        "accrued_cost": Decimal("812.50"),
        **dict.fromkeys(("monthly_savings", "monthly_list_savings", "monthly_cash_savings", "monthly_cost"), Decimal("0.00")),
    }
    insert(
        connection,
        results.FINDINGS,
        finding("aaaaaaaaaaaa", first_seen=PREVIOUS),
        finding(
            "bbbbbbbbbbbb",
            **API,
            **halved,
            resource_name="api-1",
            rule_id="oversized_vm",
            action="rightsize",
            target="m5.xlarge",
            confidence="medium",
        ),
        finding("cccccccccccc", **VOLUME, **small, resource_name="scratch", resource_type="block_volume", rule_id="unattached_volume"),
        finding("dddddddddddd", **job),
    )
    insert(connection, results.FINDINGS, *unpriced())
    insert(connection, results.RECOMMENDATIONS, savings_plan(), lifecycle())
    insert(
        connection,
        results.PLAN,
        step(1, "960.00", finding_id="aaaaaaaaaaaa"),
        step(2, "24.00", finding_id="cccccccccccc", title="Delete unattached volume scratch (100 GiB)", **VOLUME),
        step(3, "240.00", finding_id="bbbbbbbbbbbb", title="Move VM api-1 to m5.xlarge", action="rightsize", **API),
        step(
            4,
            "36.00",
            recommendation_id="plan-1",
            title="Buy a Compute Savings Plan of $0.50 an hour",
            action="commitment",
            gross_savings=Decimal("60.00"),
            overlap=Decimal("24.00"),
            resource_id=None,
            team=None,
            owner=None,
        ),
    )


def unpriced() -> list[dict[str, Any]]:
    """Two rows of results.findings about one bucket, of which nobody knows what their actions save."""
    unknown: dict[str, Any] = dict.fromkeys(("monthly_savings", "monthly_list_savings", "monthly_cash_savings"))
    bucket = {"resource_id": "datasets", "resource_name": None, "resource_type": "bucket", "service": "AmazonS3", "action": "storage"}
    cost = {"monthly_cost": Decimal("200.00"), "owner": None, "team": "data"}
    rules = {"111111111111": "bucket_without_rules", "222222222222": "forgotten_bucket"}
    return [finding(name, **bucket, **unknown, **cost, rule_id=rule) for name, rule in rules.items()]


def savings_plan() -> dict[str, Any]:
    """One row of results.recommendations: a commitment."""
    return {
        "as_of": AS_OF,
        "recommendation_id": "plan-1",
        "kind": "compute_savings_plan",
        "provider": "AWS",
        "title": "Buy a Compute Savings Plan of $0.50 an hour",
        "currency": "USD",
        "monthly_savings": Decimal("36.00"),
        "monthly_savings_before_cleanup": Decimal("60.00"),
        "one_off_cost": Decimal("0.00"),
        "confidence": "medium",
        "assumptions": '["Usage stays as it was in the last 30 days", "The findings above are acted on first"]',
        "details": '{"hourly_commitment": 0.5, "hourly_profile": {"commitment": 0.5, "before_cleanup": [1, 2], "after_cleanup": [0.5, 1]}}',
        "command": "aws savingsplans create-savings-plan --commitment 0.50",
    }


def lifecycle() -> dict[str, Any]:
    """One row of results.recommendations: a storage schedule that is worth nothing here, so it is in no plan."""
    return {
        **savings_plan(),
        "recommendation_id": "rules-1",
        "kind": "s3_lifecycle",
        "resource_id": "datasets",
        "title": "Move old objects of datasets to colder classes",
        "monthly_savings": Decimal("0.00"),
        "monthly_savings_before_cleanup": None,
        "details": '{"prefixes": [{"prefix": "raw/", "transitions": [{"days": 90, "storage_class": "GLACIER_IR"}]}], "payback_days": 3}',
        "command": '{"Rules": [{"ID": "raw", "Status": "Enabled"}]}',
    }


def evaluation(resource_id: str, outcome: str, cost: str, **columns: Value) -> dict[str, Any]:
    """One row of results.evaluations."""
    return {
        "as_of": AS_OF,
        "rule_id": "idle_vm",
        "provider": "AWS",
        "account_id": ACCOUNT,
        "service": "AmazonEC2",
        "resource_id": resource_id,
        "resource_type": "virtual_machine",
        "currency": "USD",
        "monthly_cost": Decimal(cost),
        "outcome": outcome,
        **columns,
    }


def add_ledger(connection: Connection) -> None:
    """How every resource fared; mystery-1 is judged by no rule, api-1 by one of two."""
    insert(
        connection,
        results.EVALUATIONS,
        evaluation("i-trainer07", "finding", "960.00"),
        evaluation("i-api1", "clean", "480.00"),
        evaluation("i-api1", "not_evaluable", "480.00", rule_id="oversized_vm", reason="gaps"),
        evaluation("vol-9", "finding", "24.00", rule_id="unattached_volume"),
        evaluation("i-mystery1", "not_evaluable", "100.00", reason="no_metric", resource_name="mystery-1"),
        evaluation(
            "i-bastion",
            "excepted",
            "50.00",
            reason="jump host, reviewed by security",
            resource_name="bastion",
            excepted_savings=Decimal("50.00"),
        ),
    )


def add_checks(connection: Connection) -> None:
    """Two checks that held and one warning."""
    check = {"as_of": AS_OF, "table_name": "core.daily_cost", "severity": "critical", "is_passed": True, "observed": "0 rows differ"}
    late = {"title": "Charges are fresh", "remedy": "Look at the `export`.", "offending_rows": 1}
    told = {"observed": "newest day is 2026-09-28. Charges are fresh. Look at the `export`."}
    insert(
        connection,
        quality_contracts.CHECKS,
        {**check, "check_name": "billed_cost_equals_the_source"},
        {**check, "check_name": "no_unclassified_charges"},
        {**check, "check_name": "charges_are_fresh", "severity": "warning", "is_passed": False, **late, **told},
    )


def add_previous_night(connection: Connection) -> None:
    """The night before: it knew trainer-07, and two findings that are gone since, one resolved and one unknown."""
    gone: dict[str, Any] = {"as_of": PREVIOUS, "first_seen": PREVIOUS, "monthly_savings": Decimal("15.00")}
    insert(
        connection,
        results.FINDINGS,
        finding("aaaaaaaaaaaa", as_of=PREVIOUS),
        finding("eeeeeeeeeeee", **gone, resource_id="i-gone", resource_name="old-worker"),
        finding("ffffffffffff", **gone, resource_id="i-mystery1", resource_name="mystery-1"),
    )
    insert(connection, results.PLAN, step(1, "990.00", as_of=PREVIOUS, finding_id="aaaaaaaaaaaa"))
    insert(connection, NIGHTS, published(PREVIOUS))


def published(night: date) -> dict[str, Any]:
    """One row of meta.nights."""
    told = {"published_at": datetime(2026, 9, 30, 3, 1), "costsieve_version": "0.1.0", "loads_changed": 2}  # noqa: DTZ001 - UTC by contract
    return {"as_of": night, **told, "checks_passed": 3, "checks_warned": 0}


def add_history(connection: Connection) -> None:
    """What changed since the night before: old-worker was deleted, batch-3 was made smaller before."""
    for night, resources in ((PREVIOUS, ("i-trainer07", "i-gone")), (AS_OF, ("i-trainer07",))):
        for resource in resources:
            connection.execute(
                "INSERT INTO results.resource_states BY NAME SELECT CAST(? AS DATE) AS as_of, 'AWS' AS provider, ? AS account_id, "
                "? AS resource_id, 'virtual_machine' AS resource_type, TRUE AS is_in_inventory, TRUE AS is_inventoried_type, "
                "MAP {'state': 'running'} AS configuration",
                [night, ACCOUNT, resource],
            )
    record_changes(connection, AS_OF)
    record_realized_savings(connection, AS_OF)
    insert(connection, realized.REALIZED_SAVINGS, resized())


def resized() -> dict[str, Any]:
    """One row of results.realized_savings: 300.00 a month predicted, 90.00 saved in ten days."""
    return {
        "as_of": AS_OF,
        "finding_id": "999999999999",
        "rule_id": "overprovisioned_vm",
        "provider": "AWS",
        "account_id": ACCOUNT,
        "resource_id": "i-batch3",
        "resource_name": "batch-3",
        "action": "rightsize",
        "currency": "USD",
        "acted_on": FIRST_DAY + timedelta(days=1),
        "reason": "fixed",
        "detail": "instance type: m5.4xlarge → m5.xlarge",
        "predicted_monthly_savings": Decimal("300.00"),
        "baseline_start": FIRST_DAY - timedelta(days=14),
        "baseline_days": 14,
        "baseline_daily_cost": Decimal("12.00"),
        "baseline_daily_list_cost": Decimal("15.00"),
        "measured_from": FIRST_DAY,
        "measured_until": AS_OF,
        "measured_days": 10,
        "actual_cost": Decimal("30.00"),
        "actual_list_cost": Decimal("37.50"),
        "predicted_savings": Decimal("100.00"),
        "realized_savings": Decimal("90.00"),
        "realized_list_savings": Decimal("112.50"),
        "counterfactual": "Had it not been changed, it would have gone on costing 12.00 USD a day.",
    }


def add_storage(connection: Connection) -> None:
    """Stored bytes of the bucket that has a lifecycle schedule."""
    stored = {
        "bucket": "datasets",
        "prefix": "raw/",
        "size_bytes_from": 0,
        "storage_class": "STANDARD",
        "inventory_at": datetime(2026, 9, 30),  # noqa: DTZ001 - UTC by contract
    }
    insert(
        connection,
        usage.OBJECTS,
        {**stored, "age_days_from": 0, "object_count": 100, "byte_count": 2**40},
        {**stored, "age_days_from": 90, "object_count": 400, "byte_count": 3 * 2**40},
    )
