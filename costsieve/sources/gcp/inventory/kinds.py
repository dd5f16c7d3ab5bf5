"""Every kind of resource that is listed on GCP. A new one is a module of its own, and a line here."""

from costsieve.sources.gcp.inventory import (
    addresses,
    buckets,
    databases,
    disks,
    feature_stores,
    forwarding_rules,
    images,
    instance_groups,
    instances,
    log_buckets,
    notebooks,
    repositories,
    routers,
    snapshots,
    tpus,
    vertex_endpoints,
    vertex_jobs,
    vertex_models,
)

KINDS = (
    instances.KIND,
    instance_groups.KIND,
    disks.KIND,
    snapshots.KIND,
    images.KIND,
    addresses.KIND,
    forwarding_rules.KIND,
    routers.KIND,
    buckets.KIND,
    databases.KIND,
    databases.BACKUPS,
    vertex_endpoints.KIND,
    vertex_jobs.KIND,
    vertex_models.KIND,
    feature_stores.KIND,
    notebooks.KIND,
    tpus.KIND,
    repositories.KIND,
    log_buckets.KIND,
)

ASSET_TYPES = tuple(sorted({asset_type for kind in KINDS for asset_type in (*kind.asset_types, *kind.related)}))
