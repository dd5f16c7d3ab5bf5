"""Machines as rules on compute see them, and what instance types cost here. What a machine does is in contracts.usage."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

MACHINES = Table(
    "usage",
    "machines",
    "The virtual machines of usage.resources, with what their type, their charges, their attributes and their metrics add.",
    "provider, account, machine and currency",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project"),
        Column("region", "VARCHAR", "Region"),
        Column("resource_id", "VARCHAR", "Id", nullable=False),
        Column("resource_name", "VARCHAR", "Name"),
        Column("currency", "VARCHAR", "Currency; null where nothing is charged"),
        Column("is_in_inventory", "BOOLEAN", "Listed by an inventory", nullable=False),
        Column("is_inventoried_type", "BOOLEAN", "Some inventory of this account lists machines, so absence means gone", nullable=False),
        Column("state", "VARCHAR", "State in the inventory"),
        Column("alive_since", "DATE", "First day known of it: creation or first charge"),
        Column("instance_type", "VARCHAR", "Instance or machine type"),
        Column("family", "VARCHAR", "Family of the type; null where the catalogue does not know the type"),
        Column("architecture", "VARCHAR", "x86_64 or arm64"),
        Column("vcpus", "INTEGER", "Virtual CPUs"),
        Column("memory_gib", "DOUBLE", "Memory", "GiB"),
        Column("is_burstable", "BOOLEAN", "Earns CPU credits"),
        Column("has_gpu", "BOOLEAN", "By its type, attributes, charges (GCP) or metrics", nullable=False),
        Column(
            "has_local_disks", "BOOLEAN", "Disks whose content a stop destroys, by its attributes, else by its type (AWS); null = unknown"
        ),
        Column("is_spot", "BOOLEAN", "Runs on spare capacity, by its attributes or its charges", nullable=False),
        Column(
            "operation", "VARCHAR", "Operation of its instance charges: licence and operating system (AWS); what marks Spot is taken off"
        ),
        Column(
            "has_licence_fee", "BOOLEAN", "Charged for a licensed operating system or software beside the machine (GCP)", nullable=False
        ),
        Column("auto_scaling_group", "VARCHAR", "Group that started it"),
        Column("cluster", "VARCHAR", "Cluster that it is a node of"),
        Column("tags", "MAP(VARCHAR, VARCHAR)", "Tags or labels in the inventory"),
        Column("attributes", "MAP(VARCHAR, VARCHAR)", "As in inventory.resources"),
        Column("monthly_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_committed_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_instance_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_instance_hours", QUANTITY, "See core.resource_costs", "hours"),
    ),
    key=("provider", "account_id", "resource_id", "currency"),
)

INSTANCE_PRICES = Table(
    "usage",
    "instance_prices",
    "What an hour of each instance type costs on demand by the rates of this organisation's own bill; types without a rate are absent.",
    "provider, region, operation, currency and instance type",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("region", "VARCHAR", "Region", nullable=False),
        Column("operation", "VARCHAR", "Operation: licence and operating system (AWS); null on GCP"),
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("instance_type", "VARCHAR", "Instance or machine type", nullable=False),
        Column("family", "VARCHAR", "Its family", nullable=False),
        Column("architecture", "VARCHAR", "x86_64 or arm64", nullable=False),
        Column("vcpus", "INTEGER", "Virtual CPUs", nullable=False),
        Column("memory_gib", "DOUBLE", "Memory", "GiB", nullable=False),
        Column("gpus", "INTEGER", "GPUs and other accelerators", nullable=False),
        Column("is_burstable", "BOOLEAN", "Earns CPU credits", nullable=False),
        Column("is_current_generation", "BOOLEAN", "As the provider says", nullable=False),
        Column("hourly_list_rate", MONEY, "List rate of one hour", "currency per hour", nullable=False),
        Column(
            "price_source",
            "VARCHAR",
            "bill: the bill shows this type; family_rate: the bill shows another size of its family, and prices follow the size",
            nullable=False,
            allowed=("bill", "family_rate"),
        ),
    ),
    key=("provider", "region", "operation", "currency", "instance_type"),
)

TABLES = (MACHINES, INSTANCE_PRICES)
