"""The plan: exclusive actions in order, each priced on what is left, whose net savings add up and never exceed the bill."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from costsieve.contracts.verdicts import ACTIONS
from costsieve.findings.savings import INSTANCE_ACTIONS
from costsieve.findings.waterfall import Proposal, Step, actions_taken, sequence, write_plan
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert, insert_daily

AS_OF = date(2026, 10, 1)
PROPOSAL = Proposal(
    action="terminate",
    finding_id="a",
    recommendation_id=None,
    kind="idle_vm",
    title=None,
    provider="AWS",
    account_id="1",
    region=None,
    service=None,
    resource_id="i-1",
    resource_name=None,
    target=None,
    owner=None,
    team=None,
    project=None,
    environment=None,
    currency="USD",
    gross_savings=Decimal(100),
    savings_after_cleanup=None,
    resource_cost=Decimal(100),
    action_cost=Decimal(100),
    confidence="high",
)
ENOUGH = {"USD": Decimal(1_000_000), "EUR": Decimal(1_000_000)}


def _proposal(finding_id: str, action: str, gross: str, **others: Any) -> Proposal:  # noqa: ANN401 - fields of any type
    return replace(PROPOSAL, finding_id=finding_id, action=action, gross_savings=Decimal(gross), **others)


def _figures(steps: list[Step]) -> dict[str | None, list[Decimal]]:
    """Gross, overlap and net of each step, in order."""
    return {step.proposal.finding_id: [step.proposal.gross_savings, step.overlap, step.net_savings] for step in steps}


def test_what_is_terminated_leaves_nothing_to_right_size() -> None:
    steps = sequence([_proposal("b", "rightsize", "60"), _proposal("a", "terminate", "100")], ENOUGH)

    assert _figures(steps) == {"a": [100, 0, 100], "b": [60, 60, 0]}


def test_a_smaller_size_saves_its_share_of_what_a_schedule_left() -> None:
    # The schedule saves 70 of 100; half the size then saves 15 of the 30 that are left.
    steps = sequence([_proposal("b", "rightsize", "50"), _proposal("a", "schedule", "70")], ENOUGH)

    assert _figures(steps) == {"a": [70, 0, 70], "b": [50, 35, 15]}


def test_a_smaller_size_saves_nothing_of_the_traffic_that_a_schedule_left() -> None:
    # Of 100 the instance costs 50. The schedule halves it; a quarter of the size then saves 18.75 of its 25, and none of the other 50.
    instance = {"action_cost": Decimal(50)}
    steps = sequence([_proposal("b", "rightsize", "37.50", **instance), _proposal("a", "schedule", "25", **instance)], ENOUGH)

    assert _figures(steps) == {"a": [25, 0, 25], "b": [Decimal("37.50"), Decimal("18.75"), Decimal("18.75")]}


def test_what_ends_after_a_smaller_size_saves_what_that_left() -> None:
    steps = sequence([_proposal("b", "storage", "100"), _proposal("a", "rightsize", "30", action_cost=Decimal(60))], ENOUGH)

    assert _figures(steps) == {"a": [30, 0, 30], "b": [100, 30, 70]}


def test_actions_go_before_savings_and_larger_savings_before_smaller_ones() -> None:
    proposals = [
        _proposal("d", "rightsize", "90", resource_id="i-4"),
        _proposal("c", "terminate", "5", resource_id="i-3"),
        _proposal("b", "terminate", "80", resource_id="i-2"),
        _proposal("a", "terminate", "80", resource_id="i-1"),
    ]

    assert [step.proposal.finding_id for step in sequence(proposals, ENOUGH)] == ["a", "b", "c", "d"]


def test_the_same_id_in_another_account_or_currency_is_another_resource() -> None:
    proposals = [_proposal("a", "terminate", "100"), _proposal("b", "terminate", "100", account_id="2")]
    proposals.append(_proposal("c", "terminate", "100", currency="EUR"))

    assert [step.net_savings for step in sequence(proposals, ENOUGH)] == [100, 100, 100]


def test_a_commitment_states_itself_what_it_saves_after_clean_up() -> None:
    commitment = {"resource_id": None, "resource_cost": None, "savings_after_cleanup": Decimal(30)}

    [_, step] = sequence([_proposal("b", "commitment", "45", **commitment), _proposal("a", "terminate", "100")], ENOUGH)

    assert [step.proposal.gross_savings, step.overlap, step.net_savings] == [45, 15, 30]


def test_a_storage_rule_saves_no_more_than_its_bucket_costs() -> None:
    [step] = sequence([_proposal("a", "storage", "40", savings_after_cleanup=Decimal(40), resource_cost=Decimal(25))], ENOUGH)

    assert [step.overlap, step.net_savings] == [15, 25]


def test_a_plan_saves_no_more_than_the_usage_of_its_currency() -> None:
    proposals = [_proposal("a", "terminate", "100"), _proposal("b", "terminate", "90", resource_id="i-2")]

    steps = sequence(proposals, {"USD": Decimal("150.009")})

    assert [step.net_savings for step in steps] == [100, 50]
    assert [step.net_savings for step in sequence(proposals, {})] == [0, 0]


CENTS = st.decimals(min_value="0.01", max_value="1000", places=2)


@st.composite
def _estates(draw: st.DrawFn) -> tuple[list[Proposal], dict[str, Decimal]]:
    costs = {(resource, currency): draw(CENTS) for resource in ("i-1", "i-2", "i-3") for currency in ("USD", "EUR")}
    parts = {key: draw(st.decimals(min_value="0.01", max_value=cost, places=2)) for key, cost in costs.items()}
    proposals = []
    for number in range(draw(st.integers(0, 12))):
        resource, currency = draw(st.sampled_from(sorted(costs)))
        action, cost = draw(st.sampled_from(ACTIONS[:5])), costs[resource, currency]
        part = parts[resource, currency] if action in INSTANCE_ACTIONS else cost
        gross = draw(st.decimals(min_value="0.01", max_value=part, places=2))
        keys = {"resource_id": resource, "currency": currency, "resource_cost": cost, "action_cost": part}
        proposals.append(_proposal(f"{number:02}", action, str(gross), **keys))
    return proposals, {
        currency: sum((cost for (_, each), cost in costs.items() if each == currency), Decimal(0)) for currency in ("USD", "EUR")
    }


def _oracle(proposals: list[Proposal]) -> dict[str | None, Fraction]:
    """Each proposal's exact saving, from scratch: its share, times what every earlier proposal leaves of the instance and of the rest."""
    exact = {}
    for proposal in proposals:
        earlier = [each for each in proposals if each.resource == proposal.resource and _is_before(each, proposal)]
        part = min(Fraction(each.action_cost or 0) for each in (*earlier, proposal))
        rest = Fraction(proposal.resource_cost or 0) - part
        for other in earlier:
            share = Fraction(other.gross_savings) / Fraction(other.action_cost or 1)
            part *= 1 - share
            rest *= 1 if other.action in INSTANCE_ACTIONS else 1 - share
        share = Fraction(proposal.gross_savings) / Fraction(proposal.action_cost or 1)
        exact[proposal.finding_id] = share * (part if proposal.action in INSTANCE_ACTIONS else part + rest)
    return exact


def _is_before(one: Proposal, other: Proposal) -> bool:
    ranks = (ACTIONS.index(one.action), ACTIONS.index(other.action))
    if ranks[0] != ranks[1]:
        return ranks[0] < ranks[1]
    return (-one.gross_savings, str(one.finding_id)) < (-other.gross_savings, str(other.finding_id))


@given(_estates())
def test_every_plan_agrees_with_the_exact_one_and_its_savings_add_up(estate: tuple[list[Proposal], dict[str, Decimal]]) -> None:
    proposals, spend = estate

    steps = sequence(proposals, spend)

    exact = _oracle(proposals)
    assert sorted(step.proposal.finding_id or "" for step in steps) == sorted(exact, key=str)
    for step in steps:
        assert step.net_savings + step.overlap == step.proposal.gross_savings
        assert 0 <= step.net_savings <= step.proposal.gross_savings
        # Half a cent a step of the same resource, at most twelve.
        assert abs(Fraction(step.net_savings) - exact[step.proposal.finding_id]) <= Fraction(6, 100)
    for resource in {step.proposal.resource for step in steps}:
        own = [step for step in steps if step.proposal.resource == resource]
        assert sum(step.net_savings for step in own) <= (own[0].proposal.resource_cost or 0)
    for currency, limit in spend.items():
        assert sum(step.net_savings for step in steps if step.proposal.currency == currency) <= limit


FINDING = {
    "as_of": AS_OF,
    "rule_id": "idle_vm",
    "first_seen": AS_OF,
    "provider": "AWS",
    "account_id": "100000000002",
    "action": "terminate",
    "confidence": "high",
    "confidence_reason": "seen",
    "currency": "USD",
    "evidence": "{}",
}
RECOMMENDATION = {
    "as_of": AS_OF,
    "provider": "AWS",
    "account_id": "100000000001",
    "currency": "USD",
    "confidence": "medium",
    "assumptions": "[]",
    "details": "{}",
    "command": "-",
}


def _night(connection: Connection) -> None:
    rightsize = {"rule_id": "overprovisioned_vm", "action": "rightsize", "target": "m5.large"}
    insert(
        connection,
        "results.findings",
        [
            FINDING | {"finding_id": "a", "resource_id": "i-1", "resource_name": "web", "monthly_cost": 80, "monthly_savings": 80},
            FINDING | rightsize | {"finding_id": "b", "resource_id": "i-1", "monthly_cost": 80, "monthly_savings": 40},
            FINDING | rightsize | {"finding_id": "c", "resource_id": "i-2", "monthly_cost": 90, "monthly_savings": 30, "team": "nlp"},
            FINDING | {"finding_id": "d", "resource_id": "training-job/x", "monthly_cost": 50, "accrued_cost": 50},
            FINDING | {"finding_id": "e", "resource_id": "i-9", "as_of": date(2026, 9, 30), "monthly_cost": 9, "monthly_savings": 9},
        ],
    )
    insert(connection, "core.resource_costs", [{"ResourceId": "i-1"}])
    insert_daily(connection, 30, ResourceId="i-1", x_net_effective_cost=20)


def test_a_night_plan_holds_findings_and_recommendations_in_their_order(connection: Connection) -> None:
    _night(connection)
    commitment = {"recommendation_id": "r1", "kind": "compute_savings_plan", "title": "Buy 1.20 USD an hour", "monthly_savings": 25}
    lifecycle = {"recommendation_id": "r2", "kind": "s3_lifecycle", "title": "Set a lifecycle", "resource_id": "ml-datasets"}
    insert(
        connection,
        "results.recommendations",
        [
            RECOMMENDATION | commitment | {"monthly_savings_before_cleanup": 60},
            RECOMMENDATION | lifecycle | {"account_id": "100000000002", "monthly_savings": 12},
        ],
    )
    insert(
        connection,
        "usage.resources",
        [{"resource_id": "ml-datasets", "resource_type": "bucket", "service": "AmazonS3", "monthly_cost": 100}],
    )

    steps = write_plan(connection, AS_OF)

    columns = "step, action, finding_id, recommendation_id, title, gross_savings, overlap, net_savings"
    assert query(connection, f"SELECT {columns} FROM results.plan ORDER BY step").rows() == [
        (1, "terminate", "a", None, "Terminate web (i-1): idle virtual machine", 80, 0, 80),
        (2, "rightsize", "b", None, "Move i-1 to m5.large: over-provisioned virtual machine", 40, 40, 0),
        (3, "rightsize", "c", None, "Move i-2 to m5.large: over-provisioned virtual machine", 30, 0, 30),
        (4, "storage", None, "r2", "Set a lifecycle", 12, 0, 12),
        (5, "commitment", None, "r1", "Buy 1.20 USD an hour", 60, 35, 25),
    ]
    assert steps == 5


def test_planning_twice_changes_nothing_and_leaves_other_nights_alone(connection: Connection) -> None:
    _night(connection)
    write_plan(connection, date(2026, 9, 30))
    write_plan(connection, AS_OF)
    before = query(connection, "SELECT * FROM results.plan ORDER BY as_of, step").rows()

    write_plan(connection, AS_OF)

    assert query(connection, "SELECT * FROM results.plan ORDER BY as_of, step").rows() == before
    assert len(before) == 4


def test_a_step_names_a_resource_without_the_account_and_region_that_stand_beside(connection: Connection) -> None:
    names = {"resource_id": "arn:aws:rds:us-east-1:100000000002:db:orders", "resource_name": "orders"}
    database = FINDING | names | {"rule_id": "idle_database", "finding_id": "f", "monthly_cost": 9, "monthly_savings": 9}
    insert(connection, "results.findings", [database])
    insert_daily(connection, 30, ResourceId=names["resource_id"], x_net_effective_cost=1)

    write_plan(connection, AS_OF)

    assert query(connection, "SELECT title FROM results.plan").item() == "Delete orders: database without connections"


def test_a_night_without_findings_has_an_empty_plan(connection: Connection) -> None:
    assert write_plan(connection, AS_OF) == 0


def test_savings_that_nobody_knows_and_machines_to_commit_are_no_steps(connection: Connection) -> None:
    _night(connection)
    bucket = {"rule_id": "bucket_without_lifecycle", "action": "storage", "resource_id": "ml-data", "monthly_cost": 300}
    machine = {
        "rule_id": "long_lived_on_demand_vm",
        "action": "commitment",
        "resource_id": "i-3",
        "monthly_cost": 90,
        "monthly_savings": 30,
    }
    insert(connection, "results.findings", [FINDING | bucket | {"finding_id": "f"}, FINDING | machine | {"finding_id": "g"}])

    write_plan(connection, AS_OF)

    assert query(connection, "SELECT finding_id FROM results.plan ORDER BY step").to_series().to_list() == ["a", "b", "c"]
    assert actions_taken(connection, AS_OF)["resource_id"].to_list() == ["i-1", "i-2"]


def test_accrued_cost_is_no_step(connection: Connection) -> None:
    _night(connection)
    write_plan(connection, AS_OF)

    assert query(connection, "SELECT * FROM results.plan WHERE finding_id = 'd'").is_empty()


def test_actions_taken_tell_what_is_left_of_each_resource(connection: Connection) -> None:
    _night(connection)

    left = actions_taken(connection, AS_OF)

    assert left.columns == ["provider", "account_id", "resource_id", "currency", "remaining_cost_share"]
    assert left.rows() == [
        ("AWS", "100000000002", "i-1", "USD", Decimal(0)),
        ("AWS", "100000000002", "i-2", "USD", Decimal("0.666666666667")),
    ]


def test_without_findings_nothing_is_taken_away(connection: Connection) -> None:
    assert actions_taken(connection, AS_OF).is_empty()
