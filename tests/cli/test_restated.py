"""`costsieve restated` on a published history of two nights."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from costsieve.cli.application import application
from costsieve.errors import ConfigurationError
from costsieve.home import Home
from costsieve.warehouse import Warehouse
from tests.core.conftest import Lake
from tests.core.history import Line, bill, keep

runner = CliRunner()


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """100.00 on 30 September became 103.1049 by late rows and 98.10 by a credit."""
    folder = tmp_path_factory.mktemp("restated")
    home = Home(folder / "home")
    (folder / "costsieve.yaml").write_text("home: home", encoding="utf-8")
    with Warehouse(home).connect() as connection:
        lake = Lake(home, connection)
        lake.land(bill([Line("100")]), "2026-09")
        keep(lake, date(2026, 10, 1))
        lake.land(bill([Line("100"), Line("3.1049"), Line("-5", "Credit")]), "2026-09", "v2")
        keep(lake, date(2026, 10, 2))
    home.published_warehouse.parent.mkdir()
    home.work_warehouse.rename(home.published_warehouse)
    return folder / "costsieve.yaml"


def restated(config: Path, *arguments: str) -> str:
    return runner.invoke(application, ["restated", *arguments, "--config", str(config)], catch_exceptions=False).output


def test_the_table_is_a_bridge_and_then_the_services(config: Path) -> None:
    answer = restated(config, "--since", "2026-10-01")
    lines = [line.split() for line in answer.splitlines()]

    assert answer.startswith("Days before 2026-10-01, as the night of 2026-10-01 knew them and as the night of 2026-10-02 knows them:\n")
    assert lines[2] == ["USD", "known", "on", "2026-10-01", "100.00", "100.00"]
    assert lines[3][-2:] == ["3.10", "3.10"]
    assert lines[4][-2:] == ["-5.00", "-5.00"]
    assert lines[5] == ["USD", "known", "on", "2026-10-02", "98.10", "98.10"]
    assert lines[-2:] == [
        ["USD", "AWS", "2026-09", "AmazonEC2", "credit_or_refund", "1", "-5.00", "-5.00"],
        ["USD", "AWS", "2026-09", "AmazonEC2", "late_rows", "1", "3.10", "3.10"],
    ]


def test_programs_get_every_change_with_all_its_digits(config: Path) -> None:
    answer = restated(config, "--since", "2026-10-01", "--format", "json")

    assert [(row["reason"], row["x_pool"], row["billed_before"], row["billed_after"]) for row in json.loads(answer)] == [
        ("credit_or_refund", "credit", "0.000000000000", "-5.000000000000"),
        ("late_rows", "usage", "100.000000000000", "103.104900000000"),
    ]


def test_csv_and_parquet_have_the_same_rows(config: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(restated(config, "--since", "2026-10-01", "--format", "csv"))))
    answer = runner.invoke(application, ["restated", "--since", "2026-10-01", "--format", "parquet", "--config", str(config)])
    parquet = tmp_path / "changes.parquet"
    parquet.write_bytes(answer.stdout_bytes)

    assert [row["reason"] for row in rows] == list(pl.read_parquet(parquet)["reason"])


@pytest.mark.parametrize("since", ["2026-10-02", "2030-01-01"])
def test_nothing_can_have_changed_since_the_last_night(config: Path, since: str) -> None:
    answer = restated(config, "--since", since)

    assert answer == f"2026-10-02 is the last published night up to {since}, so nothing can have changed since.\n"


def test_a_date_before_the_history_is_unknown(config: Path) -> None:
    with pytest.raises(ConfigurationError, match="the history begins with the night of 2026-10-01"):
        restated(config, "--since", "2026-09-30")


def test_a_date_must_be_a_date(config: Path) -> None:
    with pytest.raises(ConfigurationError, match="--since yesterday is not a date"):
        restated(config, "--since", "yesterday")


def test_a_published_file_of_before_the_history_says_so(tmp_path: Path) -> None:
    old = tmp_path / "costsieve.yaml"
    old.write_text("home: home", encoding="utf-8")
    with Warehouse(Home(tmp_path / "home")).connect() as connection:
        connection.execute("DROP TABLE meta.known_nights")
    Home(tmp_path / "home").published_warehouse.parent.mkdir()
    Home(tmp_path / "home").work_warehouse.rename(Home(tmp_path / "home").published_warehouse)

    with pytest.raises(ConfigurationError, match="a version of Costsieve that kept no history"):
        restated(old, "--since", "2026-10-01")
