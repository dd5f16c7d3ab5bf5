"""Savings at the price that is paid and at list price, worked by hand; in cash: see test_cash."""

from decimal import Decimal

from costsieve.findings.savings import Costs, Freed, commitment_scope, freed_by, price, resource_costs


def _amounts(*numbers: str) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def test_termination_frees_the_whole_cost_and_its_commitment() -> None:
    cost, list_cost, committed = _amounts("60.50", "110", "50")

    assert freed_by(Costs(cost, list_cost, committed, cost, list_cost), Decimal(0)) == Freed(cost, list_cost, committed)


def test_a_smaller_instance_frees_its_share_of_the_instance_only() -> None:
    # 70 a month: 60 for the instance under a Savings Plan (list 100), 10 for traffic. Half the size: 30 of 70 are saved.
    cost, list_cost, committed, instance, instance_list = _amounts("70", "110", "60", "60", "100")
    share = Decimal(40) / Decimal(70)

    freed = freed_by(Costs(cost, list_cost, committed, instance, instance_list), share)

    assert [round(amount, 9) for amount in (freed.cost, freed.list_cost, freed.committed_cost)] == [30, 50, 30]


def test_a_negative_cost_saves_nothing() -> None:
    cost = Decimal(-3)

    assert freed_by(Costs(cost, cost, Decimal(0), cost, cost), Decimal(0)).cost == 0


def test_cash_is_the_same_where_no_commitment_is_freed_and_open_where_one_is() -> None:
    assert price(Freed(Decimal(100), Decimal(150), Decimal(0))).monthly_cash_savings == 100
    assert price(Freed(Decimal(100), Decimal(150), Decimal(80))).monthly_cash_savings is None


def test_cents_are_rounded_once_and_half_to_even() -> None:
    savings = price(Freed(Decimal("10.125"), Decimal("10.135"), Decimal(0)))

    assert (savings.monthly_savings, savings.monthly_list_savings) == (Decimal("10.12"), Decimal("10.14"))


def test_machines_of_each_provider_compete_for_the_commitments_that_cover_them() -> None:
    assert commitment_scope("AWS", "virtual_machine") == "compute"
    assert commitment_scope("AWS", "notebook") == "machine_learning"
    assert commitment_scope("GCP", "notebook") == "compute"
    assert commitment_scope("AWS", "block_volume") is None


def test_an_action_on_a_machine_that_stays_works_on_its_instance() -> None:
    amounts = {"monthly_cost": 70, "monthly_list_cost": 110, "monthly_committed_cost": 0}
    machine = {name: Decimal(value) for name, value in {**amounts, "monthly_instance_cost": 60, "monthly_instance_list_cost": 100}.items()}
    volume = machine | {"monthly_instance_cost": Decimal(0), "monthly_instance_list_cost": Decimal(0)}

    assert [resource_costs(action, machine).action_cost for action in ("terminate", "schedule", "rightsize", "migrate")] == [70, 60, 60, 60]
    assert resource_costs("rightsize", volume).action_cost == 70
