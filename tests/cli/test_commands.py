"""The command line without a warehouse: help, mistakes, first steps."""

import io
import json
import socket
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import polars as pl
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
        ("checks: {usage_is_tagd: {severity: off}}", "there is no such check. Is it usage_is_tagged"),
        ("checks: {usage_is_tagged: {severity: fatal}}", "fatal is none of critical, warning, off"),
    ],
)
@pytest.mark.parametrize("command", ["night", "doctor"])
def test_a_mistake_in_rules_checks_or_exceptions_shows_before_anything_is_loaded(
    tmp_path: Path, command: str, text: str, complaint: str
) -> None:
    config = tmp_path / "elsewhere" / "bills.yaml"
    config.parent.mkdir()
    config.write_text(text, encoding="utf-8")

    with pytest.raises(ConfigurationError, match=complaint):
        runner.invoke(application, [command, "--config", str(config)], catch_exceptions=False)


def test_the_ui_does_not_begin_on_a_port_that_is_in_use(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("", encoding="utf-8")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(ConfigurationError, match=r"in use\. Choose another one"),
    ):
        runner.invoke(application, ["ui", "--config", str(config), "--port", str(listener.getsockname()[1])], catch_exceptions=False)


def test_the_ui_refuses_a_port_that_is_none(tmp_path: Path) -> None:
    config = tmp_path / "costsieve.yaml"
    config.write_text("", encoding="utf-8")

    assert runner.invoke(application, ["ui", "--config", str(config), "--port", "99999"]).exit_code == 2


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        ("s3://b/x", "is no local path: write to a folder of this machine"),
        ("bills.csv.gz", "only .parquet and .csv files are written"),
        ("bills.json", "only .parquet and .csv files are written"),
    ],
)
def test_an_export_goes_to_a_local_file_of_a_known_format(published: Path, output: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        runner.invoke(application, ["export", "focus", "--output", output, "--config", str(published)], catch_exceptions=False)


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
        ("DELETE FROM results.plan", "give one SELECT"),
        ("", "give one SELECT"),
        ("SELECT 1; SELECT 2", "give one SELECT"),
        ("COPY (SELECT 1) TO 'here.csv'", "give one SELECT"),
        ("INSTALL httpfs", "give one SELECT"),
        ("SELECT * FROM read_csv('/etc/passwd')", "file system operations are disabled"),
        ("SELECT * FROM statement", "statement does not exist"),
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


def test_what_other_tools_have_no_type_for_is_shown_as_text(published: Path) -> None:
    statement = "SELECT INTERVAL 36 HOUR AS age, [INTERVAL 1 DAY] AS ages, union_value(a := 1) AS one"

    answer = runner.invoke(application, ["sql", statement, "--config", str(published), "--format", "csv"])

    assert answer.output == "age,ages,one\n36:00:00,[1 day],1\n"


def test_a_long_answer_is_a_table_of_its_first_rows_and_says_so(published: Path) -> None:
    answer = runner.invoke(application, ["sql", "SELECT range AS n FROM range(205051)", "--config", str(published)])

    assert answer.stdout.split() == ["n", *map(str, range(1000))]
    assert answer.stderr == "\nShowing 1,000 of 205,051 rows; --format csv, json or parquet gives all of them.\n"


@pytest.mark.parametrize("output_format", ["csv", "json", "parquet"])
def test_every_other_format_has_all_rows_of_a_long_answer(published: Path, output_format: str) -> None:
    statement = "SELECT range AS n, 'a' AS word FROM range(25000)"

    answer = runner.invoke(application, ["sql", statement, "--config", str(published), "--format", output_format])

    readers: dict[str, Callable[[io.BytesIO], pl.DataFrame]] = {"csv": pl.read_csv, "json": pl.read_json, "parquet": pl.read_parquet}
    assert readers[output_format](io.BytesIO(answer.stdout_bytes))["n"].to_list() == list(range(25_000))


@pytest.mark.parametrize(("output_format", "text"), [("csv", "n,word\n"), ("json", "[]\n")])
def test_an_answer_without_rows_keeps_its_form(published: Path, output_format: str, text: str) -> None:
    answer = runner.invoke(
        application, ["sql", "SELECT 1 AS n, 'a' AS word LIMIT 0", "--config", str(published), "--format", output_format]
    )

    assert answer.stdout == text


def test_a_tag_of_ten_kilobytes_is_cut_in_a_table(published: Path) -> None:
    answer = runner.invoke(application, ["sql", "SELECT repeat('x', 10240) AS tag", "--config", str(published)])

    assert answer.stdout.split("\n")[1].rstrip() == f"{'x' * 200}… (10,240 characters)"


def test_no_cell_of_csv_runs_as_a_formula(published: Path) -> None:
    statement = "SELECT '=cmd|x' AS a, ' +1' AS b, 'plain' AS c, -5 AS d"

    answer = runner.invoke(application, ["sql", statement, "--config", str(published), "--format", "csv"])

    assert answer.stdout == "a,b,c,d\n'=cmd|x,' +1,plain,-5\n"


@pytest.mark.parametrize("folder", ["/proc/costsieve", "taken/demo", "taken"])
def test_a_demo_needs_a_folder_that_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken").write_text("a file", encoding="utf-8")

    with pytest.raises(ConfigurationError, match="--folder must be a folder that this user may write"):
        runner.invoke(application, ["demo", "--folder", folder], catch_exceptions=False)
