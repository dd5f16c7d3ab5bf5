"""The allocation settings as the SQL models read them. Allocated costs are in contracts.results."""

from costsieve.contracts.table import Column, Table

ALLOCATION_VALUES = Table(
    "meta",
    "allocation_values",
    "Delivered tag values that stand for another name under `allocation` in costsieve.yaml.",
    "dimension and delivered value",
    (
        Column("dimension", "VARCHAR", "team, project, environment, owner or cost_center", nullable=False),
        Column("delivered", "VARCHAR", "Value as delivered", nullable=False),
        Column("value", "VARCHAR", "Name that it stands for", nullable=False),
    ),
    key=("dimension", "delivered"),
)

ALLOCATION_ACCOUNTS = Table(
    "meta",
    "allocation_accounts",
    "Values of charges without a tag, by account, as `allocation` in costsieve.yaml gives them.",
    "account",
    (
        Column("account", "VARCHAR", "Id or name of the usage account or project", nullable=False),
        Column("team", "VARCHAR", "Team of its untagged charges"),
        Column("project", "VARCHAR", "Project of its untagged charges"),
        Column("environment", "VARCHAR", "Environment of its untagged charges"),
        Column("owner", "VARCHAR", "Owner of its untagged charges"),
        Column("cost_center", "VARCHAR", "Cost centre of its untagged charges"),
    ),
    key=("account",),
)

SHARED_COSTS = Table(
    "meta",
    "shared_costs",
    "How the latest night split shared costs, as `allocation.shared` in costsieve.yaml says; the first row that fits a charge counts.",
    "entry",
    (
        Column("position", "INTEGER", "Order of the entries", nullable=False),
        Column("name", "VARCHAR", "What the pool is called in results.allocated_costs", nullable=False),
        Column("pool", "VARCHAR", "Pool of core.charges; null where the entry is about usage"),
        Column("service", "VARCHAR", "Service of usage that is shared"),
        Column("usage_type", "VARCHAR", "What its usage type begins with; null = any"),
        Column("is_idle_cluster", "BOOLEAN", "Whether it is what containers left unused of their instances", nullable=False),
        Column("split_by", "VARCHAR", "Key", nullable=False, allowed=("cost", "committed_cost", "equal", "shares")),
    ),
    key=("position",),
)

TABLES = (ALLOCATION_VALUES, ALLOCATION_ACCOUNTS, SHARED_COSTS)
