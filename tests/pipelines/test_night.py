"""What a night says that cannot begin."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from costsieve.home import Home
from costsieve.settings import Settings
from costsieve.warehouse import Warehouse
from pipelines.night import main
from pipelines.reasons import full_disk, reasons_of
from tests.sources.exports import cur_row, deliver_cur_month, parquet, write

CONFIGURATION = {"home": "home", "sources": [{"name": "org-bill", "type": "aws_cur", "location": "bill"}]}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home folder of a configuration whose source has delivered nothing."""
    config = tmp_path / "costsieve.yaml"
    config.write_text(json.dumps(CONFIGURATION), encoding="utf-8")
    monkeypatch.setenv("COSTSIEVE_CONFIG", str(config))
    monkeypatch.setenv("DAGSTER_HOME", "")
    monkeypatch.setenv("COSTSIEVE_PROGRESS", "")
    return Home(tmp_path / "home")


def night(as_of: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["night", "--as-of", as_of])
    return main()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("as_of", ["2018-12-31", "2999-01-01"])
def test_a_night_out_of_range_is_a_wrong_use(as_of: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert night(as_of, monkeypatch) == 2
    assert f"there is no night of {as_of}: nights go from 2019-01-01 to today" in capsys.readouterr().err


def test_a_home_that_cannot_be_created_is_a_wrong_use(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.root.write_text("a file", encoding="utf-8")

    assert night("2026-10-01", monkeypatch) == 2
    assert "must be a folder that this user may write" in capsys.readouterr().err


def test_a_night_that_is_turned_away_is_told_to_whom_alerts_go(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outbox = tmp_path / "alert.json"
    command = [sys.executable, "-c", f"import sys; open({str(outbox)!r}, 'w').write(sys.stdin.read())"]
    (tmp_path / "costsieve.yaml").write_text(json.dumps({**CONFIGURATION, "alerts": {"command": command}}), encoding="utf-8")

    with Warehouse(home).reserved():
        night("2026-10-01", monkeypatch)

    alert = json.loads(outbox.read_text(encoding="utf-8"))
    assert (alert["as_of"], alert["kind"]) == ("2026-10-01", "not begun")
    assert alert["error"].startswith("another night is running")


@pytest.mark.usefixtures("home")
def test_a_mistake_about_checks_is_told_before_anything_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "costsieve.yaml").write_text("checks: {usage_is_frsh: {max_days: 4}}", encoding="utf-8")

    assert night("2026-10-01", monkeypatch) == 2
    assert f"costsieve: {tmp_path}/costsieve.yaml: checks.usage_is_frsh: there is no such check. Is it usage" in capsys.readouterr().err


def test_a_configuration_without_sources_publishes_nothing(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "costsieve.yaml").write_text("home: home", encoding="utf-8")
    good = write(home.published_warehouse, b"the last good result")

    assert night("2026-10-01", monkeypatch) == 2
    assert f"{tmp_path}/costsieve.yaml: there are no `sources`, so there is nothing to read" in capsys.readouterr().err
    assert good.read_bytes() == b"the last good result"


@pytest.mark.parametrize("file", ["published_warehouse", "work_warehouse"])
def test_a_damaged_file_ends_the_night_at_once_and_says_how_to_mend_it(
    home: Home, file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = write(getattr(home, file), b"no database")

    assert night("2026-10-01", monkeypatch) == 1
    told = capsys.readouterr().err
    assert f"costsieve: {damaged} is damaged, or is no DuckDB file" in told
    assert "nothing was published" in told
    assert "Traceback" not in told


@pytest.mark.slow
def test_ctrl_c_ends_the_night_at_once_and_the_next_one_goes_through(home: Home, tmp_path: Path) -> None:
    deliver_cur_month(tmp_path / "bill", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row()])})
    costsieve, config = Path(sys.executable).with_name("costsieve"), tmp_path / "costsieve.yaml"
    command = [str(costsieve), "night", "--as-of", "2026-10-01", "--config", str(config)]
    environment = {**os.environ, "COSTSIEVE_PROGRESS": "1"}

    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as running:
        assert running.stderr is not None
        begun = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()

    assert " s  " in begun
    assert running.returncode == 130
    assert told.endswith("\ncostsieve: interrupted; nothing was published.\n")
    assert "Traceback" not in told
    assert not home.published_warehouse.exists()
    assert subprocess.run(command, capture_output=True, env=environment, check=False).returncode == 0


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "[Errno 28] No space left on device: '/h/lake/x'\n",
            "no space is left for /h: free some, then run the night again. ([Errno 28] No",
        ),
        ("(sqlite3.OperationalError) database or disk is full\n[SQL: INSERT]", "(sqlite3.OperationalError) database or disk is full)"),
    ],
)
def test_a_full_disk_is_told_as_what_it_is(said: str, reason: str) -> None:
    assert reason in str(full_disk(said, Home(Path("/h"))))
    assert full_disk("no such table", Home(Path("/h"))) is None


@pytest.mark.slow
def test_a_night_before_the_first_delivery_fails_and_says_which_night_can_be(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver_cur_month(tmp_path / "bill", "2026-09", {"costs-1.snappy.parquet": parquet([cur_row()])})
    sources = [{"name": "org-bill", "type": "aws_cur", "location": str(tmp_path / "bill")}]
    (tmp_path / "costsieve.yaml").write_text(json.dumps({"home": "home", "sources": sources}), encoding="utf-8")

    assert night("2026-08-01", monkeypatch) == 1
    told = capsys.readouterr().err
    assert "costsieve: meta/source_reads: no bill has usage of a day before 2026-08-01" in told
    assert "The first delivered period is 2026-09, in org-bill: run the night with --as-of 2026-09-02 or later." in told
    assert "nothing was published; no night has published yet" in told
    assert not home.published_warehouse.exists()


def test_a_second_night_at_once_is_turned_away_in_one_line(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Warehouse(home).reserved():
        assert night("2026-10-01", monkeypatch) == 1

    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"costsieve: another night is running in {home.root}. Wait for it to end")
    assert told[1:] == ["", "costsieve: nothing was published; no night has published yet."]


def test_a_step_that_ran_out_of_memory_says_which_setting_to_raise(home: Home) -> None:
    @dg.op
    def greedy() -> None:
        with duckdb.connect(config={"memory_limit": "1MB", "temp_directory": "", "threads": 1}) as connection:
            connection.execute("SELECT list(range) FROM range(1000000)").fetchall()

    @dg.job
    def job() -> None:
        greedy()

    [reason] = reasons_of(job.execute_in_process(raise_on_error=False), Settings(home=home.root))

    assert reason.startswith("greedy: memory ran out: raise `memory_limit` in ")
    assert "costsieve.yaml, which is 1200MB. (Out of Memory Error: " in reason
