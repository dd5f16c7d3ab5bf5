"""Remedies are proposals: right for the resource, quoted for a shell, and absent where a value is missing or deceptive."""

import shlex
from pathlib import Path
from typing import Any

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.remedies import fill_remedy, load_remedies, remedy_for
from costsieve.findings.rule import Rule, load_rules

VM: dict[str, str | None] = {
    "account_id": "100000000002",
    "region": "us-east-1",
    "resource_id": "i-0abc",
    "resource_name": "trainer",
    "target": "m5.xlarge",
    "attached_to": None,
}
GCP_VM = {**VM, "account_id": "ml-prod", "region": "us-central1", "resource_id": "4711"}


def _filled(rule_id: str, provider: str, resource_type: str, values: dict[str, str | None]) -> dict[str, Any]:
    rule = next(rule for rule in load_rules() if rule.id == rule_id)
    remedy = remedy_for(rule.remedies, provider, resource_type)
    assert remedy is not None
    return fill_remedy(remedy, rule_id, values)


def _texts(remedy: dict[str, Any]) -> list[str]:
    return [step["text"] for step in remedy["commands"]]


def test_an_idle_vm_is_stopped_and_kept_as_an_image_before_it_is_deleted() -> None:
    assert _texts(_filled("idle_vm", "AWS", "virtual_machine", VM)) == [
        "aws ec2 stop-instances --region=us-east-1 --instance-ids=i-0abc",
        "aws ec2 create-image --region=us-east-1 --instance-id=i-0abc --name=before-deletion-of-i-0abc",
        "aws ec2 terminate-instances --region=us-east-1 --instance-ids=i-0abc",
    ]


def test_a_right_sizing_names_its_target_in_command_terraform_and_policy() -> None:
    remedy = _filled("overprovisioned_vm", "AWS", "virtual_machine", VM)

    assert "--instance-type=Value=m5.xlarge" in _texts(remedy)[1]
    assert 'instance_type = "m5.xlarge"' in remedy["terraform"]
    assert remedy["custodian"]["policies"][0]["actions"] == [{"type": "resize", "restart": True, "default": "m5.xlarge"}]


def test_a_google_machine_is_found_by_its_numeric_id_because_bills_carry_no_zone() -> None:
    assert _texts(_filled("idle_vm", "GCP", "virtual_machine", GCP_VM))[0] == (
        'gcloud compute instances stop "$(gcloud compute instances list --project=ml-prod --filter=id=4711 --uri)"'
    )


@pytest.mark.parametrize(
    ("resource_id", "tail", "path"),
    [
        ("arn:aws:sagemaker:us-east-1:1:endpoint/bert-old", "bert-old", "bert-old"),
        ("arn:aws:ecr:us-east-1:1:repository/team/app", "app", "team/app"),
        ("arn:aws:logs:us-east-1:1:log-group:/aws/lambda/x", "x", "/aws/lambda/x"),
        ("instances/orders", "orders", "orders"),
        ("i-0abc", "i-0abc", "i-0abc"),
    ],
)
def test_parts_of_an_id_can_be_named(tmp_path: Path, resource_id: str, tail: str, path: str) -> None:
    file = tmp_path / "remedy.yaml"
    file.write_text('- {provider: AWS, commands: [{purpose: Look, command: [aws, "{tail}", "{path}"]}], terraform: Look}', encoding="utf-8")

    [remedy] = load_remedies(file)

    assert _texts(fill_remedy(remedy, "a_rule", {**VM, "resource_id": resource_id})) == [f"aws {tail} {path}"]


@pytest.mark.parametrize("hostile", ["x; rm -rf ~", "$(reboot)", "`id`", "a'b", 'a"b', "a b"])
def test_a_hostile_value_stays_one_word(hostile: str) -> None:
    command = _texts(_filled("idle_vm", "AWS", "virtual_machine", {**VM, "resource_id": hostile}))[0]

    assert shlex.split(command)[-1] == f"--instance-ids={hostile}"


@pytest.mark.parametrize("deceptive", ["--force", "a\nb", "i-\u202egpj", "", None])
def test_a_value_that_is_missing_hidden_or_an_option_gives_no_command(deceptive: str | None) -> None:
    remedy = _filled("idle_vm", "AWS", "virtual_machine", {**VM, "resource_id": deceptive})

    assert (remedy["commands"], remedy["terraform"]) == ([], None)


@pytest.mark.parametrize("hostile", ['m5" }', "${file(x)}", "%{ if }", "a\\b"])
def test_a_value_that_would_be_code_in_terraform_gives_no_hint(hostile: str) -> None:
    assert _filled("overprovisioned_vm", "AWS", "virtual_machine", {**VM, "target": hostile})["terraform"] is None


def test_the_entry_for_the_kind_of_resource_comes_before_the_one_for_all(tmp_path: Path) -> None:
    step = "commands: [{purpose: Look, command: [aws, x]}]"
    file = tmp_path / "remedy.yaml"
    file.write_text(
        f"- {{provider: AWS, {step}, terraform: all}}\n- {{provider: AWS, resource_type: snapshot, {step}, terraform: snapshots}}\n",
        encoding="utf-8",
    )
    remedies = load_remedies(file)

    found = [remedy_for(remedies, provider, kind) for provider, kind in (("AWS", "snapshot"), ("AWS", "bucket"), ("GCP", "bucket"))]

    assert [remedy.terraform if remedy else None for remedy in found] == ["snapshots", "all", None]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{provider: AWS, commands: [{purpose: Look, command: aws ec2 stop}], terraform: x}", "commands.0.command"),
        ("{provider: AWS, commands: [{purpose: Look, command: [aws ec2, stop]}], terraform: x}", "not a shell line"),
        ('{provider: AWS, commands: [{purpose: Look, command: [aws, "{volume}"]}], terraform: x}', "no placeholder {volume}"),
        ('{provider: AWS, commands: [{purpose: Look, command: [aws, x]}], terraform: "id = {volume}"}', "no placeholder {volume}"),
        ("{provider: AWS, commands: [], terraform: x}", "commands"),
        ("{provider: Azure, commands: [{purpose: Look, command: [az, x]}], terraform: x}", "provider"),
        ("{provider: AWS, resource_type: castle, commands: [{purpose: Look, command: [aws, x]}], terraform: x}", "castle"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_field(tmp_path: Path, entry: str, complaint: str) -> None:
    file = tmp_path / "remedy.yaml"
    file.write_text(f"- {entry}\n", encoding="utf-8")

    with pytest.raises(ConfigurationError) as raised:
        load_remedies(file)

    assert str(file) in str(raised.value)
    assert complaint in str(raised.value)


@pytest.mark.parametrize("rule", load_rules(), ids=lambda rule: rule.id)
def test_every_rule_has_a_remedy_for_all_it_applies_to(rule: Rule) -> None:
    values: dict[str, str | None] = {**VM, "attached_to": "i-0abc"}

    for scope in rule.applies_to:
        remedy = remedy_for(rule.remedies, scope.provider, scope.resource_type)
        assert remedy is not None, scope
        filled = fill_remedy(remedy, rule.id, values)
        assert filled["commands"]
        assert filled["terraform"]
