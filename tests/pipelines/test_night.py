"""What a night says that cannot begin."""

import json
import sys
from pathlib import Path

import pytest

from costsieve.home import Home
from costsieve.warehouse import Warehouse
from pipelines.night import main
from tests.sources.exports import cur_row, deliver_cur_month, parquet


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home folder of a configuration without sources."""
    config = tmp_path / "costsieve.yaml"
    config.write_text("home: home", encoding="utf-8")
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
    (tmp_path / "costsieve.yaml").write_text(json.dumps({"home": "home", "alerts": {"command": command}}), encoding="utf-8")

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
    assert "there is no such check. Is it usage_is_fresh" in capsys.readouterr().err


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
