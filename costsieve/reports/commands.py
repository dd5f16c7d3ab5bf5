"""The command that would do what a finding proposes. Nothing is ever executed here: every command is text for a person to judge.

The table below maps provider, kind of resource and action to AWS CLI and gcloud calls. Values are quoted for a POSIX shell; a value that
could pass for an option or hides characters gives no command at all.
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

Words = tuple["str | Words", ...]
"""A command as words; a nested tuple is a command substitution."""


@dataclass(frozen=True)
class Command:
    """One command or JSON document to look at, and why it is there."""

    purpose: str
    text: str


@dataclass(frozen=True)
class _Step:
    purpose: str
    words: Words


def _aws(service: str, operation: str, *options: str) -> Words:
    return ("aws", service, operation, "--region={region}", *options)


def _gce(kind: str, operation: str, *options: str) -> Words:
    """Compute Engine by numeric id: the inner call finds the zone, which bills do not carry."""
    found: Words = ("gcloud", "compute", kind, "list", "--project={account_id}", "--filter=id={resource_id}", "--uri")
    return ("gcloud", "compute", kind, operation, found, *options)


def _vertex(kind: str, operation: str, *options: "str | Words") -> Words:
    return ("gcloud", "ai", kind, operation, "{tail}", "--project={account_id}", "--region={region}", *options)


_AWS_VM = "--instance-ids={resource_id}"
_STOP_AWS_VM = _Step("Stop it: ends the charge, can be undone", _aws("ec2", "stop-instances", _AWS_VM))
_STOP_GCE_VM = _Step("Stop it: ends the charge, can be undone", _gce("instances", "stop"))

_STEPS: Mapping[tuple[str, str, str], tuple[_Step, ...]] = {
    ("AWS", "virtual_machine", "terminate"): (
        _STOP_AWS_VM,
        _Step("Later, when nobody has missed it", _aws("ec2", "terminate-instances", _AWS_VM)),
    ),
    ("AWS", "virtual_machine", "rightsize"): (
        _STOP_AWS_VM,
        _Step(
            "Change the type",
            _aws("ec2", "modify-instance-attribute", "--instance-id={resource_id}", "--instance-type=Value={target}"),
        ),
        _Step("Start it again", _aws("ec2", "start-instances", _AWS_VM)),
    ),
    ("AWS", "block_volume", "terminate"): (
        _Step("Keep a snapshot", _aws("ec2", "create-snapshot", "--volume-id={resource_id}", "--description=before deletion")),
        _Step("Delete the volume when the snapshot is complete", _aws("ec2", "delete-volume", "--volume-id={resource_id}")),
    ),
    ("AWS", "block_volume", "migrate"): (
        _Step("Change the volume type in place", _aws("ec2", "modify-volume", "--volume-id={resource_id}", "--volume-type={target}")),
    ),
    ("AWS", "snapshot", "terminate"): (_Step("Delete the snapshot", _aws("ec2", "delete-snapshot", "--snapshot-id={resource_id}")),),
    ("AWS", "machine_image", "terminate"): (_Step("Deregister the image", _aws("ec2", "deregister-image", "--image-id={resource_id}")),),
    ("AWS", "ip_address", "terminate"): (_Step("Release the address", _aws("ec2", "release-address", "--allocation-id={resource_id}")),),
    ("AWS", "nat_gateway", "terminate"): (
        _Step("Delete the gateway", _aws("ec2", "delete-nat-gateway", "--nat-gateway-id={resource_id}")),
    ),
    ("AWS", "load_balancer", "terminate"): (
        _Step(
            "Delete the load balancer",
            _aws(
                "elbv2",
                "delete-load-balancer",
                "--load-balancer-arn=arn:aws:elasticloadbalancing:{region}:{account_id}:{resource_id}",
            ),
        ),
    ),
    ("AWS", "inference_endpoint", "terminate"): (
        _Step("Delete the endpoint; its model and configuration stay", _aws("sagemaker", "delete-endpoint", "--endpoint-name={tail}")),
    ),
    ("AWS", "notebook", "terminate"): (
        _Step(
            "Stop the notebook; its volume stays",
            _aws("sagemaker", "stop-notebook-instance", "--notebook-instance-name={tail}"),
        ),
    ),
    ("AWS", "training_job", "terminate"): (
        _Step("Stop the job", _aws("sagemaker", "stop-training-job", "--training-job-name={tail}")),
    ),
    ("AWS", "database", "terminate"): (
        _Step("Stop it for up to seven days", _aws("rds", "stop-db-instance", "--db-instance-identifier={tail}")),
        _Step(
            "Later, delete it with a last snapshot",
            _aws(
                "rds",
                "delete-db-instance",
                "--db-instance-identifier={tail}",
                "--final-db-snapshot-identifier={tail}-final",
            ),
        ),
    ),
    ("GCP", "virtual_machine", "terminate"): (
        _STOP_GCE_VM,
        _Step("Later, when nobody has missed it", _gce("instances", "delete", "--keep-disks=all")),
    ),
    ("GCP", "virtual_machine", "rightsize"): (
        _STOP_GCE_VM,
        _Step("Change the machine type", _gce("instances", "set-machine-type", "--machine-type={target}")),
        _Step("Start it again", _gce("instances", "start")),
    ),
    ("GCP", "notebook", "terminate"): (_STOP_GCE_VM,),
    ("GCP", "block_volume", "terminate"): (
        _Step("Keep a snapshot", _gce("disks", "snapshot")),
        _Step("Delete the disk when the snapshot is ready", _gce("disks", "delete")),
    ),
    ("GCP", "snapshot", "terminate"): (_Step("Delete the snapshot", _gce("snapshots", "delete")),),
    ("GCP", "ip_address", "terminate"): (_Step("Release the address", _gce("addresses", "delete")),),
    ("GCP", "inference_endpoint", "terminate"): (
        _Step(
            "Undeploy the model: ends the charge",
            _vertex(
                "endpoints",
                "undeploy-model",
                ("gcloud", "ai", "endpoints", "describe", "{tail}", "--project={account_id}", "--region={region}",
                 "--format=value[delimiter=' '](deployedModels[0].id.sub('^','--deployed-model-id='))"),
            ),
        ),
        _Step("Delete the empty endpoint", _vertex("endpoints", "delete")),
    ),
    ("GCP", "training_job", "terminate"): (_Step("Cancel the job", _vertex("custom-jobs", "cancel")),),
}  # fmt: skip
