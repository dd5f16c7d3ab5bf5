"""The command line without a warehouse: help, mistakes, first steps."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from costsieve.cli.application import application
from costsieve.errors import ConfigurationError, CostsieveError
from costsieve.home import Home
from costsieve.publication import publish
from costsieve.warehouse import Warehouse

COMMANDS = ("demo", "init", "doctor", "night", "ui", "report", "sql", "rules", "explain", "export", "restated")
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

    assert answer.output.startswith("rule,title,providers,action,applies_to,params,remedy")
    assert "idle_vm" in answer.output
    assert "cpu_percent: 5" in answer.output


def test_sensitivity_needs_a_published_night(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("", encoding="utf-8")

    with pytest.raises(CostsieveError, match="no night has published yet"):
        runner.invoke(application, ["rules", "--sensitivity", "--config", str(config)], catch_exceptions=False)


def test_init_says_when_the_folder_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="Create its folder"):
        runner.invoke(application, ["init", "--config", str(tmp_path / "missing" / "costsieve.yaml")], catch_exceptions=False)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("rules: {idle_wm: {cpu_percent: 3}}", "elsewhere/bills.yaml: rules.idle_wm: there is no such rule"),
        ("rules: {idle_vm: {cpu: 3}}", "elsewhere/bills.yaml: rules.idle_vm.cpu: the rule has no such parameter"),
        ("exceptions: missing.yaml", "missing.yaml cannot be read"),
    ],
)
@pytest.mark.parametrize("command", ["night", "doctor"])
def test_a_mistake_in_rules_or_exceptions_shows_before_anything_is_loaded(tmp_path: Path, command: str, text: str, complaint: str) -> None:
    config = tmp_path / "elsewhere" / "bills.yaml"
    config.parent.mkdir()
    config.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=complaint):
        runner.invoke(application, [command, "--config", str(config)], catch_exceptions=False)


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """A configuration whose home has an empty published night."""
    config = tmp_path / "costsieve.yaml"
    config.write_text("home: home", encoding="utf-8")
    publish(Warehouse(Home(tmp_path / "home")), date(2026, 10, 1), datetime(2026, 10, 1, 3, 5))  # noqa: DTZ001 - UTC without zone
    return config


@pytest.mark.parametrize(
    ("statement", "complaint"),
    [
        ("SELECT 1 +", "cannot be run: Parser Error"),
        ("DELETE FROM results.plan", "read-only"),
        ("", "returns no rows: give one SELECT"),
        ("SELECT INTERVAL 1 DAY", "cannot be shown: .* Cast the column to VARCHAR"),
    ],
)
def test_sql_says_what_is_wrong_with_a_statement(published: Path, statement: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        runner.invoke(application, ["sql", statement, "--config", str(published)], catch_exceptions=False)


def test_a_table_writes_out_what_would_steer_the_terminal(published: Path) -> None:
    answer = runner.invoke(application, ["sql", "SELECT chr(27) || '[31mred' AS owner", "--config", str(published)])

    assert "\\u001b[31mred" in answer.output


def test_json_keeps_the_digits_of_a_decimal(published: Path) -> None:
    statement = "SELECT 0::DECIMAL(38, 12) AS cost"

    answer = runner.invoke(application, ["sql", statement, "--config", str(published), "--format", "json"])

    assert json.loads(answer.output) == [{"cost": "0.000000000000"}]
