"""The command line without a warehouse: help, mistakes, first steps."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from costsieve.cli.application import application
from costsieve.errors import ConfigurationError, CostsieveError

COMMANDS = ("demo", "init", "doctor", "night", "ui", "report", "sql", "rules", "explain")
runner = CliRunner()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    answer = runner.invoke(application, [command, "--help"])

    assert answer.exit_code == 0
    assert "Usage" in answer.output


def test_init_writes_a_configuration_that_loads(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"

    runner.invoke(application, ["init", "--config", str(config)], catch_exceptions=False)
    answer = runner.invoke(application, ["doctor", "--config", str(config)])

    assert "names no sources" in answer.output


def test_init_never_overwrites(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("currency: EUR\n", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="already there"):
        runner.invoke(application, ["init", "--config", str(config)], catch_exceptions=False)

    assert config.read_text(encoding="utf-8") == "currency: EUR\n"


@pytest.mark.parametrize("arguments", [["sql", "SELECT 1"], ["explain", "0123"]])
def test_reading_before_the_first_night_says_what_to_run(tmp_path: Path, arguments: list[str]) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("", encoding="utf-8")

    with pytest.raises(CostsieveError, match="no night has published yet"):
        runner.invoke(application, [*arguments, "--config", str(config)], catch_exceptions=False)


def test_a_night_needs_a_date(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="YYYY-MM-DD"):
        runner.invoke(application, ["night", "--as-of", "yesterday", "--config", str(config)], catch_exceptions=False)


def test_rules_lists_every_rule() -> None:
    answer = runner.invoke(application, ["rules", "--format", "csv"])

    assert answer.output.startswith("rule,title,action,applies_to,remedy")
    assert "idle_vm" in answer.output
