"""Which usage each resource is charged for: price, quantity and hours. Amounts of money are computed in usage_lines.py."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from costsieve.estate.aws.fleet import Resource
from costsieve.estate.aws.prices import Price, price_list
from costsieve.estate.plan import EstatePlan

RESERVATION_DAYS_IN = 12
"""The reservation is bought this many days into the estate, so that its purchase is on the bill too."""

Hours = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Charge:
    """One kind of usage of one resource, charged by the hour or by the day.

    Args:
        resource: the resource.
        price: its price.
        quantity: units per hour, or per day where daily; the size for prices per month.
        spread: relative spread of the quantity; 0 where it never varies.
        daily: charged once a day.
        purchase: on_demand, spot, reserved or savings_plan.
    """

    resource: Resource
    price: Price
    quantity: float = 1.0
    spread: float = 0.0
    daily: bool = False
    purchase: str = "on_demand"

    @property
    def span(self) -> int:
        """Hours that one line item covers."""
        return 24 if self.daily else 1


def charges_of(resource: Resource) -> Iterator[Charge]:
    """Yield the charges of a resource: those that its entry names under ``charges``, else those of its kind."""
    if "charges" in resource.spec:
        yield from _metered(resource.spec["charges"], resource)
    else:
        yield from _CHARGES[resource.kind](resource)


def hours_in_window(charge: Charge, plan: EstatePlan, draws: np.random.Generator) -> Hours:
    """Return the first hour of each line item, counted from the start of the estate."""
    first, last = lifetime(charge.resource, plan)
    bought = RESERVATION_DAYS_IN * 24
    if charge.resource.spec.get("purchase") == "reserved" and charge.price.instance_type:
        first, last = (max(first, bought), last) if charge.purchase == "reserved" else (first, min(last, bought))
    if charge.daily:
        return np.arange(-(-first // 24) * 24, last, 24)
    hours = np.arange(first, last)
    return hours[is_running(charge.resource.spec.get("hours", "always"), hours, plan, draws)]


def lifetime(resource: Resource, plan: EstatePlan) -> tuple[int, int]:
    """Return the first hour of a resource within the estate, and the hour after its last."""
    hours = plan.days * 24
    end = hours_since_start(resource.ended_at, plan) if resource.ended_at else hours
    return max(0, hours_since_start(resource.created_at, plan)), end


def hours_since_start(instant: object, plan: EstatePlan) -> int:
    """Return whole hours from the start of the estate to an instant; negative before it."""
    return int((np.datetime64(instant, "h") - np.datetime64(plan.window.start, "h")).astype(int))  # type: ignore[call-overload]


def is_running(pattern: str, hours: Hours, plan: EstatePlan, draws: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Return whether a machine runs in each hour: always, in working hours (7 to 19, Monday to Friday), or in bursts of six hours."""
    if pattern == "working":
        weekday = (plan.window.start.weekday() + hours // 24) % 7
        return (weekday < 5) & (hours % 24 >= 7) & (hours % 24 < 19)
    if pattern == "bursts":
        blocks = draws.random(plan.days * 4) < 0.3
        return np.asarray(blocks[hours // 6])
    return np.ones(len(hours), dtype=bool)


def _machine(resource: Resource) -> Iterator[Charge]:
    spec, prices = resource.spec, price_list()
    if spec.get("state") == "stopped":
        yield from _metered(spec.get("beside", {}), resource)
        return
    purchase = spec.get("purchase", "on_demand")
    if purchase == "spot":
        yield Charge(resource, prices[f"spot:{spec['type']}"], 0.8, spread=0.25, purchase=purchase)
        return
    if spec.get("size") == "steady":
        yield Charge(resource, prices[spec["type"]], 0.98, spread=0.02)
        yield Charge(resource, prices["interzone-in"], 6.0, spread=0.6)
        yield Charge(resource, prices["interzone-out"], 4.0, spread=0.6)
        return
    yield Charge(resource, prices[spec["type"]], purchase=purchase)
    yield from _metered(spec.get("beside", {}), resource)
    if purchase == "reserved":
        yield Charge(resource, prices[spec["type"]])


def _volume(resource: Resource) -> Iterator[Charge]:
    spec, prices = resource.spec, price_list()
    is_steady = spec.get("size") == "steady"
    yield Charge(resource, prices[spec["type"]], spec["gib"], spread=0.01 if is_steady else 0.0, daily=not is_steady)
    if "iops" in spec:
        yield Charge(resource, prices["io1-iops"], spec["iops"], daily=True)


def _snapshot(resource: Resource) -> Iterator[Charge]:
    yield Charge(resource, price_list()["snapshot"], resource.spec["gib"], daily=True)


def _instances(prefix: str, resource: Resource) -> Iterator[Charge]:
    yield Charge(resource, price_list()[prefix + str(resource.spec["type"])], float(resource.spec.get("count", 1)))


def _database(resource: Resource) -> Iterator[Charge]:
    yield from _instances("", resource)
    yield Charge(resource, price_list()["rds-gp3"], resource.spec["gib"], daily=True)
    yield from _metered(resource.spec.get("beside", {}), resource)


def _bucket(resource: Resource) -> Iterator[Charge]:
    prices = price_list()
    for key in ("s3-standard", "s3-ia", "s3-deep-archive"):
        if key in resource.spec:
            yield Charge(resource, prices[key], resource.spec[key], spread=0.002, daily=True)
    yield Charge(resource, prices["s3-put"], 240_000, spread=0.5, daily=True)
    yield Charge(resource, prices["s3-get"], 5_200_000, spread=0.5, daily=True)
    yield from _metered(resource.spec.get("beside", {}), resource)


def _metered(keys: Mapping[str, float], resource: Resource) -> Iterator[Charge]:
    for key, per_day in keys.items():
        price = price_list()[key]
        is_steady = price.is_monthly or price.unit in {"Hrs", "vCPU-Hours"}
        yield Charge(resource, price, per_day, spread=0.0 if is_steady else 0.3, daily=True)


def _nat(resource: Resource) -> Iterator[Charge]:
    per_day = resource.spec["nat_gb_per_day"]
    yield from _metered({"nat-hour": 24, "nat-bytes": per_day, "internet-out": per_day / 9}, resource)


_CHARGES: Mapping[str, Callable[[Resource], Iterator[Charge]]] = {
    "virtual_machine": _machine,
    "block_volume": _volume,
    "snapshot": _snapshot,
    "inference_endpoint": partial(_instances, "host:"),
    "notebook": partial(_instances, "notebook:"),
    "training_job": partial(_instances, "train:"),
    "database": _database,
    "bucket": _bucket,
    "nat_gateway": _nat,
    "ip_address": partial(_metered, {"ipv4": 24}),
    "load_balancer": partial(_metered, {"alb-hour": 24, "alb-lcu": 40}),
}
