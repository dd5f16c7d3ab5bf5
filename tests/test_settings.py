"""costsieve.yaml -> Settings."""

from datetime import date
from pathlib import Path

import pytest

from costsieve.errors import ConfigurationError
from costsieve.settings import load_settings
from costsieve.source_settings import AwsCurSource, GcpBillingSource

BILL = "sources: [{name: org-bill, type: aws_cur, location: x}]"


def written(folder: Path, text: str) -> Path:
    path = folder / "costsieve.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_local_locations_are_relative_to_the_file_and_remote_ones_stay(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "sources:\n  - {name: a, type: aws_cur, location: exports/cur}\n  - {name: b, type: aws_cur, location: 's3://bills/cur/costs'}\n",
    )

    first, second = load_settings(path).sources

    assert isinstance(first, AwsCurSource)
    assert isinstance(second, AwsCurSource)
    assert (first.location, second.location) == (str(tmp_path / "exports/cur"), "s3://bills/cur/costs")


def test_home_is_beside_the_file(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, "currency: EUR\n")).home == tmp_path / ".costsieve"


def test_a_tilde_is_the_folder_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")

    assert load_settings(written(tmp_path, "home: ~/costs\n")).home == Path("/home/ann/costs")


def test_a_gcp_bill_comes_from_a_table_or_from_files(tmp_path: Path) -> None:
    path = written(tmp_path, "sources: [{name: g, type: gcp_billing, table: p.d.t}]\n")

    assert load_settings(path).sources == (GcpBillingSource(name="g", type="gcp_billing", table="p.d.t"),)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("sources: [{name: g, type: gcp_billing}]", "give either `table`"),
        ("sources: [{name: g, type: oracle}]", "sources, entry 1: there is no type oracle; the types are aws_cur, gcp_billing"),
        ("sources: [{name: a, location: x}]", "sources, entry 1: `type` is missing"),
        ("sources: [{name: a, type: aws_cur}]", "sources, entry 1, location: is missing"),
        ("sources: [{name: Org Bill, type: aws_cur, location: x}]", "name: 'Org Bill' must be of lower-case letters, digits and dashes"),
        ("sources: [{name: m, type: cloudwatch, regions: us-east-1}]", "sources, entry 1, regions: must be a list, as in [a, b]"),
        ("alerts: {webhook: chat.example.com}", "alerts, webhook: 'chat.example.com' must be an address"),
        ("- sources", "the file: must hold settings"),
        ("sources: [{name: a, type: aws_cur, location: x}, {name: a, type: aws_cur, location: y}]", "repeated: a"),
        ("curency: USD", "curency: there is no such setting"),
        (f"{BILL}\nquarantine: [{{source: org-bil, reason: late}}]", "quarantine: there is no source org-bil; the sources are org-bill."),
        (f"{BILL}\nquarantine: [{{source: org-bill}}]", "quarantine, entry 1, reason: is missing"),
        (f"{BILL}\nquarantine: [{{source: org-bill, reason: late, period: September}}]", "must be a month or a day, as in 2026-09"),
        (f"{BILL}\nquarantine: [{{source: org-bill, reason: late, until: soon}}]", "until: must be a day, as in 2026-09-30"),
        (f"{BILL}\naccepted: [{{check: c, source: other, reason: late}}]", "accepted: there is no source other"),
        ("checks: {usage_is_fresh: critical}", "checks, usage_is_fresh: must hold settings, as in name: value"),
        ("schedule: {time_zone: Mars/Olympus}", "schedule"),
        ("sources: [", ", line 1, is not valid YAML: expected the node content, but found '<stream end>'."),
        (
            "currency: USD\nhome: here\ncurrency: EUR",
            ", line 3, is not valid YAML: currency is there already, in line 1; keep one of them.",
        ),
        ("schedule: {hour: 3, hour: 4}", "line 1, is not valid YAML: hour is there already"),
        (
            f"{BILL}\nquarantine:\n- {{source: org-bill, reason: a, until: 2026-02-30}}",
            "line 3, is not valid YAML: 2026-02-30 cannot be: day is",
        ),
        ("home: !!int x", "line 1, is not valid YAML: x cannot be"),
        ("memory_limit: 1MB", "memory_limit: 1MB must be between 256MB and 10000GB"),
        ("memory_limit: 99999999GB", "memory_limit: 99999999GB must be between"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_field(tmp_path: Path, text: str, complaint: str) -> None:
    path = written(tmp_path, text)

    with pytest.raises(ConfigurationError) as caught:
        load_settings(path)

    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_a_setting_whose_entries_are_all_commented_out_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "sources:\n#  - {name: a, type: aws_cur, location: x}\nalerts:\nrules:\n")

    assert load_settings(path) == load_settings(written(tmp_path, ""))


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "costsieve.yaml"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(ConfigurationError, match=r"costsieve\.yaml cannot be read as UTF-8 text"):
        load_settings(path)


def test_a_file_that_is_nested_without_end_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"costsieve\.yaml is not valid YAML .* nested too deeply"):
        load_settings(written(tmp_path, "[" * 5000 + "]" * 5000))


def test_an_anchor_may_be_merged_and_its_names_replaced(tmp_path: Path) -> None:
    path = written(tmp_path, "sources:\n- &bill {name: a, type: aws_cur, location: /x}\n- {<<: *bill, name: b}\n")

    assert [source.name for source in load_settings(path).sources] == ["a", "b"]


def test_a_folder_in_the_place_of_the_file_is_told_from_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigurationError, match=f"{tmp_path} is a folder: give the configuration file itself, such as {tmp_path}/costsieve.yaml"
    ):
        load_settings(tmp_path)


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="costsieve init"):
        load_settings(tmp_path / "costsieve.yaml")


def test_a_quarantine_names_a_month_or_a_day_and_its_last_night(tmp_path: Path) -> None:
    """YAML reads a day as a date; the period is its text."""
    entries = "[{source: org-bill, period: 2026-09, reason: a}, {source: org-bill, period: 2026-09-30, reason: b, until: 2026-10-05}]"

    quarantine = load_settings(written(tmp_path, f"{BILL}\nquarantine: {entries}")).quarantine

    assert [(entry.period, entry.until) for entry in quarantine] == [("2026-09", None), ("2026-09-30", date(2026, 10, 5))]


def test_a_bill_that_is_gone_can_be_accepted_by_the_name_it_had(tmp_path: Path) -> None:
    accepted = "accepted: [{check: published_bills_are_configured, source: old-bill, reason: closed}]"

    assert load_settings(written(tmp_path, f"{BILL}\n{accepted}")).accepted[0].source == "old-bill"


def test_reads_of_an_inventory_can_be_quarantined_by_their_own_name(tmp_path: Path) -> None:
    source = "sources: [{name: objects, type: s3_inventory, location: a, reads: b}]"

    settings = load_settings(written(tmp_path, f"{source}\nquarantine: [{{source: objects-reads, reason: late}}]"))

    assert settings.quarantine[0].source == "objects-reads"
