"""The three savings measures, worked by hand."""

from decimal import Decimal

from costsieve.findings.savings import Costs, Freed, commitment_scope, freed_by, price


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


def test_a_commitment_is_saved_as_far_as_other_machines_take_it_over() -> None:
    # 100 is freed, 80 of it committed. Other machines cost 50 on demand (70 less the 20 on demand that is freed itself).
    [savings] = price([Freed(Decimal(100), Decimal(150), Decimal(80))], on_demand_cost=Decimal(70))

    assert [savings.monthly_savings, savings.monthly_list_savings, savings.monthly_cash_savings] == [100, 150, 70]
    assert savings.absorbed_cost == 50


def test_enough_other_usage_saves_the_commitment_whole_and_none_saves_only_what_was_on_demand() -> None:
    freed = Freed(Decimal(100), Decimal(150), Decimal(80))

    assert price([freed], Decimal(500))[0].monthly_cash_savings == 100
    assert price([freed], Decimal(0))[0].monthly_cash_savings == 20


def test_two_findings_never_use_the_same_on_demand_usage_twice() -> None:
    freed = Freed(Decimal(40), Decimal(60), Decimal(40))

    assert [savings.monthly_cash_savings for savings in price([freed, freed], Decimal(50))] == [40, 10]


def test_what_no_other_machine_is_in_reach_of_is_no_cash_however_many_there_are() -> None:
    # 100 is freed, 80 of it committed, 60 of that under a commitment that is not shared.
    [savings] = price([Freed(Decimal(100), Decimal(150), Decimal(80), unshared_cost=Decimal(60))], on_demand_cost=Decimal(500))

    assert [savings.absorbed_cost, savings.monthly_cash_savings] == [20, 40]


def test_a_smaller_instance_frees_its_share_of_an_unshared_commitment() -> None:
    cost, list_cost = _amounts("60", "100")

    freed = freed_by(Costs(cost, list_cost, cost, cost, list_cost, monthly_unshared_cost=Decimal(40)), Decimal("0.5"))

    assert [freed.committed_cost, freed.unshared_cost] == [30, 20]


def test_cents_are_rounded_once_and_half_to_even() -> None:
    [savings] = price([Freed(Decimal("10.125"), Decimal("10.135"), Decimal(0))], Decimal(0))

    assert (savings.monthly_savings, savings.monthly_list_savings) == (Decimal("10.12"), Decimal("10.14"))


def test_machines_of_each_provider_compete_for_the_commitments_that_cover_them() -> None:
    assert commitment_scope("AWS", "virtual_machine") == "compute"
    assert commitment_scope("AWS", "notebook") == "machine_learning"
    assert commitment_scope("GCP", "notebook") == "compute"
    assert commitment_scope("AWS", "block_volume") is None
