"""An estate taken through the night's own functions from its files to the ledger, without the orchestrator. No test is here."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from costsieve.core.charges import create_charges_view
from costsieve.core.derived import compute_instance_rates, compute_month_views, compute_resource_costs
from costsieve.core.duplicate_charges import record_duplicate_charges
from costsieve.core.gcp_commitments import attribute_commitments
from costsieve.core.raw_views import create_raw_views
from costsieve.core.roll_up import roll_up_changes
from costsieve.estate.plan import EstatePlan
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import load_rules
from costsieve.home import Home
from costsieve.settings import Settings, load_settings
from costsieve.sources.configured import sources_of
from costsieve.sources.landing import load_source
from costsieve.usage import estate as usage
from costsieve.usage.lake_views import create_lake_views
from costsieve.warehouse import Connection, Warehouse

type Pair = tuple[str, str, str, str]
"""Rule, provider, account and resource."""


@dataclass(frozen=True)
class Ledger:
    """What all rules concluded of an estate; targets by rule, and savings where a rule knows them."""

    found: frozenset[Pair]
    clean: frozenset[Pair]
    not_evaluable: dict[Pair, str]
    monthly_savings: dict[Pair, Decimal]
    targets: dict[str, set[str]]


def evaluate(folder: Path, plan: EstatePlan) -> Ledger:
    """Land everything that the estate's configuration names, and run every rule."""
    settings = load_settings(folder / "costsieve.yaml")
    warehouse = Warehouse(Home(settings.home), settings.memory_limit)
    for source in sources_of(settings):
        load_source(warehouse, source, plan.as_of, datetime.combine(plan.as_of, datetime.min.time(), UTC) + timedelta(hours=3))
    with warehouse.transaction() as connection:
        _prepare(connection, warehouse.home, settings, plan)
        for rule in load_rules():
            evaluate_rule(connection, rule, plan.as_of, settings)
        return _ledger(connection)


def _prepare(connection: Connection, home: Home, settings: Settings, plan: EstatePlan) -> None:
    record_duplicate_charges(connection)
    create_raw_views(connection, home, settings.allocation)
    create_charges_view(connection)
    roll_up_changes(connection, settings.allocation)
    compute_month_views(connection)
    attribute_commitments(connection)
    compute_resource_costs(connection, plan.as_of)
    compute_instance_rates(connection, plan.as_of)
    create_lake_views(connection, home)
    usage.roll_up_utilization(connection, plan.as_of)
    usage.load_inventory(connection, plan.as_of)
    usage.load_instance_types(connection)
    usage.match_estate(connection)
    usage.itemise_charges(connection, plan.as_of)
    usage.read_unit_prices(connection, plan.as_of)
    usage.describe_machines(connection)
    usage.price_instances(connection)
    usage.summarise_objects(connection, plan.as_of)


def _ledger(connection: Connection) -> Ledger:
    judged = "SELECT rule_id, provider, account_id, resource_id"
    rows: list[Any] = connection.execute(f"{judged}, outcome, reason FROM results.evaluations").fetchall()
    by_outcome = {name: frozenset(tuple(key) for *key, outcome, _ in rows if outcome == name) for name in ("finding", "clean")}
    unknown = {tuple(key): reason for *key, outcome, reason in rows if outcome == "not_evaluable"}
    found: list[Any] = connection.execute(f"{judged}, monthly_savings, target FROM results.findings").fetchall()
    savings = {tuple(key): saved for *key, saved, _ in found if saved is not None}
    targets: dict[str, set[str]] = {key[0]: set() for *key, _, _ in found}
    for *key, _, target in found:
        targets[key[0]].add(target)
    return Ledger(by_outcome["finding"], by_outcome["clean"], unknown, savings, targets)
