"""Every figure of a finding can be followed back to bill rows and recomputed to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.cash import write_cash_savings
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.explain import Explanation, explain
from costsieve.findings.rule import load_rules
from costsieve.settings import Settings
from costsieve.warehouse import Connection, query
from tests.findings.conftest import insert, insert_daily, insert_hours, insert_series

AS_OF = date(2026, 10, 1)

RIGHTSIZE = """-- Every machine moves to r5.2xlarge; how a target is chosen is proved beside the rule.
SELECT
    provider, account_id, resource_id, currency, 'finding' AS verdict, 'high' AS confidence, 'measured' AS confidence_reason,
    -- The instance costs 480 of 600.012 and shrinks to 0.504 of 0.768.
    CAST(1 - (1 - 0.504 / 0.768) * 480 / 600.012 AS DECIMAL(18, 12)) AS remaining_cost_share, 'r5.2xlarge' AS target,
    {'seen': true} AS evidence
FROM usage.resources
WHERE resource_type = 'virtual_machine'
"""


def _evaluate(connection: Connection, *rule_ids: str, settings: Settings | None = None) -> None:
    for rule in load_rules():
        if rule.id in rule_ids:
            known = rule.model_copy(update={"sql": RIGHTSIZE, "params": {}}) if rule.id == "overprovisioned_vm" else rule
            evaluate_rule(connection, known, AS_OF, settings or Settings())
    write_cash_savings(connection, AS_OF)


def _id(connection: Connection, rule_id: str) -> str:
    [(finding_id,)] = query(connection, "SELECT finding_id FROM results.findings WHERE rule_id = $rule_id", {"rule_id": rule_id}).rows()
    return str(finding_id)


@pytest.fixture
def estate(connection: Connection) -> Connection:
    """A machine of 30 days at 20.0004 (16 for the instance, half of it committed), idle and over-provisioned, and a hung job."""
    machine = {"resource_id": "i-1", "resource_type": "virtual_machine", "state": "running", "instance_type": "m5.4xlarge"}
    costs = {"monthly_cost": "600.012", "monthly_list_cost": 900, "monthly_committed_cost": 240, "monthly_instance_cost": 480}
    job = {"resource_id": "training-job/llm", "resource_type": "training_job", "state": "in_progress", "stop_condition_seconds": 60}
    insert(
        connection,
        "usage.resources",
        [
            machine | costs | {"monthly_instance_list_cost": 768, "vcpus": 16, "memory_gib": 64, "created_at": date(2026, 6, 1)},
            job | {"created_at": date(2026, 9, 29), "monthly_cost": 40},
        ],
    )
    insert(connection, "core.resource_costs", [{"ResourceId": "i-1"}])
    usage = {"ResourceId": "i-1", "PricingUnit": "Hrs"}
    instance = {"x_usage_type": "BoxUsage:m5.4xlarge", "x_net_effective_cost": 8}
    insert_daily(connection, 40, **usage, **instance, consumed_quantity=12)
    insert_daily(connection, 40, **usage, **instance, consumed_quantity=12, PricingCategory="Committed")
    insert_hours(connection, 40, x_usage_type="BoxUsage:m5.4xlarge", x_net_effective_cost=1)
    insert_daily(connection, 40, **usage, x_usage_type="DataTransfer-Out-Bytes", x_instance_type=None, x_net_effective_cost="4.0004")
    insert_daily(connection, 2, ResourceId="training-job/llm", ResourceType="training_job", x_net_effective_cost=20)
    insert_series(
        connection,
        [
            {"resource_id": "i-1", "metric": "cpu_percent", "from": date(2026, 9, 16), "hours": 360, "average": 1, "maximum": 4},
            {"resource_id": "i-1", "metric": "network_bytes", "from": date(2026, 9, 17), "hours": 336, "total": 1000},
        ],
    )
    return connection


def test_bill_rows_of_the_window_add_up_to_the_monthly_cost(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")

    explanation = explain(estate, _id(estate, "idle_vm"))

    assert (explanation.cost_window.start, explanation.cost_window.end) == (date(2026, 9, 1), AS_OF)
    assert explanation.bill_rows.height == 90
    assert explanation.bill_rows["net_effective_cost"].sum() == Decimal("600.012")
    assert set(explanation.bill_rows["usage_type"]) == {"BoxUsage:m5.4xlarge", "DataTransfer-Out-Bytes"}


def test_metric_series_of_the_look_back_are_summed_up(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")

    metrics = {row["metric"]: row for row in explain(estate, _id(estate, "idle_vm")).metrics.iter_rows(named=True)}

    assert (metrics["cpu_percent"]["hours_observed"], metrics["cpu_percent"]["maximum"]) == (336, 4)
    assert metrics["network_bytes"]["total"] == 336_000


def test_thresholds_are_those_the_finding_was_judged_by(estate: Connection) -> None:
    _evaluate(estate, "idle_vm", settings=Settings(rules={"idle_vm": {"cpu_percent": 8}}))

    thresholds = {each.name: (each.value, each.unit) for each in explain(estate, _id(estate, "idle_vm")).thresholds}

    assert thresholds["cpu_percent"] == ("8", "percent")
    assert thresholds["look_back_days"] == ("14", "days")


@pytest.mark.parametrize("rule_id", ["idle_vm", "overprovisioned_vm", "hung_training_job"])
def test_every_figure_is_reproduced_to_the_cent(estate: Connection, rule_id: str) -> None:
    _evaluate(estate, rule_id)

    explanation = explain(estate, _id(estate, rule_id))

    assert explanation.is_reproduced, explanation.arithmetic
    figures = {"monthly_cost", "monthly_savings", "monthly_list_savings", "monthly_cash_savings"}
    assert {line.figure for line in explanation.arithmetic} - {"accrued_cost"} == figures


def test_the_arithmetic_of_a_smaller_size_reads_as_by_hand(estate: Connection) -> None:
    # r5.2xlarge is 0.504 of 0.768, so 480 x 0.34375 = 165 of the instance; at list price 768 x 0.34375 = 264; half is committed.
    _evaluate(estate, "overprovisioned_vm")

    texts = {line.figure: line.text for line in explain(estate, _id(estate, "overprovisioned_vm")).arithmetic}

    assert texts["monthly_cost"] == "monthly_cost = 90 bill rows of 2026-09-01 to 2026-10-01 (exclusive) = 600.01 USD"
    assert texts["monthly_savings"] == "monthly_savings = (1 - 0.725005499890) x 600.012 = 165.00 USD".replace(
        "0.725005499890", "0.72500549989"
    )
    assert texts["monthly_list_savings"].endswith("/ 480 x 768 (instance cost and list cost) = 264.00 USD")
    assert texts["monthly_cash_savings"].endswith("= 165.00 USD")


def test_a_bill_that_was_restated_since_is_told(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")
    insert_daily(estate, 1, ResourceId="i-1", x_net_effective_cost=5)

    explanation = explain(estate, _id(estate, "idle_vm"))

    assert not explanation.is_reproduced
    assert explanation.arithmetic[0].text.endswith("= 605.01 USD; reported 600.01: the bill has been restated since")


def test_accrued_cost_is_the_sum_of_the_jobs_bill_rows(estate: Connection) -> None:
    _evaluate(estate, "hung_training_job")

    [line] = [line for line in explain(estate, _id(estate, "hung_training_job")).arithmetic if line.figure == "accrued_cost"]

    assert line.text == "accrued_cost = 2 bill rows since the start, in no monthly total = 40.00 USD"


def test_the_first_digits_of_an_id_are_enough_and_the_latest_night_counts(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")
    finding_id = _id(estate, "idle_vm")
    estate.execute("INSERT INTO results.findings BY NAME SELECT * REPLACE (as_of - 1 AS as_of) FROM results.findings")

    explanation = explain(estate, finding_id[:5].upper())

    assert (explanation.finding["finding_id"], explanation.finding["as_of"]) == (finding_id, AS_OF)


def test_an_unknown_id_lists_those_that_come_close(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")
    finding_id = _id(estate, "idle_vm")
    mistyped = finding_id[:-1] + ("0" if finding_id[-1] != "0" else "1")

    with pytest.raises(ConfigurationError, match=f"There is no finding '{mistyped}'. Similar ids: {finding_id}"):
        explain(estate, mistyped)


def test_an_unknown_id_that_is_like_no_other_lists_none(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")

    with pytest.raises(ConfigurationError, match=r"^There is no finding 'zzz', and none is about a resource of that name\. The report"):
        explain(estate, "zzz")


def test_a_resource_stands_for_its_only_finding(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")

    assert explain(estate, "i-1").finding["finding_id"] == _id(estate, "idle_vm")


def test_the_findings_of_a_resource_that_has_several_are_listed(estate: Connection) -> None:
    _evaluate(estate, "idle_vm", "overprovisioned_vm")

    with pytest.raises(ConfigurationError, match=r"2 findings are about i-1: .*\((idle|overprovisioned)_vm\)\. Give the id of one\."):
        explain(estate, "i-1")


def test_what_a_resource_had_on_earlier_nights_does_not_count(estate: Connection) -> None:
    _evaluate(estate, "idle_vm", "overprovisioned_vm")
    estate.execute("UPDATE results.findings SET as_of = as_of - 1 WHERE rule_id = 'idle_vm'")

    assert explain(estate, "i-1").finding["rule_id"] == "overprovisioned_vm"


def test_without_any_finding_the_message_says_so(connection: Connection) -> None:
    with pytest.raises(ConfigurationError, match="No night has reported a finding yet"):
        explain(connection, "abc")


def test_an_ambiguous_id_lists_its_matches(estate: Connection) -> None:
    _evaluate(estate, "idle_vm", "overprovisioned_vm")

    with pytest.raises(ConfigurationError, match=r"2 findings begin with ''.*Give the id of one"):
        explain(estate, "")


def test_a_finding_of_an_earlier_month_is_explained_by_the_month_before_it(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")
    estate.execute("UPDATE core.resource_costs SET window_start = window_start + 31, window_end = window_end + 31")

    window = explain(estate, _id(estate, "idle_vm")).cost_window

    assert (window.start, window.end) == (AS_OF - timedelta(days=30), AS_OF)


def test_the_text_names_rule_evidence_thresholds_metrics_bill_rows_and_arithmetic(estate: Connection) -> None:
    _evaluate(estate, "idle_vm")
    explanation: Explanation = explain(estate, _id(estate, "idle_vm"))

    text = "\n".join(explanation.lines())

    assert text.startswith(f"{explanation.finding['finding_id']} idle_vm: terminate i-1 (night of 2026-10-01)")
    for part in ("cpu_percent_max = 4.0", "cpu_percent = 5 percent", "network_bytes", "BoxUsage:m5.4xlarge", "monthly_savings = (1 - 0)"):
        assert part in text
