"""RDS and Aurora instances and their snapshots. Their connections are in CloudWatch."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from costsieve.sources.aws.inventory.place import Place, unless_refused
from costsieve.sources.aws.inventory.rows import Lister, Row, attributes, snake, tags_of, utc_or_none

if TYPE_CHECKING:
    from mypy_boto3_rds.type_defs import DBClusterSnapshotTypeDef, DBInstanceTypeDef, DBSnapshotTypeDef

_STOPPED_FOR = timedelta(days=7)
"""RDS starts a stopped instance again after seven days and says when: Amazon RDS User Guide, Stopping an Amazon RDS DB instance."""

_MADE_BY = {"automated": "automated backup", "awsbackup": "AWS Backup"}


def databases(place: Place) -> "list[DBInstanceTypeDef]":
    """List the database instances."""
    return place.listed("rds", "describe_db_instances", "DBInstances")


def _database_rows(place: Place) -> Sequence[Row]:
    return [_database(each) for each in databases(place)]


def _database(database: "DBInstanceTypeDef") -> Row:
    return {
        "resource_id": database["DBInstanceArn"],
        "resource_name": database["DBInstanceIdentifier"],
        "resource_type": "database",
        "state": snake(database["DBInstanceStatus"]),
        "instance_type": database["DBInstanceClass"],
        "size_gib": float(database["AllocatedStorage"]),
        "volume_type": database.get("StorageType"),
        "created_at": utc_or_none(database.get("InstanceCreateTime")),
        "tags": tags_of(database, "TagList"),
        "attributes": attributes(
            engine=database["Engine"],
            engine_version=database.get("EngineVersion"),
            is_read_replica=bool(database.get("ReadReplicaSourceDBInstanceIdentifier")),
            is_multi_az=database.get("MultiAZ"),
            cluster_id=database.get("DBClusterIdentifier"),
            stopped_at=_stopped_at(database),
        ),
    }


def _stopped_at(database: "DBInstanceTypeDef") -> datetime | None:
    restart = database.get("AutomaticRestartTime")
    return restart - _STOPPED_FOR if restart and database["DBInstanceStatus"] == "stopped" else None


def _snapshot_rows(place: Place) -> Sequence[Row]:
    """Snapshots of instances and clusters: manual and automated ones, and those that AWS Backup made, which have to be asked for apart."""
    instances = unless_refused(lambda: {each["DBInstanceArn"]: each.get("DbiResourceId") for each in databases(place)})
    clusters = unless_refused(lambda: _clusters(place))
    of_instances = [each for kind in ({}, {"SnapshotType": "awsbackup"}) for each in _listed(place, "DBSnapshot", kind)]
    of_clusters = [each for kind in ({}, {"SnapshotType": "awsbackup"}) for each in _listed(place, "DBClusterSnapshot", kind)]
    rows = [*(_snapshot(each, instances) for each in of_instances), *(_cluster_snapshot(each, clusters) for each in of_clusters)]
    return list({row["resource_id"]: row for row in rows}.values())


def _listed(place: Place, kind: str, parameters: Mapping[str, str]) -> Sequence[Any]:
    if kind == "DBSnapshot":
        return place.listed("rds", "describe_db_snapshots", "DBSnapshots", **parameters)
    return place.listed("rds", "describe_db_cluster_snapshots", "DBClusterSnapshots", **parameters)


def _clusters(place: Place) -> dict[str, str | None]:
    return {each["DBClusterArn"]: each.get("DbClusterResourceId") for each in place.listed("rds", "describe_db_clusters", "DBClusters")}


def _snapshot(snapshot: "DBSnapshotTypeDef", alive: Mapping[str, str | None] | None) -> Row:
    source = _sibling(snapshot["DBSnapshotArn"], "db", snapshot["DBInstanceIdentifier"])
    return {
        **_common(snapshot),
        "resource_id": snapshot["DBSnapshotArn"],
        "resource_name": snapshot["DBSnapshotIdentifier"],
        "source_id": source,
        "is_source_alive": _is_alive(source, snapshot.get("DbiResourceId"), alive),
    }


def _cluster_snapshot(snapshot: "DBClusterSnapshotTypeDef", alive: Mapping[str, str | None] | None) -> Row:
    source = _sibling(snapshot["DBClusterSnapshotArn"], "cluster", snapshot["DBClusterIdentifier"])
    return {
        **_common(snapshot),
        "resource_id": snapshot["DBClusterSnapshotArn"],
        "resource_name": snapshot["DBClusterSnapshotIdentifier"],
        "source_id": source,
        "is_source_alive": _is_alive(source, snapshot.get("DbClusterResourceId"), alive),
    }


def _common(snapshot: Mapping[str, Any]) -> Row:
    made_by = snapshot["SnapshotType"]
    return {
        "resource_type": "database_snapshot",
        "state": snake(snapshot["Status"]),
        "size_gib": float(snapshot["AllocatedStorage"]),
        "created_at": utc_or_none(snapshot.get("SnapshotCreateTime")),
        "tags": tags_of(snapshot, "TagList"),
        "attributes": attributes(
            engine=snapshot["Engine"],
            snapshot_type="manual" if made_by == "manual" else "automated",
            backup_plan=_MADE_BY.get(made_by),
        ),
    }


def _is_alive(source: str, resource_id: str | None, alive: Mapping[str, str | None] | None) -> bool | None:
    """Tell whether the very database still exists: one that was made anew under the same name has another resource id."""
    if alive is None:
        return None
    return source in alive and (resource_id is None or alive[source] in {None, resource_id})


def _sibling(snapshot_arn: str, kind: str, name: str) -> str:
    """Return the ARN of the database that a snapshot was made of: it stands beside it in account and region."""
    return ":".join([*snapshot_arn.split(":")[:5], kind, name])


LISTERS = (
    Lister("rds", "database", _database_rows),
    Lister("rds", "database_snapshot", _snapshot_rows),
)
