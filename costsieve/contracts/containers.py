"""Split cost allocation of EKS and ECS: what containers cost of their instances. No charges are here: the instances have them."""

from costsieve.contracts.charges import DIMENSIONS
from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY

_SPLIT_AMOUNT = "as AWS splits it; in no total, since the instance is charged in core.daily_cost"

SPLIT_COSTS = Table(
    "core",
    "split_costs",
    "What EKS pods and ECS tasks used of the instances they ran on, by day. In no total: the instances are in core.daily_cost.",
    "day, container, instance and everything that tells its rows apart",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("x_period", "VARCHAR", "Period of the load", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account"),
        Column("SubAccountName", "VARCHAR", "Its name"),
        Column("BillingCurrency", "VARCHAR", "ISO 4217", nullable=False),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month"),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("orchestrator", "VARCHAR", "EKS or ECS", nullable=False, allowed=("EKS", "ECS")),
        Column("container_id", "VARCHAR", "ARN of the pod or task"),
        Column("parent_resource_id", "VARCHAR", "Instance it ran on, as in core.daily_cost"),
        Column("cluster_name", "VARCHAR", "Cluster"),
        Column("namespace", "VARCHAR", "Kubernetes namespace; null for ECS"),
        Column("workload", "VARCHAR", "Kubernetes workload or ECS service, where its tag is activated"),
        *DIMENSIONS,
        Column("split_cost", MONEY, f"Amortised cost of what was reserved or used, {_SPLIT_AMOUNT}", "BillingCurrency", nullable=False),
        Column("unused_cost", MONEY, f"Its part of what nobody used of the instance, {_SPLIT_AMOUNT}", "BillingCurrency", nullable=False),
        Column("net_split_cost", MONEY, "split_cost after negotiated discounts", "BillingCurrency", nullable=False),
        Column("net_unused_cost", MONEY, "unused_cost after negotiated discounts", "BillingCurrency", nullable=False),
        Column("row_count", "BIGINT", "Rows as delivered", "rows", nullable=False),
    ),
)

CONTAINER_COSTS = Table(
    "core",
    "container_costs",
    "Instance cost that passes to the containers that ran there: positive for containers and for what was idle, negative for the instance,"
    " so that it adds up to zero.",
    "day, instance, role and allocation dimensions",
    (
        Column("x_source", "VARCHAR", "Name of the source", nullable=False),
        Column("BillingAccountId", "VARCHAR", "Payer account", nullable=False),
        Column("SubAccountId", "VARCHAR", "Usage account"),
        Column("SubAccountName", "VARCHAR", "Its name"),
        Column("BillingCurrency", "VARCHAR", "ISO 4217", nullable=False),
        Column("BillingPeriodStart", "TIMESTAMP", "First instant of the billing month"),
        Column("usage_date", "DATE", "UTC day of the usage", nullable=False),
        Column("parent_resource_id", "VARCHAR", "Instance", nullable=False),
        Column("ServiceName", "VARCHAR", "Service that the instance is charged under", nullable=False),
        Column("x_usage_type", "VARCHAR", "Usage type that the instance is charged under"),
        Column("role", "VARCHAR", "Whose cost it is", nullable=False, allowed=("instance", "container", "idle")),
        *DIMENSIONS,
        Column("cost", MONEY, "Net effective cost", "BillingCurrency", nullable=False),
        Column("committed_cost", MONEY, "Price without commitments of the part that commitments cover", "BillingCurrency", nullable=False),
    ),
)

TABLES = (SPLIT_COSTS, CONTAINER_COSTS)
