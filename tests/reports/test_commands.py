"""Remedies and recommendations are shown as commands and documents: what was stored, laid out, and nothing else."""

import json

from costsieve.reports.commands import Command, proposed_command, remedy_commands

POLICY = {"policies": [{"name": "idle-vm", "resource": "aws.ec2", "filters": [], "actions": ["stop"]}]}


def test_a_remedy_shows_its_commands_then_terraform_then_the_policy() -> None:
    step = {"purpose": "Stop it", "text": "aws ec2 stop-instances --instance-ids=i-1"}
    remedy = json.dumps({"commands": [step], "terraform": "Remove it.\n", "custodian": POLICY})

    assert remedy_commands(remedy) == (
        Command("Stop it", "aws ec2 stop-instances --instance-ids=i-1"),
        Command("In Terraform", "Remove it.", is_command=False),
        Command(
            "As a Cloud Custodian policy",
            "policies:\n- name: idle-vm\n  resource: aws.ec2\n  filters: []\n  actions:\n  - stop",
            is_command=False,
        ),
    )


def test_a_finding_without_a_remedy_shows_nothing() -> None:
    assert remedy_commands(None) == ()
    assert remedy_commands(json.dumps({"commands": [], "terraform": None, "custodian": None})) == ()


def test_a_json_document_is_laid_out() -> None:
    assert proposed_command('{"Rules": []}')[0].text == '{\n  "Rules": []\n}'
