"""What a night says that cannot begin."""

from pathlib import Path

import pytest

from costsieve.home import Home
from costsieve.warehouse import Warehouse
from pipelines.night import main


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
@pytest.mark.parametrize("as_of", ["2019-01-01", "2999-01-01"])
def test_a_night_out_of_range_is_a_wrong_use(as_of: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert night(as_of, monkeypatch) == 2
    assert f"there is no night of {as_of}: nights go from 2024-01-01 to today" in capsys.readouterr().err


def test_a_home_that_cannot_be_created_is_a_wrong_use(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.root.write_text("a file", encoding="utf-8")

    assert night("2026-10-01", monkeypatch) == 2
    assert "must be a folder that this user may write" in capsys.readouterr().err


def test_a_second_night_at_once_is_turned_away_in_one_line(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Warehouse(home).reserved():
        assert night("2026-10-01", monkeypatch) == 1

    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith(f"costsieve: another night is running in {home.root}. Wait for it to end")
    assert told[1:] == ["costsieve: nothing was published; the last good result stands."]
