"""Thresholds come from the preset, then from costsieve.yaml, then from the first override that fits the resource."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.parameters import applied_parameters, rule_parameters
from costsieve.findings.rule import Parameter, Rule, load_rules
from costsieve.settings import Settings, load_settings

IDLE_VM = next(rule for rule in load_rules() if rule.id == "idle_vm")
CPU = Parameter(value=5, careful=3, max_savings=10, unit="percent", description="CPU")
WITH_PRESETS = IDLE_VM.model_copy(update={"params": {"cpu_percent": CPU, "days": Parameter(value=14, unit="days", description="Days")}})


def _settings(**content: Any) -> Settings:  # noqa: ANN401 - what YAML may hold
    return Settings.model_validate(content)


@pytest.mark.parametrize(("preset", "cpu_percent"), [("careful", 3), ("balanced", 5), ("max_savings", 10)])
def test_a_preset_sets_the_parameters_that_have_a_value_for_it(preset: str, cpu_percent: int) -> None:
    assert rule_parameters(WITH_PRESETS, _settings(preset=preset)) == {"cpu_percent": cpu_percent, "days": 14}


def test_the_settings_of_a_rule_come_before_the_preset() -> None:
    parameters = rule_parameters(WITH_PRESETS, _settings(preset="careful", rules={"idle_vm": {"cpu_percent": "2.5"}}))

    assert parameters["cpu_percent"] == Decimal("2.5")


def test_the_first_override_that_fits_a_resource_counts() -> None:
    overrides = [
        {"tags": {"environment": "prod"}, "accounts": ["1"], "cpu_percent": 1},
        {"tags": {"environment": "prod"}, "cpu_percent": 2},
        {"accounts": ["2"], "days": 30},
    ]
    applied = applied_parameters(WITH_PRESETS, _settings(rules={"idle_vm": {"cpu_percent": 4, "overrides": overrides}}))

    def judged_by(account: str | None, environment: str | None) -> tuple[Any, Any]:
        parameters = applied.for_resource(account, {"environment": environment})
        return parameters["cpu_percent"], parameters["days"]

    assert [judged_by("1", "prod"), judged_by("2", "prod"), judged_by("2", "dev"), judged_by("3", None), judged_by(None, None)] == [
        (1, 14),
        (2, 14),
        (4, 30),
        (4, 14),
        (4, 14),
    ]


def test_equal_sets_of_parameters_run_once() -> None:
    overrides = [{"accounts": ["1"], "cpu_percent": 3}, {"accounts": ["2"], "cpu_percent": 3}, {"accounts": ["3"], "cpu_percent": 5}]
    applied = applied_parameters(WITH_PRESETS, _settings(rules={"idle_vm": {"overrides": overrides}}))

    assert [parameters["cpu_percent"] for parameters in applied.distinct] == [5, 3]


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"idle_wm": {"cpu_percent": 3}}, r"rules\.idle_wm: there is no such rule"),
        ({"idle_vm": {"cpu": 3}}, r"rules\.idle_vm\.cpu.*It has: look_back_days"),
        ({"idle_vm": {"cpu_percent": "low"}}, r"rules\.idle_vm\.cpu_percent: 'low' is not a number \(percent\)"),
        ({"idle_vm": {"cpu_percent": "nan"}}, "'nan' is not a number"),
        (
            {"idle_vm": {"overrides": [{"accounts": ["1"], "cpu_percent": 3}, {"accounts": ["2"], "cpu": 3}]}},
            r"rules\.idle_vm\.overrides, entry 2, cpu: the rule has no such parameter",
        ),
        (
            {"idle_vm": {"overrides": [{"accounts": ["1"], "cpu_percent": "low"}]}},
            r"rules\.idle_vm\.overrides, entry 1, cpu_percent: 'low' is not a number",
        ),
    ],
)
def test_what_is_wrong_is_named_with_rule_parameter_and_override(rules: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        rule_parameters(IDLE_VM, _settings(rules=rules))


@pytest.mark.parametrize(
    ("override", "complaint"),
    [
        ({"cpu_percent": 3}, "give `tags` or `accounts`"),
        ({"accounts": ["1"]}, "params"),
        ({"tags": {"flavour": "x"}, "cpu_percent": 3}, "flavour"),
        ({"accounts": "1", "cpu_percent": 3}, "accounts"),
    ],
)
def test_an_override_needs_conditions_and_parameters(override: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        _settings(rules={"idle_vm": {"overrides": [override]}})


def test_account_ids_are_written_in_quotes_since_yaml_would_drop_their_zeros(tmp_path: Path) -> None:
    path = tmp_path / "costsieve.yaml"
    path.write_text("rules: {idle_vm: {overrides: [{accounts: [112233445566], cpu_percent: 3}]}}", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"overrides, entry 1, accounts, entry 1: must be text; a number stands in quotes"):
        load_settings(path)


def test_every_preset_of_every_rule_is_usable() -> None:
    rules: list[Rule] = load_rules()

    assert all(
        set(rule_parameters(rule, Settings(preset=preset))) == set(rule.params) for rule in rules for preset in ("careful", "max_savings")
    )
