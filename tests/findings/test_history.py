"""Three nights, worked out by hand: what came, changed and went, why, and that the bridge adds up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from costsieve.contracts.verdicts import CLEAN
from costsieve.findings.history import record_changes
from costsieve.findings.rule import Rule
from costsieve.rule_settings import RuleOverride, RuleSettings
from costsieve.settings import Settings
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert
from tests.findings.nights import FIRST, IDLE, SECOND, THIRD, Seen, changes, detail, publish, rule, run_night

STRICTER = rule("idle_vm", cpu_percent="3", minimum_monthly_savings="1")
OLD = rule("old_rule")
STOPPED = {"state": "stopped"}
GONE = {"is_in_inventory": False, "state": None}


def two_nights(
    connection: Connection, before: Seen, now: Seen | None, rules: Sequence[Rule] = (IDLE,), neighbour: str = "i-neighbour"
) -> tuple[str, str, Decimal]:
    """The change of one resource from the first night to the second, beside a neighbour that stays as it is."""
    other = Seen(neighbour, "clean")
    run_night(connection, FIRST, [before, other])
    run_night(connection, SECOND, [other] if now is None else [now, other], rules)
    return changes(connection, SECOND)[before.resource_id]


# The three nights.

NIGHTS = {
    FIRST: [
        Seen("i-began", "clean"),
        Seen("i-grown", savings="100.00"),
        Seen("i-fixed", savings="80.00"),
        Seen("vol-deleted", savings="20.00", cost="20.00"),
        Seen("i-lost", savings="50.00"),
        Seen("i-excepted", savings="40.00"),
        Seen("i-threshold", savings="30.00"),
        Seen("i-same", savings="7.00"),
        Seen("i-old", savings="5.00", rule_id="old_rule"),
    ],
    SECOND: [
        Seen("i-new", savings="60.00"),
        Seen("i-began", savings="25.50"),
        Seen("i-grown", savings="130.00", cost="130.00"),
        Seen("i-fixed", "clean", listed=STOPPED),
        Seen("vol-deleted", "clean", cost="20.00", listed=GONE),
        Seen("i-lost", "not_evaluable", reason="no_metric"),
        Seen("i-excepted", "excepted", reason="jump host"),
        Seen("i-threshold", savings="30.00"),
        Seen("i-same", savings="7.00"),
        Seen("i-old", savings="5.00", rule_id="old_rule"),
    ],
    THIRD: [
        Seen("i-new", savings="60.00"),
        Seen("i-began", savings="20.25", cost="90.00"),
        Seen("i-grown", savings="130.00", cost="130.00"),
        Seen("i-fixed", savings="80.00"),
        Seen("i-lost", savings="50.00"),
        Seen("i-excepted", savings="40.00"),
        Seen("i-threshold", "clean"),
        Seen("i-same", savings="7.00"),
        Seen("i-old", "clean", rule_id="other_rule"),
    ],
}
RULES = {FIRST: (IDLE, OLD), SECOND: (IDLE, OLD), THIRD: (STRICTER,)}


@pytest.fixture
def three_nights(connection: Connection) -> Connection:
    for night, seen in NIGHTS.items():
        run_night(connection, night, seen, RULES[night])
    return connection


def test_the_first_night_has_nothing_to_be_compared_with(three_nights: Connection) -> None:
    assert changes(three_nights, FIRST) == {}


def test_the_second_night_says_what_changed_and_why(three_nights: Connection) -> None:
    assert changes(three_nights, SECOND) == {
        "i-new": ("new", "new_resource", Decimal("60.00")),
        "i-began": ("new", "criteria_met", Decimal("25.50")),
        "i-grown": ("grown", "cost_changed", Decimal("30.00")),
        "i-fixed": ("gone", "fixed", Decimal("-80.00")),
        "vol-deleted": ("gone", "resource_deleted", Decimal("-20.00")),
        "i-lost": ("gone", "metric_lost", Decimal("-50.00")),
        "i-excepted": ("excepted", "excepted", Decimal("-40.00")),
    }


def test_the_third_night_says_what_came_back_and_what_the_rules_made_go(three_nights: Connection) -> None:
    assert changes(three_nights, THIRD) == {
        "i-began": ("shrunk", "threshold_changed", Decimal("-5.25")),
        "i-fixed": ("back", "threshold_changed", Decimal("80.00")),
        "i-lost": ("back", "metric_gained", Decimal("50.00")),
        "i-excepted": ("back", "exception_ended", Decimal("40.00")),
        "i-threshold": ("gone", "threshold_changed", Decimal("-30.00")),
        "i-old": ("gone", "rule_removed", Decimal("-5.00")),
    }


def test_the_bridge_of_each_night_leads_from_one_total_to_the_next(three_nights: Connection) -> None:
    # 332.00 on the first night, 257.50 on the second (332.00 + 115.50 - 190.00), 387.25 on the third (257.50 + 170.00 - 40.25).
    totals = dict(query(three_nights, "SELECT as_of, sum(monthly_savings) FROM results.findings GROUP BY as_of").rows())
    moved = dict(query(three_nights, "SELECT as_of, sum(difference) FROM results.finding_changes GROUP BY as_of").rows())

    assert totals == {FIRST: Decimal("332.00"), SECOND: Decimal("257.50"), THIRD: Decimal("387.25")}
    assert moved == {SECOND: Decimal("-74.50"), THIRD: Decimal("129.75")}


def test_a_change_says_what_was_seen_of_it(three_nights: Connection) -> None:
    assert detail(three_nights, SECOND, "i-fixed") == "state: running → stopped"
    assert detail(three_nights, SECOND, "i-lost") == "no_metric"
    assert detail(three_nights, SECOND, "i-excepted") == "jump host"
    assert detail(three_nights, THIRD, "i-threshold") == "cpu_percent: 5 → 3"


def test_every_finding_has_its_first_and_last_night(three_nights: Connection) -> None:
    rows = query(
        three_nights,
        "SELECT resource_id, first_seen, last_seen, last_changed, gone_on, gone_reason, nights_reported, returns "
        "FROM results.finding_history",
    ).rows()

    assert {row[0]: row[1:] for row in rows} == {
        "i-new": (SECOND, THIRD, SECOND, None, None, 2, 0),
        "i-began": (SECOND, THIRD, THIRD, None, None, 2, 0),
        "i-grown": (FIRST, THIRD, SECOND, None, None, 3, 0),
        "i-fixed": (FIRST, THIRD, THIRD, None, None, 2, 1),
        "vol-deleted": (FIRST, FIRST, SECOND, SECOND, "resource_deleted", 1, 0),
        "i-lost": (FIRST, THIRD, THIRD, None, None, 2, 1),
        "i-excepted": (FIRST, THIRD, THIRD, None, None, 2, 1),
        "i-threshold": (FIRST, SECOND, THIRD, THIRD, "threshold_changed", 2, 0),
        "i-same": (FIRST, THIRD, FIRST, None, None, 3, 0),
        "i-old": (FIRST, SECOND, THIRD, THIRD, "rule_removed", 2, 0),
    }


# Nights that run again, late, or never publish.


def told(connection: Connection) -> list[tuple[object, ...]]:
    sql = "FROM results.finding_changes ORDER BY ALL"
    return [*query(connection, sql).rows(), *query(connection, "FROM results.finding_history ORDER BY ALL").rows()]


@pytest.mark.parametrize(
    "order", [[THIRD, SECOND, FIRST], [FIRST, THIRD, SECOND], [FIRST, SECOND, THIRD, SECOND, FIRST], [SECOND, SECOND, FIRST, THIRD]]
)
def test_nights_in_any_order_lead_to_the_same_history(connection: Connection, three_nights: Connection, order: list[date]) -> None:
    expected = told(three_nights)
    for table in ("finding_changes", "finding_history", "findings", "evaluations", "resource_states", "rule_parameters"):
        connection.execute(f"DELETE FROM results.{table}")
    connection.execute("DELETE FROM meta.nights")

    for night in order:
        run_night(connection, night, NIGHTS[night], RULES[night])

    assert told(connection) == expected


def test_a_night_that_was_never_published_is_compared_with_nothing(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="10.00")])
    run_night(connection, SECOND, [Seen("i-1", savings="20.00")])
    connection.execute("DELETE FROM meta.nights WHERE as_of = ?", [SECOND])

    run_night(connection, THIRD, [Seen("i-1", savings="15.00")])

    rows = query(connection, "SELECT as_of, previous_night, difference FROM results.finding_changes").rows()
    assert rows == [(THIRD, FIRST, Decimal("5.00"))]


def test_a_night_that_turns_out_otherwise_when_it_runs_again_changes_the_next_one(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="10.00")])
    run_night(connection, SECOND, [Seen("i-1", savings="20.00")])

    run_night(connection, FIRST, [Seen("i-1", savings="20.00")])

    assert changes(connection, SECOND) == {}


# One reason at a time.


def test_a_deleted_resource_without_metrics_is_deleted_not_lost(connection: Connection) -> None:
    now = Seen("i-1", "not_evaluable", reason="no_metric", listed=GONE)

    assert two_nights(connection, Seen("i-1", savings="9.00"), now)[:2] == ("gone", "resource_deleted")


def test_a_resource_that_neither_bill_nor_inventory_knows_any_more_is_deleted(connection: Connection) -> None:
    assert two_nights(connection, Seen("i-1", savings="9.00"), None)[:2] == ("gone", "resource_deleted")


def test_a_resource_is_not_deleted_because_the_inventory_fails(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="9.00")])
    unlisted = {"is_in_inventory": False, "is_inventoried_type": False, "state": None}
    run_night(connection, SECOND, [Seen("i-1", "not_evaluable", reason="not_in_inventory", listed=unlisted)])

    assert changes(connection, SECOND)["i-1"][:2] == ("gone", "metric_lost")


def test_without_an_inventory_the_bill_tells_that_something_was_done(connection: Connection) -> None:
    unlisted = {"is_in_inventory": False, "is_inventoried_type": False, "state": None}
    charged = unlisted | {"last_charged_on": date(2026, 9, 28)}
    ended = unlisted | {"last_charged_on": date(2026, 9, 20)}
    month = {"ResourceId": "i-1", "window_end": SECOND}
    insert(connection, "core.resource_costs", [month])
    run_night(connection, FIRST, [Seen("i-1", savings="9.00", listed=charged)])

    run_night(connection, SECOND, [Seen("i-1", "not_evaluable", reason="no_metric", listed=ended)])

    assert changes(connection, SECOND)["i-1"][:2] == ("gone", "fixed")
    assert detail(connection, SECOND, "i-1") == "no charge since 2026-09-20"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ({"instance_type": "m5.4xlarge"}, {"instance_type": "m5.large"}, "instance type: m5.4xlarge → m5.large"),
        ({"attached_to": None}, {"attached_to": "i-7"}, "attached to: nothing → i-7"),
        ({"volume_type": "gp2"}, {"volume_type": "gp3"}, "volume type: gp2 → gp3"),
        ({"attributes": {"retention_days": "never"}}, {"attributes": {"retention_days": "30"}}, "retention days: never → 30"),
    ],
)
def test_what_was_done_is_seen_in_the_inventory(
    connection: Connection, before: dict[str, object], after: dict[str, object], said: str
) -> None:
    change = two_nights(connection, Seen("r-1", savings="9.00", listed=before), Seen("r-1", "clean", listed=after))

    assert (change[:2], detail(connection, SECOND, "r-1")) == (("gone", "fixed"), said)


def test_what_is_only_measured_of_a_resource_is_no_action(connection: Connection) -> None:
    before, after = ({"attributes": {"stored_bytes": size}} for size in ("10", "20"))

    change = two_nights(connection, Seen("r-1", savings="9.00", listed=before), Seen("r-1", "clean", listed=after))

    assert change[:2] == ("gone", "judged_clean")


def test_a_resource_that_is_used_again_was_not_fixed(connection: Connection) -> None:
    assert two_nights(connection, Seen("i-1", savings="9.00"), Seen("i-1", "clean"))[:2] == ("gone", "judged_clean")


def test_a_smaller_machine_with_a_smaller_finding_was_resized(connection: Connection) -> None:
    large, small = {"instance_type": "m5.4xlarge"}, {"instance_type": "m5.2xlarge"}

    change = two_nights(connection, Seen("i-1", savings="90.00", listed=large), Seen("i-1", savings="40.00", listed=small))

    assert change == ("shrunk", "resized", Decimal("-50.00"))


def test_a_cost_that_fell_below_the_minimum_is_no_fix(connection: Connection) -> None:
    change = two_nights(connection, Seen("i-1", savings="8.00", cost="80.00"), Seen("i-1", "clean", cost="9.00", reason="small"))

    assert change[:2] == ("gone", "cost_fell_below")
    assert detail(connection, SECOND, "i-1") == "the savings are below the minimum: it costs 9.00 a month, 80.00 before"


@pytest.mark.parametrize(
    ("word", "reason"), [("stopped", "fixed"), ("part_time", "fixed"), ("gone", "resource_deleted"), ("busy", "judged_clean")]
)
def test_the_rules_own_word_tells_what_was_put_right(connection: Connection, word: str, reason: str) -> None:
    change = two_nights(
        connection, Seen("i-1", savings="8.00"), Seen("i-1", "clean", reason=word), (STRICTER,) if reason == "fixed" else (IDLE,)
    )

    assert (change[1], detail(connection, SECOND, "i-1")) == (reason, CLEAN[word])


def test_a_rule_that_does_not_look_at_the_resource_any_more_is_said(connection: Connection) -> None:
    assert two_nights(connection, Seen("i-1", savings="8.00"), Seen("i-1", None))[:2] == ("gone", "not_in_scope")


def test_another_select_with_the_same_thresholds_is_another_rule(connection: Connection) -> None:
    rewritten = rule("idle_vm", "SELECT 2", cpu_percent="5", minimum_monthly_savings="1")

    assert two_nights(connection, Seen("i-1", savings="8.00"), Seen("i-1", "clean"), (rewritten,))[:2] == ("gone", "rule_changed")


def test_five_and_five_point_zero_are_one_threshold(connection: Connection) -> None:
    same = rule("idle_vm", cpu_percent="5.0", minimum_monthly_savings="1.00")

    assert two_nights(connection, Seen("i-1", savings="8.00"), Seen("i-1", "clean"), (same,))[:2] == ("gone", "judged_clean")


def test_an_override_changes_the_thresholds_of_the_resources_that_it_fits(connection: Connection) -> None:
    override = RuleOverride.model_validate({"tags": {"team": "vision"}, "cpu_percent": 2})
    settings = Settings(rules={"idle_vm": RuleSettings(overrides=(override,))})
    vision, serving = ({"state": "running", "team": team} for team in ("vision", "serving"))
    run_night(connection, FIRST, [Seen("i-1", savings="8.00", listed=vision), Seen("i-2", savings="8.00", listed=serving)])

    run_night(connection, SECOND, [Seen("i-1", "clean", listed=vision), Seen("i-2", "clean", listed=serving)], settings=settings)

    assert {resource: change[1] for resource, change in changes(connection, SECOND).items()} == {
        "i-1": "threshold_changed",
        "i-2": "judged_clean",
    }


def test_a_new_rule_is_the_reason_of_its_findings(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", "clean")])
    run_night(connection, SECOND, [Seen("i-1", "clean"), Seen("i-1", savings="3.00", rule_id="old_rule")], (IDLE, OLD))

    assert changes(connection, SECOND)["i-1"] == ("new", "rule_added", Decimal("3.00"))


def test_findings_of_unknown_savings_change_no_total(connection: Connection) -> None:
    assert two_nights(connection, Seen("b-1"), Seen("b-1", "clean")) == ("gone", "judged_clean", Decimal("0.00"))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, "5.00", ("grown", "savings_known", Decimal("5.00"))),
        ("5.00", None, ("shrunk", "savings_unknown", Decimal("-5.00"))),
    ],
)
def test_savings_that_become_known_or_unknown_are_in_the_bridge(
    connection: Connection, before: str | None, after: str | None, expected: tuple[str, str, Decimal]
) -> None:
    assert two_nights(connection, Seen("b-1", savings=before), Seen("b-1", savings=after)) == expected


def test_a_finding_that_is_charged_in_another_currency_leaves_one_total_and_enters_the_other(connection: Connection) -> None:
    dollars = Seen("i-1", savings="8.00")
    run_night(connection, FIRST, [dollars])
    run_night(connection, SECOND, [replace(dollars, currency="EUR", savings="7.00")])

    rows = query(connection, "SELECT currency, change, reason, difference FROM results.finding_changes ORDER BY currency").rows()
    assert rows == [
        ("EUR", "new", "currency_changed", Decimal("7.00")),
        ("USD", "gone", "currency_changed", Decimal("-8.00")),
    ]


def test_nights_of_a_version_that_kept_no_thresholds_are_compared_all_the_same(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="8.00")])
    connection.execute("DELETE FROM results.rule_parameters")
    connection.execute("DELETE FROM results.resource_states")

    run_night(connection, SECOND, [Seen("i-1", "clean"), Seen("i-2", savings="1.00")])

    assert changes(connection, SECOND)["i-1"][:2] == ("gone", "judged_clean")


def test_the_night_says_how_many_findings_changed(connection: Connection) -> None:
    run_night(connection, FIRST, [Seen("i-1", savings="8.00"), Seen("i-2", savings="8.00")])

    recorded = run_night(connection, SECOND, [Seen("i-1", "clean"), Seen("i-3", savings="8.00")])

    assert recorded.changes == {"gone": 2, "new": 1}


def test_telling_a_published_night_again_changes_nothing(three_nights: Connection) -> None:
    before = told(three_nights)
    publish(three_nights, THIRD)

    record_changes(three_nights, SECOND)

    assert told(three_nights) == before
