"""costsieve.yaml -> Settings."""

from pathlib import Path

import pytest

from costsieve.errors import ConfigurationError
from costsieve.settings import AwsCurSource, GcpBillingSource, load_settings


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
        ("schedule: {time_zone: Mars/Olympus}", "schedule"),
        ("sources: [", "is not valid YAML"),
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


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="costsieve init"):
        load_settings(tmp_path / "costsieve.yaml")
