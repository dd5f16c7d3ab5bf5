"""Commands that are advised can be pasted: they name the program and the configuration as they were typed."""

import shutil
import sys
from pathlib import Path

import pytest

from costsieve.cli.invocation import CALLED, called, command
from costsieve.cli.options import DEFAULT_CONFIG


def test_a_program_that_is_not_on_the_path_keeps_its_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/costsieve", "demo"])

    assert called(Path(".demo/costsieve.yaml")) == ".venv/bin/costsieve {} --config .demo/costsieve.yaml"


def test_a_program_on_the_path_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    python = shutil.which("python3")
    assert python
    monkeypatch.setattr(sys, "argv", [python])

    assert called(DEFAULT_CONFIG) == "python3 {}"


def test_a_name_with_a_blank_is_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bin/costsieve"])

    assert called(Path("my bills.yaml")) == "bin/costsieve {} --config 'my bills.yaml'"


def test_the_process_of_a_night_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CALLED, ".venv/bin/costsieve {} --config .demo/costsieve.yaml")

    assert command("sql") == ".venv/bin/costsieve sql --config .demo/costsieve.yaml"


def test_a_night_of_the_schedule_names_the_program_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CALLED, raising=False)

    assert command("sql") == "costsieve sql"
