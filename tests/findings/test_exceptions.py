"""Exceptions hide what they name until they expire, and a wrong entry is named."""

from datetime import date
from pathlib import Path

import pytest

from costsieve.errors import ConfigurationError
from costsieve.findings.exceptions import load_exceptions

ENTRY = "{rule: idle_vm, owner: maria, reason: warm standby, expires: 2026-12-31}"


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "exceptions.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_path_and_an_empty_file_mean_no_exceptions(tmp_path: Path) -> None:
    assert load_exceptions(None) == ()
    assert load_exceptions(_file(tmp_path, "")) == ()


def test_entries_keep_the_order_of_the_file(tmp_path: Path) -> None:
    entries = load_exceptions(_file(tmp_path, f"- {ENTRY}\n- {ENTRY.replace('maria', 'jo')}\n"))

    assert [(entry.owner, entry.expires) for entry in entries] == [("maria", date(2026, 12, 31)), ("jo", date(2026, 12, 31))]


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{rule: idle_vm, reason: standby, expires: 2026-12-31}", "owner: is missing"),
        ("{rule: idle_vm, owner: maria, expires: 2026-12-31}", "reason: is missing"),
        ("{rule: idle_vm, owner: maria, reason: standby}", "expires: is missing"),
        ("{rule: idle_vm, owner: maria, reason: standby, expires: soon}", "expires: "),
        ("{rule: idle_wm, owner: maria, reason: standby, expires: 2026-12-31}", "there is no rule 'idle_wm'"),
        ("{owner: maria, reason: standby, expires: 2026-12-31}", "give at least one of"),
        ("{tags: {color: red}, owner: maria, reason: standby, expires: 2026-12-31}", "tags, color: 'color' is none of owner"),
        ("{rule: idle_vm, owner: maria, reason: standby, expires: 2026-12-31, region: eu}", "region: there is no such setting"),
        ("just words", "each exception: must hold settings"),
    ],
)
def test_a_wrong_entry_is_named_with_file_and_number(tmp_path: Path, entry: str, complaint: str) -> None:
    path = _file(tmp_path, f"- {ENTRY}\n- {entry}\n")

    with pytest.raises(ConfigurationError, match="entry 2") as raised:
        load_exceptions(path)

    assert str(path) in str(raised.value)
    assert complaint in str(raised.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("rule: idle_vm", "must be a list"),
        ("- {unclosed", "is not valid YAML"),
        ("- expires: 2026-02-30", "line 1, .* 2026-02-30 cannot be"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigurationError, match=complaint):
        load_exceptions(_file(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"exceptions\.yaml cannot be read: No such file"):
        load_exceptions(tmp_path / "exceptions.yaml")
