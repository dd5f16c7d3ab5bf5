"""Utilization and inventory: what runs, and how busy it is. Costs are in contracts.costs; the two meet in usage.resources."""

from costsieve.contracts.table import Column, Table
from costsieve.money import MONEY, QUANTITY

RESOURCE_TYPES = (
    "virtual_machine",
    "auto_scaling_group",
    "block_volume",
    "snapshot",
    "machine_image",
    "ip_address",
    "load_balancer",
    "nat_gateway",
    "vpc_endpoint",
    "bucket",
    "container_repository",
    "log_group",
    "database",
    "database_snapshot",
    "training_job",
    "processing_job",
    "transform_job",
    "inference_endpoint",
    "provisioned_throughput",
    "model",
    "feature_store",
    "notebook",
    "studio_app",
    "studio_domain",
    "tpu",
    "other",
)
"""AWS Auto Scaling groups and GCP managed instance groups are auto_scaling_group; Vertex custom jobs and pipelines training_job."""

METRICS = {
    "cpu_percent": "Mean CPU of the whole machine, 0..100; of a job or endpoint: of its busiest instance",
    "cpu_surplus_credits": "CPU credits spent above those earned (burstable AWS types), summed over the period",
    "memory_percent": "Used memory, 0..100; only where an agent or the service reports it",
    "gpu_percent": "Busiest GPU or TPU core of the resource, 0..100; only where an agent or the service reports it",
    "gpu_memory_percent": "Used memory of the fullest GPU, 0..100",
    "gpus_in_use": "GPUs that were at 5 % or more at some moment of the hour, of all the machine's GPUs",
    "network_bytes": "Bytes in and out, summed over the period; of load balancers, NAT gateways and endpoints: bytes processed",
    "disk_operations": "Read and write operations, summed over the period",
    "disk_bytes": "Bytes read and written, summed over the period",
    "invocations": "Requests or predictions served, summed over the period; of load balancers and buckets: requests",
    "connections": "Open database or network connections",
    "stored_bytes": "Bytes stored, of buckets over all storage classes and versions",
    "stored_objects": "Objects stored, noncurrent versions and parts of unfinished uploads included",
}
"""Metric names after normalisation. No row means nothing was measured: unknown, never zero."""

UTILIZATION = Table(
    "usage",
    "resource_hour",
    "Hourly utilization of each resource (a view over the lake). An hour without a row was not measured.",
    "resource, metric and hour",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project", nullable=False),
        Column("resource_id", "VARCHAR", "Id that joins to core and inventory", nullable=False),
        Column("metric", "VARCHAR", "One of the normalised metric names", nullable=False, allowed=tuple(METRICS)),
        Column("observed_at", "TIMESTAMP", "First instant of the hour, UTC", nullable=False),
        Column("average", "DOUBLE", "Mean of the samples in the hour, in the metric's unit", nullable=False),
        Column("maximum", "DOUBLE", "Largest sample of the hour; equals average where the API gives no maximum", nullable=False),
        Column("p95", "DOUBLE", "95th percentile of the samples in the hour; null where the API gives none"),
        Column("total", "DOUBLE", "Sum over the hour, for bytes, operations, invocations and credits; null for percentages and levels"),
        Column("sample_count", "BIGINT", "Samples behind the hour", "samples", nullable=False),
    ),
    key=("provider", "account_id", "resource_id", "metric", "observed_at"),
)

RESOURCE_DAY = Table(
    "usage",
    "resource_day",
    "Daily utilization, made of usage.resource_hour.",
    "resource, metric and day",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project", nullable=False),
        Column("resource_id", "VARCHAR", "Id that joins to core and inventory", nullable=False),
        Column("metric", "VARCHAR", "Normalised metric name", nullable=False),
        Column("usage_date", "DATE", "UTC day", nullable=False),
        Column("hours_observed", "BIGINT", "Hours with a row", "hours", nullable=False),
        Column("average", "DOUBLE", "Mean of the hourly means", nullable=False),
        Column("maximum", "DOUBLE", "Largest hourly maximum", nullable=False),
        Column("total", "DOUBLE", "Sum of the hourly totals; null for percentages and levels"),
    ),
    key=("provider", "account_id", "resource_id", "metric", "usage_date"),
)

_INVENTORY_COLUMNS = (
    Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
    Column("account_id", "VARCHAR", "Account or project", nullable=False),
    Column("region", "VARCHAR", "Region"),
    Column(
        "resource_id",
        "VARCHAR",
        "Id that joins to the bill and to metrics; GCP: number of Compute Engine resources, name of a bucket, endpoints/<id> on Vertex AI,"
        " else the full resource name (//cloudsql.googleapis.com/projects/...)",
        nullable=False,
    ),
    Column("resource_name", "VARCHAR", "Name the user gave it"),
    Column("resource_type", "VARCHAR", "Kind of resource", nullable=False, allowed=RESOURCE_TYPES),
    Column("state", "VARCHAR", "running, stopped, available, in_use, InService, InProgress, ... lower snake case"),
    Column("instance_type", "VARCHAR", "Instance or machine type"),
    Column("instance_count", "INTEGER", "Instances behind an endpoint or a training job", "instances"),
    Column("size_gib", "DOUBLE", "Provisioned size of volumes, disks and snapshots", "GiB"),
    Column("volume_type", "VARCHAR", "gp3, pd-balanced, ..."),
    Column("attached_to", "VARCHAR", "Resource id of the machine that a volume or address is attached to; null = none"),
    Column("source_id", "VARCHAR", "What a snapshot or image was made of"),
    Column("is_source_alive", "BOOLEAN", "Whether that source still exists; null = unknown"),
    Column("is_in_use", "BOOLEAN", "Snapshot behind an image, endpoint with a deployed model, ...; null = unknown"),
    Column("created_at", "TIMESTAMP", "UTC"),
    Column("detached_at", "TIMESTAMP", "Last detachment where the provider tells it, UTC"),
    Column("last_activity_at", "TIMESTAMP", "Last user activity where the provider tells it, UTC"),
    Column("stop_condition_seconds", "BIGINT", "A job's own longest run time", "seconds"),
    Column("tags", "MAP(VARCHAR, VARCHAR)", "Tags or labels"),
    Column(
        "attributes", "MAP(VARCHAR, VARCHAR)", "What only some kinds of resources have: see contracts.attributes; a missing key is unknown"
    ),
    Column("observed_at", "TIMESTAMP", "When the inventory was taken, UTC", nullable=False),
)

INVENTORY = Table(
    "inventory",
    "resources",
    "Every resource in the latest inventory of each source.",
    "provider, account and resource",
    _INVENTORY_COLUMNS,
    key=("provider", "account_id", "resource_id"),
)

INSTANCE_TYPES = Table(
    "inventory",
    "instance_types",
    "What instance and machine types consist of (bundled catalogue: EC2 DescribeInstanceTypes; GCP predefined machine types).",
    "provider and instance type",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("instance_type", "VARCHAR", "m5.large, n2-standard-4, ...", nullable=False),
        Column("family", "VARCHAR", "m5, n2-standard, ...", nullable=False),
        Column("vcpus", "INTEGER", "Virtual CPUs", nullable=False),
        Column("memory_gib", "DOUBLE", "Memory", "GiB", nullable=False),
        Column("gpus", "INTEGER", "GPUs and other accelerators", nullable=False),
        Column("architecture", "VARCHAR", "x86_64 or arm64", nullable=False),
        Column("is_burstable", "BOOLEAN", "Earns CPU credits", nullable=False),
        Column("is_current_generation", "BOOLEAN", "As the provider says", nullable=False),
    ),
    key=("provider", "instance_type"),
)

RESOURCES = Table(
    "usage",
    "resources",
    "The estate: what the bill charges and what the inventory lists, matched by id. Rules read this table.",
    "provider, account, resource and currency",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project"),
        Column("account_name", "VARCHAR", "Its name in the bill"),
        Column("region", "VARCHAR", "Region"),
        Column("service", "VARCHAR", "Service that charges most for it; null where nothing is charged"),
        Column("resource_id", "VARCHAR", "Id", nullable=False),
        Column("resource_name", "VARCHAR", "Name"),
        Column("resource_type", "VARCHAR", "Kind of resource; from the inventory, else from the bill"),
        Column("is_in_inventory", "BOOLEAN", "Listed by an inventory", nullable=False),
        Column(
            "is_inventoried_type",
            "BOOLEAN",
            "Some inventory of this account lists this kind of resource, so absence means gone",
            nullable=False,
        ),
        Column("state", "VARCHAR", "State in the inventory"),
        Column("instance_type", "VARCHAR", "From the inventory, else from the bill"),
        Column("instance_count", "INTEGER", "Instances behind an endpoint or a training job"),
        Column("vcpus", "INTEGER", "Of the instance type"),
        Column("memory_gib", "DOUBLE", "Of the instance type", "GiB"),
        Column("gpus", "INTEGER", "Of the instance type"),
        Column("size_gib", "DOUBLE", "Provisioned size", "GiB"),
        Column("volume_type", "VARCHAR", "gp3, pd-balanced, ..."),
        Column("attached_to", "VARCHAR", "Machine it is attached to; null = none or unknown"),
        Column("source_id", "VARCHAR", "What a snapshot was made of"),
        Column("is_source_alive", "BOOLEAN", "Whether that source still exists"),
        Column("is_in_use", "BOOLEAN", "Used by an image, a deployed model, ..."),
        Column("created_at", "TIMESTAMP", "UTC"),
        Column("detached_at", "TIMESTAMP", "UTC"),
        Column("last_activity_at", "TIMESTAMP", "UTC"),
        Column("stop_condition_seconds", "BIGINT", "A job's own longest run time", "seconds"),
        Column("tags", "MAP(VARCHAR, VARCHAR)", "Tags or labels in the inventory"),
        Column("attributes", "MAP(VARCHAR, VARCHAR)", "As in inventory.resources; null where no inventory lists it"),
        Column("first_charged_on", "DATE", "First day with a charge"),
        Column("last_charged_on", "DATE", "Last day with a charge"),
        Column("currency", "VARCHAR", "Currency; null where nothing is charged"),
        Column("monthly_list_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_committed_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_instance_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_instance_list_cost", MONEY, "See core.resource_costs", "currency", nullable=False),
        Column("monthly_instance_hours", QUANTITY, "See core.resource_costs", "hours"),
        Column("team", "VARCHAR", "From the bill's tags, else the inventory's"),
        Column("project", "VARCHAR", "From the bill's tags, else the inventory's"),
        Column("environment", "VARCHAR", "From the bill's tags, else the inventory's"),
        Column("owner", "VARCHAR", "From the bill's tags, else the inventory's"),
        Column("cost_center", "VARCHAR", "From the bill's tags, else the inventory's"),
    ),
    key=("provider", "account_id", "resource_id", "currency"),
)

_PRICED_USAGE = (
    Column("service", "VARCHAR", "Service"),
    Column("usage_type", "VARCHAR", "Usage type without region prefix (AWS), SKU description (GCP)", nullable=False),
    Column("operation", "VARCHAR", "Operation (AWS)"),
)

RESOURCE_CHARGES = Table(
    "usage",
    "resource_charges",
    "What each resource is charged for: its usage charges of the window of core.resource_costs, by usage type. Adds up to its monthly_cost,"
    " fees of commitments that are attributed to it apart.",
    "provider, account, resource, kind of usage, pricing category and currency",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("account_id", "VARCHAR", "Account or project"),
        Column("region", "VARCHAR", "Region"),
        Column("resource_id", "VARCHAR", "Id", nullable=False),
        *_PRICED_USAGE,
        Column("pricing_category", "VARCHAR", "Standard, Committed, Dynamic (spot)"),
        Column("unit", "VARCHAR", "Unit of the quantity"),
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("monthly_quantity", QUANTITY, "Usage in `unit`", nullable=False),
        Column("monthly_list_cost", MONEY, "At list price", "currency", nullable=False),
        Column("monthly_cost", MONEY, "Net effective cost", "currency", nullable=False),
    ),
)

UNIT_PRICES = Table(
    "usage",
    "unit_prices",
    "What one unit of each kind of usage costs this organisation, before commitments, as its bill of the last 90 days shows.",
    "provider, region, kind of usage, unit and currency",
    (
        Column("provider", "VARCHAR", "AWS or GCP", nullable=False),
        Column("region", "VARCHAR", "Region", nullable=False),
        *_PRICED_USAGE,
        Column("unit", "VARCHAR", "Unit of the prices"),
        Column("currency", "VARCHAR", "Currency", nullable=False),
        Column("list_price", MONEY, "At list price", "currency per unit", nullable=False),
        Column("price", MONEY, "As contracted, before commitments", "currency per unit", nullable=False),
        Column("quantity", QUANTITY, "Usage that the prices are taken from", nullable=False),
    ),
)

OBJECTS = Table(
    "usage",
    "stored_objects",
    "Stored bytes of the latest S3 inventory, by age and size.",
    "bucket, prefix, age, size and storage class",
    (
        Column("bucket", "VARCHAR", "Bucket", nullable=False),
        Column("prefix", "VARCHAR", "First folder of the key, ending in /; empty for objects at the top", nullable=False),
        Column("age_days_from", "INTEGER", "Lower edge of the age bin", "days", nullable=False),
        Column("size_bytes_from", "BIGINT", "Lower edge of the size bin", "bytes", nullable=False),
        Column("storage_class", "VARCHAR", "As the S3 API spells it", nullable=False),
        Column("object_count", "BIGINT", "Objects", nullable=False),
        Column("byte_count", "BIGINT", "Bytes", "bytes", nullable=False),
        Column("inventory_at", "TIMESTAMP", "When the inventory was taken, UTC", nullable=False),
    ),
)

OBJECT_READS = Table(
    "usage",
    "object_reads",
    "Reads of stored objects by their age at the read, with the exposure they come from.",
    "bucket, prefix and age",
    (
        Column("bucket", "VARCHAR", "Bucket", nullable=False),
        Column("prefix", "VARCHAR", "First folder of the key, ending in /", nullable=False),
        Column("age_days_from", "INTEGER", "Lower edge of the age bin", "days", nullable=False),
        Column("get_count", "BIGINT", "GET requests", nullable=False),
        Column("byte_count", "BIGINT", "Bytes read", "bytes", nullable=False),
        Column("object_days", "DOUBLE", "Objects x days observed in this age", "object-days", nullable=False),
        Column("byte_days", "DOUBLE", "Bytes x days observed in this age", "byte-days", nullable=False),
        Column("observed_from", "DATE", "First day of the observation", nullable=False),
        Column("observed_to", "DATE", "Day after its last day", nullable=False),
    ),
)

TABLES = (UTILIZATION, RESOURCE_DAY, INVENTORY, INSTANCE_TYPES, RESOURCES, RESOURCE_CHARGES, UNIT_PRICES, OBJECTS, OBJECT_READS)
