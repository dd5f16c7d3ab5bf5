"""Commands are proposals: right for the resource, quoted for a shell, and absent where a value is missing or deceptive."""

import shlex

import pytest

from costsieve.contracts.results import ACTIONS
from costsieve.contracts.usage import RESOURCE_TYPES
from costsieve.reports import commands
from costsieve.reports.commands import commands_for, proposed_command

VM = {"account_id": "100000000002", "region": "us-east-1", "resource_id": "i-0abc", "target": "m5.xlarge"}


def test_an_idle_vm_is_stopped_before_it_is_deleted() -> None:
    texts = [command.text for command in commands_for("AWS", "virtual_machine", "terminate", VM)]

    assert texts == [
        "aws ec2 stop-instances --region=us-east-1 --instance-ids=i-0abc",
        "aws ec2 terminate-instances --region=us-east-1 --instance-ids=i-0abc",
    ]


def test_a_right_sizing_names_its_target() -> None:
    texts = [command.text for command in commands_for("AWS", "virtual_machine", "rightsize", VM)]

    assert "--instance-type=Value=m5.xlarge" in texts[1]


def test_a_google_machine_is_found_by_its_numeric_id_because_bills_carry_no_zone() -> None:
    values = {"account_id": "ml-prod", "region": "us-central1", "resource_id": "4711", "target": None}

    assert commands_for("GCP", "virtual_machine", "terminate", values)[0].text == (
        'gcloud compute instances stop "$(gcloud compute instances list --project=ml-prod --filter=id=4711 --uri)"'
    )


def test_an_endpoint_is_named_without_its_kind() -> None:
    values = {**VM, "resource_id": "endpoint/bert-old"}

    assert commands_for("AWS", "inference_endpoint", "terminate", values)[0].text.endswith("--endpoint-name=bert-old")


@pytest.mark.parametrize("hostile", ["x; rm -rf ~", "$(reboot)", "`id`", "a'b", 'a"b', "a b"])
def test_a_hostile_value_stays_one_word(hostile: str) -> None:
    (command, _) = commands_for("AWS", "virtual_machine", "terminate", {**VM, "resource_id": hostile})

    assert shlex.split(command.text)[-1] == f"--instance-ids={hostile}"


@pytest.mark.parametrize("deceptive", ["--force", "a\nb", "i-\u202egpj", "", None])
def test_a_value_that_is_missing_hidden_or_an_option_gives_no_command(deceptive: str | None) -> None:
    assert commands_for("AWS", "virtual_machine", "terminate", {**VM, "resource_id": deceptive}) == ()


def test_an_action_without_a_known_command_has_none() -> None:
    assert commands_for("AWS", "bucket", "migrate", VM) == ()


def test_the_table_speaks_of_known_resources_and_actions_only() -> None:
    entries = [(kind, action) for kinds in commands._table().values() for kind, actions in kinds.items() for action in actions]  # noqa: SLF001 - the data table is what is tested

    assert entries
    assert all(kind in RESOURCE_TYPES and action in ACTIONS for kind, action in entries)


def test_a_json_document_is_laid_out() -> None:
    assert proposed_command('{"Rules": []}')[0].text == '{\n  "Rules": []\n}'
