"""On the demo estate rules find what is planted and nothing else, and cannot judge exactly what nobody could, however bad the metrics."""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.estate.generate import write_estate
from costsieve.estate.plan import EstatePlan
from costsieve.findings.rule import load_rules
from tests.estate.evaluated import Ledger, Pair, evaluate

pytestmark = pytest.mark.slow

DISTURBED = EstatePlan(seed=11, line_items=60_000, noise=True, missing_metrics=True)
PLANS = [DISTURBED, EstatePlan(seed=3, line_items=60_000, noise=True, missing_metrics=True), EstatePlan(seed=7, line_items=60_000)]


@dataclass(frozen=True)
class Judged:
    """An estate with what its answer key expects and what all rules concluded."""

    answers: list[dict[str, Any]]
    ledger: Ledger

    @property
    def planted(self) -> frozenset[Pair]:
        return frozenset(_pair(answer) for answer in self.answers if answer["expected"] == "finding")

    @property
    def unknown(self) -> dict[Pair, str]:
        return {_pair(answer): answer["reason"] for answer in self.answers if answer["expected"] == "not_evaluable"}


def _pair(answer: dict[str, Any]) -> Pair:
    return answer["rule_id"], answer["provider"], answer["account_id"], answer["resource_id"]


def _judge(folder: Path, plan: EstatePlan) -> Judged:
    write_estate(folder, plan)
    return Judged(json.loads((folder / "answer-key.json").read_text(encoding="utf-8")), evaluate(folder, plan))


@pytest.fixture(
    scope="module", params=PLANS, ids=lambda plan: f"seed {plan.seed}, {'noise and missing metrics' if plan.noise else 'quiet'}"
)
def judged(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Judged:
    return _judge(tmp_path_factory.mktemp("estate"), request.param)


def test_every_finding_is_planted(judged: Judged) -> None:
    assert judged.ledger.found - judged.planted == frozenset()


def test_everything_planted_is_found(judged: Judged) -> None:
    assert judged.planted - judged.ledger.found == frozenset()


def test_exactly_what_nobody_could_judge_is_not_judged_and_says_why(judged: Judged) -> None:
    assert judged.ledger.not_evaluable == judged.unknown


def test_no_finding_saves_more_than_its_answer_allows(judged: Judged) -> None:
    bounds = {_pair(answer): Decimal(answer["monthly_savings_at_most"] or 0) for answer in judged.answers}

    above = {pair: savings for pair, savings in judged.ledger.monthly_savings.items() if savings > bounds[pair]}
    assert above == {}


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_planted_case_and_a_near_miss_on_each_provider(judged: Judged, rule: Any) -> None:  # noqa: ANN401 - a rule
    for provider in {scope.provider for scope in rule.applies_to}:
        judged_here = (rule.id, provider)
        assert judged_here in {pair[:2] for pair in judged.ledger.found}
        assert judged_here in {pair[:2] for pair in judged.ledger.clean}


def test_missing_metrics_turn_findings_into_what_cannot_be_judged(tmp_path: Path) -> None:
    """The same estate with and without the switch: nothing else changes, and both gaps and absent series are among the reasons."""
    whole = EstatePlan(seed=11, line_items=60_000)
    with_metrics, without = _answers(tmp_path / "with", whole), _answers(tmp_path / "without", replace(whole, missing_metrics=True))

    lost = {pair for pair, answer in with_metrics.items() if answer == "finding"} - {
        pair for pair, answer in without.items() if answer == "finding"
    }
    assert {without[pair] for pair in lost} == {"gaps", "no_metric", "no_activity_signal"}
    assert len(lost) >= 15


def _answers(folder: Path, plan: EstatePlan) -> dict[Pair, str]:
    write_estate(folder, plan)
    answers = json.loads((folder / "answer-key.json").read_text(encoding="utf-8"))
    return {_pair(answer): answer["reason"] or "finding" for answer in answers}


def test_right_sizes_are_the_ones_that_were_meant(judged: Judged) -> None:
    """An m5.4xlarge at a fifth of its CPU fits an m5.2xlarge; an n2-highcpu-32 whose memory nobody measured keeps its 32 GiB."""
    assert {"m5.2xlarge", "r7i.xlarge", "n2-standard-4", "n2-standard-8"} <= judged.ledger.targets["overprovisioned_vm"]
    assert judged.ledger.targets["overprovisioned_database"] >= {"db.m5.large", "db-custom-1-3840"}
    assert judged.ledger.targets["underused_gpu_vm"] == {"g4dn.4xlarge", "2 x nvidia-tesla-t4"}
