"""What buckets, databases, Vertex AI and the other services tell the rules: Google's own JSON in, columns and attributes out."""

from typing import Any

import pytest

from costsieve.contracts.attributes import ATTRIBUTES
from costsieve.contracts.usage import INVENTORY, RESOURCE_TYPES
from costsieve.sources.gcp.inventory.assets import Asset
from costsieve.sources.gcp.inventory.kinds import KINDS
from tests.sources.gcp.inventory.google_assets import PROJECT, TRAINER_VM, VERTEX, asset, disk, load_balancer, rows


def bucket(*rules: dict[str, Any], **data: Any) -> dict[str, str]:  # noqa: ANN401 - Google's JSON
    listed = Asset(
        "//storage.googleapis.com/ml", "storage.googleapis.com/Bucket", "ml-prod", "US", {"lifecycle": {"rule": list(rules)}, **data}
    )
    attributes: dict[str, str] = rows(listed)["ml"]["attributes"]
    return attributes


def test_a_bucket_without_settings_has_none() -> None:
    assert bucket() == {
        "versioning": "disabled",
        "has_lifecycle": "false",
        "aborts_incomplete_uploads": "false",
        "expires_noncurrent_versions": "false",
        "intelligent_tiering": "false",
    }


@pytest.mark.parametrize(
    ("action", "condition", "key"),
    [
        ("Delete", {"age": 30.0}, "has_lifecycle"),
        ("SetStorageClass", {"age": 30.0}, "has_lifecycle"),
        ("AbortIncompleteMultipartUpload", {"age": 7.0}, "aborts_incomplete_uploads"),
        ("Delete", {"numNewerVersions": 3.0}, "expires_noncurrent_versions"),
        ("Delete", {"isLive": False}, "expires_noncurrent_versions"),
    ],
)
def test_each_lifecycle_rule_does_what_it_says(action: str, condition: dict[str, Any], key: str) -> None:
    assert bucket({"action": {"type": action}, "condition": condition})[key] == "true"


def test_a_rule_for_live_objects_leaves_noncurrent_versions() -> None:
    told = bucket({"action": {"type": "Delete"}, "condition": {"isLive": True, "age": 90.0}}, versioning={"enabled": True})

    assert (told["versioning"], told["expires_noncurrent_versions"]) == ("enabled", "false")


SQL = asset(
    "sqladmin.googleapis.com/Instance",
    f"{PROJECT}/instances/main",
    state="RUNNABLE",
    databaseVersion="POSTGRES_15",
    settings={"tier": "db-custom-4-16384", "dataDiskSizeGb": "500", "activationPolicy": "ALWAYS", "availabilityType": "REGIONAL"},
)


def test_a_database_and_its_backup() -> None:
    backup = asset(
        "sqladmin.googleapis.com/BackupRun",
        f"{PROJECT}/instances/main/backupRuns/171",
        instance="main",
        type="ON_DEMAND",
        status="SUCCESSFUL",
    )
    listed = rows(SQL, backup)

    assert (listed[SQL.name]["state"], listed[SQL.name]["instance_type"]) == ("running", "db-custom-4-16384")
    assert listed[SQL.name]["attributes"] == {"engine": "POSTGRES_15", "is_read_replica": "false", "is_multi_az": "true"}
    assert (listed[backup.name]["source_id"], listed[backup.name]["is_source_alive"]) == (SQL.name, True)
    assert listed[backup.name]["attributes"] == {"snapshot_type": "manual"}


def test_a_database_that_must_not_run_is_stopped() -> None:
    stopped = asset(
        "sqladmin.googleapis.com/Instance", f"{PROJECT}/instances/main", state="RUNNABLE", settings={"activationPolicy": "NEVER"}
    )

    assert rows(stopped)[SQL.name]["state"] == "stopped"


def test_an_endpoint_states_what_it_always_runs() -> None:
    models = [
        {
            "model": f"{VERTEX}/models/{number}",
            "dedicatedResources": {"machineSpec": {"machineType": "g2-standard-8"}, "minReplicaCount": 1.0, "maxReplicaCount": 4.0},
        }
        for number in (1, 2)
    ]
    row = rows(asset("aiplatform.googleapis.com/Endpoint", f"{VERTEX}/endpoints/778", displayName="ranker", deployedModels=models))[
        "endpoints/778"
    ]

    assert (row["state"], row["instance_type"], row["instance_count"], row["is_in_use"]) == ("in_service", "g2-standard-8", 2, True)
    assert row["attributes"] == {
        "variant_count": "2",
        "minimum_capacity": "2",
        "maximum_capacity": "8",
        "is_asynchronous": "false",
        "model_names": "1 2",
    }


def test_an_endpoint_without_models_serves_nothing() -> None:
    row = rows(asset("aiplatform.googleapis.com/Endpoint", f"{VERTEX}/endpoints/778"))["endpoints/778"]

    assert (row["state"], row["instance_count"], row["is_in_use"]) == ("undeployed", 0, False)


def test_machines_that_models_share_are_not_counted() -> None:
    shared = [{"model": f"{VERTEX}/models/1", "sharedResources": f"{VERTEX}/deploymentResourcePools/pool"}]
    row = rows(asset("aiplatform.googleapis.com/Endpoint", f"{VERTEX}/endpoints/778", deployedModels=shared))["endpoints/778"]

    assert (row["state"], row["instance_count"]) == ("in_service", None)
    assert "minimum_capacity" not in row["attributes"]


def test_a_job_tells_its_machines_and_when_it_must_end() -> None:
    spec = {
        "workerPoolSpecs": [
            {"machineSpec": {"machineType": "a2-highgpu-8g"}, "replicaCount": "1"},
            {"machineSpec": {"machineType": "n2-standard-8"}, "replicaCount": "3"},
        ],
        "scheduling": {"timeout": "172800s", "strategy": "SPOT"},
        "baseOutputDirectory": {"outputUriPrefix": "gs://ml-checkpoints/run-7"},
    }
    failed = asset(
        *("aiplatform.googleapis.com/CustomJob", f"{VERTEX}/customJobs/991"),
        state="JOB_STATE_FAILED",
        endTime="2026-09-20T11:00:00.123456789Z",
        error={"message": "The replica workerpool0-0 ran out of memory"},
        jobSpec=spec,
    )

    row = rows(failed)["customJobs/991"]

    assert (row["state"], row["instance_type"], row["instance_count"], row["stop_condition_seconds"]) == (
        "failed",
        "a2-highgpu-8g",
        4,
        172_800,
    )
    assert row["attributes"] == {
        "ended_at": "2026-09-20T11:00:00",
        "secondary_status": "JOB_STATE_FAILED",
        "failure_reason": "The replica workerpool0-0 ran out of memory",
        "is_spot": "true",
        "output_location": "gs://ml-checkpoints/run-7",
    }


def test_a_pipeline_that_runs() -> None:
    row = rows(asset("aiplatform.googleapis.com/TrainingPipeline", f"{VERTEX}/trainingPipelines/55", state="PIPELINE_STATE_RUNNING"))

    assert (row["trainingPipelines/55"]["state"], row["trainingPipelines/55"]["resource_type"]) == ("running", "training_job")


def test_a_model_that_nobody_deployed_is_not_in_use() -> None:
    row = rows(asset("aiplatform.googleapis.com/Model", f"{VERTEX}/models/12", artifactUri="gs://ml-models/ranker"))["models/12"]

    assert (row["is_in_use"], row["attributes"]) == (False, {"artefact_location": "gs://ml-models/ranker"})


@pytest.mark.parametrize(
    ("asset_type", "path", "data"),
    [
        ("FeatureOnlineStore", "featureOnlineStores/users", {"bigtable": {"autoScaling": {"minNodeCount": 2.0}}}),
        ("Featurestore", "featurestores/users", {"onlineServingConfig": {"fixedNodeCount": 2.0}}),
    ],
)
def test_a_feature_store_tells_the_nodes_that_are_always_paid_for(asset_type: str, path: str, data: dict[str, Any]) -> None:
    assert rows(asset(f"aiplatform.googleapis.com/{asset_type}", f"{VERTEX}/{path}", **data))[path]["attributes"] == {
        "online_node_count": "2"
    }


NOTEBOOK = asset(
    "notebooks.googleapis.com/Instance",
    f"{PROJECT}/locations/us-central1-a/instances/trainer",
    state="ACTIVE",
    gceSetup={"machineType": "n1-standard-4", "metadata": {"idle-timeout-seconds": "10800"}},
)


def test_a_notebook_is_its_machine_and_is_listed_once() -> None:
    listed = rows(TRAINER_VM, NOTEBOOK)

    assert {key: row["resource_type"] for key, row in listed.items()} == {"4111": "notebook"}
    assert (listed["4111"]["state"], listed["4111"]["attributes"]) == ("active", {"idle_shutdown_minutes": "180"})


def test_a_notebook_whose_machine_is_gone_is_listed_by_its_path() -> None:
    assert list(rows(NOTEBOOK)) == ["instances/trainer"]


def test_a_tpu_goes_by_its_number() -> None:
    row = rows(asset("tpu.googleapis.com/Node", f"{VERTEX}/nodes/pod", id="5150", state="READY", acceleratorType="v5litepod-8"))["5150"]

    assert (row["resource_name"], row["state"], row["attributes"]) == ("pod", "ready", {"accelerator_type": "v5litepod-8"})


@pytest.mark.parametrize(("is_dry_run", "has_lifecycle"), [(False, "true"), (True, "false")])
def test_a_repository_that_only_tries_its_clean_up_keeps_everything(*, is_dry_run: bool, has_lifecycle: str) -> None:
    policies = {"old": {"action": "DELETE"}}
    path = f"{VERTEX}/repositories/images"
    row = rows(
        asset(
            "artifactregistry.googleapis.com/Repository", path, sizeBytes="5000", cleanupPolicies=policies, cleanupPolicyDryRun=is_dry_run
        )
    )[f"//artifactregistry.googleapis.com/{path}"]

    assert row["attributes"] == {"has_lifecycle": has_lifecycle, "stored_bytes": "5000"}


def test_log_buckets_but_the_one_that_google_requires() -> None:
    path = f"{PROJECT}/locations/global/buckets"
    buckets = [
        asset("logging.googleapis.com/LogBucket", f"{path}/{name}", retentionDays=days)
        for name, days in (("_Default", 3650.0), ("_Required", 400.0))
    ]

    assert {key: row["attributes"] for key, row in rows(*buckets).items()} == {
        f"//logging.googleapis.com/{path}/_Default": {"retention_days": "3650"}
    }


ALL = rows(TRAINER_VM, disk(), *load_balancer([]), SQL, NOTEBOOK)


def test_every_kind_speaks_the_words_of_the_contract() -> None:
    assert {kind.resource_type for kind in KINDS} <= set(RESOURCE_TYPES)
    assert {name for row in ALL.values() for name in row} <= set(INVENTORY.column_names)


def test_attributes_belong_to_their_kind() -> None:
    stray = {
        (row["resource_type"], name)
        for row in ALL.values()
        for name in row.get("attributes", {})
        if row["resource_type"] not in ATTRIBUTES[name][0]
    }

    assert stray == set()
