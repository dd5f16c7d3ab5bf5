"""A rule's verdicts become ledger rows and findings: priced, excepted, stable from night to night."""

import json
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.evaluation import evaluate_rule
from costsieve.findings.rule import Rule, load_rules
from costsieve.settings import Settings
from costsieve.warehouse import Connection, Warehouse, query
from tests.findings.conftest import insert, insert_daily

AS_OF = date(2026, 10, 1)
VOLUME = {"resource_type": "block_volume", "service": "AmazonEC2", "state": "available", "detached_at": date(2026, 8, 1)}


def _rule(name: str) -> Rule:
    return next(rule for rule in load_rules() if rule.id == name)


def _findings(connection: Connection) -> list[dict[str, Any]]:
    return query(connection, "SELECT * FROM results.findings ORDER BY as_of, resource_id").to_dicts()


def _ledger(connection: Connection) -> list[dict[str, Any]]:
    return query(connection, "SELECT * FROM results.evaluations ORDER BY as_of, resource_id").to_dicts()


def test_a_finding_carries_its_resource_its_tags_and_its_savings_in_cents(connection: Connection) -> None:
    volume = {"resource_id": "vol-1", "resource_name": "scratch", "owner": "maria", "team": "nlp", "project": "chat", "environment": "dev"}
    insert(connection, "usage.resources", [VOLUME | volume | {"monthly_cost": "40.005", "monthly_list_cost": "48.123456"}])

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())

    [finding] = _findings(connection)
    evidence, remedy = json.loads(finding.pop("evidence")), json.loads(finding.pop("remedy"))
    assert finding == {
        "as_of": AS_OF,
        "finding_id": sha256(b"AWS|100000000002|vol-1|unattached_volume").hexdigest()[:12],
        "rule_id": "unattached_volume",
        "first_seen": AS_OF,
        "provider": "AWS",
        "account_id": "100000000002",
        "region": "us-east-1",
        "service": "AmazonEC2",
        "resource_id": "vol-1",
        "resource_name": "scratch",
        "resource_type": "block_volume",
        "owner": "maria",
        "team": "nlp",
        "project": "chat",
        "environment": "dev",
        "action": "terminate",
        "target": None,
        "confidence": "high",
        "confidence_reason": "The provider states when it was detached",
        "monthly_cost": Decimal("40.00"),
        "monthly_list_savings": Decimal("48.12"),
        "monthly_savings": Decimal("40.00"),
        "monthly_cash_savings": Decimal("40.00"),
        "accrued_cost": None,
        "currency": "USD",
    }
    assert evidence["detached_days"] == 61
    assert remedy["commands"][1]["text"] == "aws ec2 delete-volume --region=us-east-1 --volume-id=vol-1"
    assert evidence["parameters"] == {"minimum_detached_days": "14", "minimum_monthly_savings": "1"}
    assert (evidence["savings"]["monthly_cost"], evidence["savings"]["remaining_cost_share"]) == ("40.005", "0")


def test_the_ledger_holds_every_candidate_with_its_dollars(connection: Connection) -> None:
    insert(
        connection,
        "usage.resources",
        [
            VOLUME | {"resource_id": "vol-1", "monthly_cost": 40},
            VOLUME | {"resource_id": "vol-2", "monthly_cost": 30, "attached_to": "i-1"},
            VOLUME | {"resource_id": "vol-3", "monthly_cost": 20, "is_in_inventory": False, "is_inventoried_type": False},
            {"resource_id": "i-1", "resource_type": "virtual_machine", "monthly_cost": 10},
        ],
    )

    summary = evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())

    assert [(row["resource_id"], row["monthly_cost"], row["outcome"], row["reason"]) for row in _ledger(connection)] == [
        ("vol-1", 40, "finding", None),
        ("vol-2", 30, "clean", "attached"),
        ("vol-3", 20, "not_evaluable", "not_in_inventory"),
    ]
    assert summary.outcomes == {"finding": 1, "clean": 1, "not_evaluable": 1}
    assert summary.not_evaluable_reasons == {"not_in_inventory": 1}
    assert summary.monthly_savings == {"USD": 40}
    assert summary.metadata() == {
        "resources judged": 3,
        "outcome clean": 1,
        "outcome finding": 1,
        "outcome not_evaluable": 1,
        "not evaluable, not_in_inventory": 1,
        "monthly savings USD": "40.00",
    }


def test_evaluating_twice_changes_nothing(connection: Connection) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "monthly_cost": 40}])
    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())
    before = (_findings(connection), _ledger(connection))

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())

    assert (_findings(connection), _ledger(connection)) == before


def _evaluate_and_fail(warehouse: Warehouse) -> None:
    with warehouse.transaction() as connection:
        evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())
        raise InterruptedError


def test_a_night_that_fails_later_leaves_the_results_as_they_were(warehouse: Warehouse) -> None:
    with warehouse.connect() as connection:
        insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "monthly_cost": 40}])

    with pytest.raises(InterruptedError):
        _evaluate_and_fail(warehouse)

    assert warehouse.query("SELECT * FROM results.evaluations").is_empty()


def test_a_finding_keeps_its_id_and_its_first_night(connection: Connection) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "monthly_cost": 40}])
    for night in (date(2026, 9, 29), date(2026, 9, 30), AS_OF):
        evaluate_rule(connection, _rule("unattached_volume"), night, Settings())

    evaluate_rule(connection, _rule("unattached_volume"), date(2026, 9, 30), Settings())

    assert len({finding["finding_id"] for finding in _findings(connection)}) == 1
    assert [finding["first_seen"] for finding in _findings(connection)] == [date(2026, 9, 29)] * 3


def test_each_resource_account_and_rule_has_an_id_of_its_own(connection: Connection) -> None:
    machine = {"resource_id": "i-1", "resource_type": "virtual_machine", "monthly_cost": 5, "currency": "EUR"}
    insert(
        connection,
        "usage.resources",
        [VOLUME | {"resource_id": "vol-1", "account_id": account, "monthly_cost": 40} for account in ("1", "2", None)]
        + [VOLUME | {"resource_id": "vol-1", "account_id": "1", "currency": "EUR", "monthly_cost": 30}, machine],
    )

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings())

    assert len({finding["finding_id"] for finding in _findings(connection)}) == 4


def test_what_nobody_charges_is_found_with_zero_dollars_in_the_reports_currency(connection: Connection) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "currency": None}])

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, Settings(currency="EUR"))

    [finding] = _findings(connection)
    assert (finding["currency"], finding["monthly_cost"], finding["monthly_savings"]) == ("EUR", 0, 0)
    assert _ledger(connection)[0]["currency"] is None


def test_accrued_cost_stays_out_of_every_monthly_figure(connection: Connection) -> None:
    job = {"resource_id": "training-job/llm", "resource_type": "training_job", "state": "in_progress", "created_at": date(2026, 9, 1)}
    insert(connection, "usage.resources", [job | {"stop_condition_seconds": 3600, "monthly_cost": 300}])
    insert_daily(connection, 30, ResourceId="training-job/llm", ResourceType="training_job", x_net_effective_cost=10)

    summary = evaluate_rule(connection, _rule("hung_training_job"), AS_OF, Settings())

    [finding] = _findings(connection)
    assert (finding["monthly_savings"], finding["monthly_cash_savings"], finding["accrued_cost"]) == (0, 0, 300)
    assert summary.accrued_cost == {"USD": 300}


LIFELESS = """
title: Bucket without lifecycle
why: Nothing is ever deleted
remedy: Add a rule
step: "Add a lifecycle to {resource}"
action: storage
severity: low
applies_to: [{provider: AWS, resource_type: bucket}]
criteria: [No rule]
permissions: {AWS: ["s3:GetLifecycleConfiguration"]}
params: {minimum_cost: {value: 1, unit: currency, description: Cheaper buckets are clean}}
confidence: {high: Always}
"""
SELECT_BUCKETS = """-- Every bucket.
SELECT
    provider, account_id, resource_id, currency,
    CASE WHEN monthly_cost >= $minimum_cost THEN 'finding' ELSE 'small' END AS verdict,
    'high' AS confidence, 'It has no rule' AS confidence_reason,
    CAST(NULL AS DECIMAL(18, 12)) AS remaining_cost_share, {'stored_gib': 100, 'time_zone': $time_zone} AS evidence
FROM usage.resources
"""


def _bucket_rule(root: Path) -> Rule:
    folder = root / "bucket_without_any_rule"
    folder.mkdir()
    (folder / "rule.yaml").write_text(LIFELESS, encoding="utf-8")
    (folder / "rule.sql").write_text(SELECT_BUCKETS, encoding="utf-8")
    step = "commands: [{purpose: Look, command: [aws, s3api, get-bucket-lifecycle-configuration, '--bucket={resource_id}']}]"
    (folder / "remedy.yaml").write_text(f"[{{provider: AWS, {step}, terraform: Add a rule}}]", encoding="utf-8")
    [rule] = load_rules(root)
    return rule


def test_savings_that_nobody_knows_are_unknown_in_every_measure_and_the_cost_is_told(connection: Connection, tmp_path: Path) -> None:
    insert(connection, "usage.resources", [{"resource_id": "ml-data", "resource_type": "bucket", "monthly_cost": 400}])

    summary = evaluate_rule(connection, _bucket_rule(tmp_path), AS_OF, Settings())

    [finding] = _findings(connection)
    assert (finding["monthly_savings"], finding["monthly_list_savings"], finding["monthly_cash_savings"]) == (None, None, None)
    assert finding["monthly_cost"] == 400
    assert "remaining_cost_share" not in json.loads(finding["evidence"])["savings"]
    assert (summary.monthly_savings, summary.unknown_savings) == ({}, 1)
    assert summary.metadata()["findings whose savings are not known"] == 1


def test_an_exception_hides_a_finding_of_unknown_savings_with_unknown_dollars(connection: Connection, tmp_path: Path) -> None:
    insert(connection, "usage.resources", [{"resource_id": "ml-data", "resource_type": "bucket", "monthly_cost": 400}])
    settings = _exceptions(tmp_path, "- {resource: ml-data, owner: maria, reason: archive, expires: 2027-01-01}")

    evaluate_rule(connection, _bucket_rule(tmp_path), AS_OF, settings)

    [row] = _ledger(connection)
    assert (row["outcome"], row["excepted_savings"]) == ("excepted", None)


def test_what_is_to_be_reviewed_claims_no_savings(connection: Connection, tmp_path: Path) -> None:
    insert(connection, "usage.resources", [{"resource_id": "ml-data", "resource_type": "bucket", "monthly_cost": 400}])
    rule = _bucket_rule(tmp_path)
    claiming = rule.model_copy(
        update={"action": "review", "sql": rule.sql.replace("CAST(NULL AS DECIMAL(18, 12))", "CAST(0 AS DECIMAL(18, 12))")}
    )

    with pytest.raises(ConfigurationError, match="as it is for what is to be reviewed"):
        evaluate_rule(connection, claiming, AS_OF, Settings())


def test_the_ledger_says_why_a_resource_is_clean_or_could_not_be_judged(connection: Connection, tmp_path: Path) -> None:
    sizes = {"a": 0, "b": 400, "c": None}
    rows = [{"resource_id": name, "resource_type": "bucket", "monthly_cost": 9, "size_gib": size} for name, size in sizes.items()]
    insert(connection, "usage.resources", rows)
    rule = _bucket_rule(tmp_path)
    verdict = "CASE WHEN size_gib IS NULL THEN 'unknown_configuration' WHEN size_gib > $minimum_cost THEN 'finding' ELSE 'fits' END"
    sql = rule.sql.replace("CASE WHEN monthly_cost >= $minimum_cost THEN 'finding' ELSE 'small' END", verdict)

    evaluate_rule(connection, rule.model_copy(update={"sql": sql}), AS_OF, Settings())

    ledger = [(row["resource_id"], row["outcome"], row["reason"]) for row in _ledger(connection)]
    assert ledger == [("a", "clean", "fits"), ("b", "finding", None), ("c", "not_evaluable", "unknown_configuration")]


def test_a_rule_is_told_the_local_time_zone_if_it_asks(connection: Connection, tmp_path: Path) -> None:
    insert(connection, "usage.resources", [{"resource_id": "ml-data", "resource_type": "bucket", "monthly_cost": 400}])

    evaluate_rule(connection, _bucket_rule(tmp_path), AS_OF, Settings.model_validate({"schedule": {"time_zone": "Europe/Berlin"}}))

    assert json.loads(_findings(connection)[0]["evidence"])["time_zone"] == "Europe/Berlin"


def test_every_resource_is_judged_by_its_own_parameters_and_says_which(connection: Connection, tmp_path: Path) -> None:
    buckets = [("a", "prod", "1"), ("b", "dev", "1"), ("c", "dev", "2")]
    insert(
        connection,
        "usage.resources",
        [
            {"resource_id": name, "resource_type": "bucket", "environment": environment, "account_id": account, "monthly_cost": 50}
            for name, environment, account in buckets
        ],
    )
    rule = _bucket_rule(tmp_path)
    overrides = [{"tags": {"environment": "prod"}, "minimum_cost": 100}, {"accounts": ["1"], "minimum_cost": 20}]

    evaluate_rule(connection, rule, AS_OF, Settings.model_validate({"rules": {rule.id: {"minimum_cost": 30, "overrides": overrides}}}))

    assert [(row["resource_id"], row["outcome"]) for row in _ledger(connection)] == [("a", "clean"), ("b", "finding"), ("c", "finding")]
    applied = {row["resource_id"]: json.loads(row["evidence"])["parameters"] for row in _findings(connection)}
    assert applied == {"b": {"minimum_cost": "20"}, "c": {"minimum_cost": "30"}}


def _exceptions(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "exceptions.yaml"
    path.write_text(text, encoding="utf-8")
    return Settings(exceptions=path)


@pytest.mark.parametrize(
    "condition",
    [
        "rule: unattached_volume",
        "resource: vol-*",
        "resource: 'scratch-?'",
        "tags: {team: nlp, environment: dev}",
        "rule: unattached_volume, resource: vol-1, tags: {owner: maria}",
    ],
)
def test_an_exception_moves_a_finding_to_the_ledger_with_its_dollars(connection: Connection, tmp_path: Path, condition: str) -> None:
    named = {"resource_id": "vol-1", "resource_name": "scratch-1", "team": "nlp", "environment": "dev", "owner": "maria"}
    insert(connection, "usage.resources", [VOLUME | named | {"monthly_cost": 40}])
    settings = _exceptions(tmp_path, f"- {{{condition}, owner: jo, reason: needed for the audit, expires: 2026-10-01}}")

    summary = evaluate_rule(connection, _rule("unattached_volume"), AS_OF, settings)

    [row] = _ledger(connection)
    assert _findings(connection) == []
    assert (row["outcome"], row["reason"], row["monthly_cost"], row["excepted_savings"]) == ("excepted", "needed for the audit", 40, 40)
    assert summary.excepted_savings == {"USD": 40}
    assert not summary.monthly_savings


@pytest.mark.parametrize(
    "entry",
    [
        "rule: unattached_volume, expires: 2026-09-30",
        "rule: idle_vm, expires: 2027-01-01",
        "resource: vol-2, expires: 2027-01-01",
        "tags: {team: vision}, expires: 2027-01-01",
    ],
)
def test_an_expired_exception_and_one_for_something_else_hide_nothing(connection: Connection, tmp_path: Path, entry: str) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "team": "nlp", "monthly_cost": 40}])

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, _exceptions(tmp_path, f"- {{{entry}, owner: jo, reason: audit}}"))

    assert [row["outcome"] for row in _ledger(connection)] == ["finding"]


def test_an_exception_leaves_clean_resources_clean(connection: Connection, tmp_path: Path) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "attached_to": "i-1", "monthly_cost": 40}])
    settings = _exceptions(tmp_path, "- {rule: unattached_volume, owner: jo, reason: audit, expires: 2027-01-01}")

    evaluate_rule(connection, _rule("unattached_volume"), AS_OF, settings)

    assert [row["outcome"] for row in _ledger(connection)] == ["clean"]


def test_a_rule_that_returns_a_resource_twice_is_refused(connection: Connection) -> None:
    insert(connection, "usage.resources", [VOLUME | {"resource_id": "vol-1", "monthly_cost": 40}])
    rule = _rule("unattached_volume")
    twice = rule.model_copy(update={"sql": f"({rule.sql}\n) UNION ALL ({rule.sql}\n)"})

    with pytest.raises(ConfigurationError, match="at most once"):
        evaluate_rule(connection, twice, AS_OF, Settings())


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("THEN 'finding'", "THEN 'wasted'", "reason 'wasted'"),
        ("CAST(NULL AS DECIMAL(18, 12)) AS remaining", "CAST(2 AS DECIMAL(18, 12)) AS remaining", "remaining_cost_share 2"),
        ("AS confidence_reason", "AS because", "does not return the column confidence_reason"),
        (">= $minimum_cost", ">= $unheard_of", "do not agree"),
    ],
)
def test_a_rule_that_breaks_its_contract_is_named(connection: Connection, tmp_path: Path, old: str, new: str, complaint: str) -> None:
    insert(connection, "usage.resources", [{"resource_id": "ml-data", "resource_type": "bucket", "monthly_cost": 400}])
    rule = _bucket_rule(tmp_path)
    broken = rule.model_copy(update={"sql": rule.sql.replace(old, new)})

    with pytest.raises(ConfigurationError, match=complaint) as raised:
        evaluate_rule(connection, broken, AS_OF, Settings())

    assert "rules/bucket_without_any_rule" in str(raised.value)
