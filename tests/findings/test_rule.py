"""Rules are found by their folders, and say which file and field is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.rule import Rule, load_rules, rule_parameters
from costsieve.settings import Settings

RULE = """
title: A rule
why: Because
remedy: Do it
step: "Stop {resource}"
action: terminate
severity: low
applies_to: [{provider: AWS, resource_type: snapshot}]
criteria: [Something holds]
permissions: {AWS: ["ec2:DescribeSnapshots"]}
params: {share: {value: 0.995, unit: share, description: A share}}
confidence: {high: Always}
"""


def _folder(root: Path, rule: str, name: str = "a_rule") -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "rule.yaml").write_text(rule, encoding="utf-8")
    (folder / "rule.sql").write_text("-- Nothing.\nSELECT $as_of, $share FROM usage.resources", encoding="utf-8")
    return folder


def test_rules_are_sorted_by_id_and_cover_every_family() -> None:
    assert [rule.id for rule in load_rules()] == [
        "hung_training_job",
        "idle_endpoint",
        "idle_gpu_vm",
        "idle_notebook",
        "idle_vm",
        "old_snapshot",
        "overprovisioned_vm",
        "unattached_volume",
    ]


def test_dropping_a_folder_in_makes_a_rule(tmp_path: Path) -> None:
    _folder(tmp_path, RULE)

    [rule] = load_rules(tmp_path)

    assert (rule.id, rule.reads, rule.params["share"].value) == ("a_rule", ("usage.resources",), Decimal("0.995"))


@pytest.mark.parametrize(
    ("line", "wrong", "complaint"),
    [
        ("action: terminate", "action: destroy", "action"),
        ("why: Because", "wye: Because", "wye"),
        ("severity: low", "severity: awful", "severity"),
        ("resource_type: snapshot", "resource_type: castle", "applies_to.0.resource_type"),
        ("value: 0.995", "value: much", "params.share.value"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(tmp_path: Path, line: str, wrong: str, complaint: str) -> None:
    folder = _folder(tmp_path, RULE.replace(line, wrong))

    with pytest.raises(ConfigurationError, match=complaint) as raised:
        load_rules(tmp_path)

    assert str(folder / "rule.yaml") in str(raised.value)


def test_a_rule_without_its_select_is_named(tmp_path: Path) -> None:
    (_folder(tmp_path, RULE) / "rule.sql").unlink()

    with pytest.raises(ConfigurationError, match=r"rule\.sql does not exist"):
        load_rules(tmp_path)


def test_a_rule_that_is_no_mapping_or_no_yaml_is_named(tmp_path: Path) -> None:
    _folder(tmp_path, "- just a list")
    with pytest.raises(ConfigurationError, match="must be a mapping"):
        load_rules(tmp_path)

    other = tmp_path / "other"
    other.mkdir()
    _folder(other, "title: [unclosed")
    with pytest.raises(ConfigurationError, match="is not valid YAML"):
        load_rules(other)


def _rule_named(name: str) -> Rule:
    return next(rule for rule in load_rules() if rule.id == name)


def test_settings_replace_defaults_by_name() -> None:
    parameters = rule_parameters(_rule_named("idle_vm"), Settings(rules={"idle_vm": {"cpu_percent": 3}}))

    assert (parameters["cpu_percent"], parameters["look_back_days"]) == (3, 14)


def test_an_unknown_rule_in_the_settings_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"rules\.idle_wm in costsieve\.yaml: there is no such rule"):
        rule_parameters(_rule_named("idle_vm"), Settings(rules={"idle_wm": {"cpu_percent": 3}}))


def test_an_unknown_parameter_in_the_settings_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"rules\.idle_vm\.cpu in costsieve\.yaml.*It has: look_back_days"):
        rule_parameters(_rule_named("idle_vm"), Settings(rules={"idle_vm": {"cpu": 3}}))


def test_a_parameter_that_is_no_number_is_refused() -> None:
    with pytest.raises(ConfigurationError, match=r"'low' is not a number \(percent\)"):
        rule_parameters(_rule_named("idle_vm"), Settings(rules={"idle_vm": {"cpu_percent": "low"}}))
