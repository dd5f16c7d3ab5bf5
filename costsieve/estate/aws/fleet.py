"""estate.yaml -> the resources of the demo organisation. What they cost is in charges.py, how busy they are in utilization.py."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from costsieve.estate.plan import EstatePlan

TAG_KEYS = ("team", "project", "environment", "owner")
PAYER_NAME = "example-payer"
ALWAYS_DAYS = 200
"""Age of resources whose age does not matter: older than any bill of the demo."""

Spec = Mapping[str, Any]

_OF_THE_MACHINE = ("waste", "unknown", "missing", "attributes", "root")
"""What an entry says of the machine and not of its root volume."""


@dataclass(frozen=True)
class Resource:
    """One resource: who owns it, since when, and what the inventory says about it.

    Args:
        kind: one of contracts.usage.RESOURCE_TYPES.
        name: name within its account.
        resource_id: id that joins to inventory and metrics.
        billing_id: id as the bill spells it.
        spec: its entry in estate.yaml.
        created_at: UTC.
        ended_at: UTC; None while it exists.
        inventory: columns of contracts.usage.INVENTORY beyond those above.
    """

    kind: str
    name: str
    resource_id: str
    billing_id: str
    spec: Spec
    created_at: datetime
    ended_at: datetime | None = None
    inventory: Spec = field(default_factory=dict)

    @property
    def account_name(self) -> str:
        """Name of the account that uses it."""
        return str(self.spec["account"])

    @property
    def account_id(self) -> str:
        """Id of the account that uses it."""
        return account_id(self.account_name)

    @property
    def region(self) -> str:
        """Its region."""
        return str(self.spec["region"])

    @property
    def instance_type(self) -> str | None:
        """Instance type; None where it has none."""
        kind = self.spec.get("type")
        return str(kind) if kind and "." in kind else None

    @property
    def tags(self) -> dict[str, str]:
        """Its tags; empty where nobody tagged it."""
        return {key: str(self.spec[key]) for key in TAG_KEYS if key in self.spec}

    @property
    def signals(self) -> dict[str, tuple[float, float]]:
        """What its metrics show: metric -> (night, working hours)."""
        merged = {**estate_file()["loads"][self.spec.get("load", "none")], **self.spec.get("also", {})}
        return {metric: (float(low), float(high)) for metric, (low, high) in merged.items()}


@cache
def estate_file() -> Spec:
    """Return estate.yaml, with the lists of planted_*.yaml behind its own."""
    content: dict[str, Any] = {}
    package = files(__package__)
    names = sorted(file.name for file in package.iterdir() if file.name.startswith("planted_") and file.name.endswith(".yaml"))
    for name in ("estate.yaml", *names):
        for section, entries in yaml.safe_load((package / name).read_text(encoding="utf-8")).items():
            content[section] = [*content.get(section, []), *entries] if isinstance(entries, list) else entries
    return content


def account_id(name: str) -> str:
    """Return the id of an account of the demo organisation."""
    return str(estate_file()["accounts"][name])


def night(plan: EstatePlan) -> datetime:
    """Return the instant that the estate ends at: midnight of the night, UTC."""
    return datetime.combine(plan.as_of, time())


def digest(plan: EstatePlan, *names: str) -> str:
    """Return hex digits that stand for a name under this seed."""
    return hashlib.sha256("/".join((str(plan.seed), *names)).encode()).hexdigest()


def ec2_resource(plan: EstatePlan, kind: str, prefix: str, spec: Spec, **rest: Any) -> Resource:  # noqa: ANN401 -- fields of Resource
    """Return a resource whose bare id is what both the bill and the inventory show."""
    resource_id = f"{prefix}-0{digest(plan, kind, spec['account'], spec['name'])[:16]}"
    created_at = rest.pop("created_at", born(plan, spec))
    return Resource(kind, spec["name"], resource_id, rest.pop("billing_id", resource_id), spec, created_at, **rest)


def born(plan: EstatePlan, spec: Spec) -> datetime:
    """Return when a resource was created: ``days`` before the night, at an odd minute."""
    return night(plan) - timedelta(days=spec.get("days", ALWAYS_DAYS), minutes=-37)


def arn(service: str, spec: Spec, tail: str) -> str:
    """Return an ARN in the resource's account and region."""
    return f"arn:aws:{service}:{spec['region']}:{account_id(spec['account'])}:{tail}"


def machines(plan: EstatePlan, specs: list[Spec]) -> Iterator[Resource]:
    """Return each machine and its root volume."""
    for spec in specs:
        state = spec.get("state", "running")
        described = {**spec, "unknown": {**_unknown_of_family(spec), **spec.get("unknown", {})}}
        machine = ec2_resource(plan, "virtual_machine", "i", described, inventory={"state": state})
        yield machine
        bare = {key: value for key, value in spec.items() if key not in _OF_THE_MACHINE}
        root = {**bare, **spec.get("root", {}), "name": f"{spec['name']}-root", "type": "gp3", "gib": 100, "load": "none", "also": {}}
        if state == "running" and machine.signals:
            root["also"] = {"disk_operations": (2.0e3, 9.0e4)}
        attachment = {"state": "in_use", "attached_to": machine.resource_id, "size_gib": 100.0, "volume_type": "gp3"}
        yield ec2_resource(plan, "block_volume", "vol", root, inventory=attachment)


def _unknown_of_family(spec: Spec) -> Spec:
    """Return what rules cannot judge of a machine because of its type; of stopped ones and Spot they do not ask."""
    if spec.get("state") == "stopped" or spec.get("purchase") == "spot":
        return {}
    unknown: Spec = estate_file()["families"].get(spec["type"].partition(".")[0], {})
    return unknown


def steady_specs(count: int) -> list[Spec]:
    """Return the machines that make the bill as long as asked, in turn from the list of estate.yaml."""
    patterns = estate_file()["steady"]
    return [{**patterns[number % len(patterns)], "name": f"node-{number:05d}", "load": "busy", "size": "steady"} for number in range(count)]
