"""Rules are found by their folders, and say which file and field is wrong."""

from decimal import Decimal
from pathlib import Path

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.rule import load_rules
from costsieve.rule_settings import Preset

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
REMEDY = "[{provider: AWS, commands: [{purpose: Look, command: [aws, ec2, describe-snapshots]}], terraform: Remove it}]"


def _folder(root: Path, rule: str, name: str = "a_rule") -> Path:
    folder = root / name
    folder.mkdir()
    (folder / "rule.yaml").write_text(rule, encoding="utf-8")
    (folder / "rule.sql").write_text("-- Nothing.\nSELECT $as_of, $share FROM usage.resources", encoding="utf-8")
    (folder / "remedy.yaml").write_text(REMEDY, encoding="utf-8")
    return folder


def test_rules_are_sorted_by_id() -> None:
    ids = [rule.id for rule in load_rules()]

    assert ids == sorted(ids)
    assert "idle_vm" in ids


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


def test_a_parameter_has_a_looser_and_a_stricter_value(tmp_path: Path) -> None:
    _folder(tmp_path, RULE.replace("value: 0.995,", "value: 0.995, careful: 0.999,"))

    [rule] = load_rules(tmp_path)

    presets: tuple[Preset, ...] = ("careful", "balanced", "max_savings")
    assert [rule.params["share"].preset_value(preset) for preset in presets] == [Decimal("0.999"), Decimal("0.995"), Decimal("0.995")]


def test_a_rule_without_its_select_is_named(tmp_path: Path) -> None:
    (_folder(tmp_path, RULE) / "rule.sql").unlink()

    with pytest.raises(ConfigurationError, match=r"rule\.sql does not exist"):
        load_rules(tmp_path)


def test_a_rule_without_its_remedies_is_named(tmp_path: Path) -> None:
    (_folder(tmp_path, RULE) / "remedy.yaml").unlink()

    with pytest.raises(ConfigurationError, match=r"remedy\.yaml cannot be read.*A rule is a folder"):
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
