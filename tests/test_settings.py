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
        ("sources: [{name: g, type: oracle}]", "sources.0"),
        ("sources: [{name: a, type: aws_cur, location: x}, {name: a, type: aws_cur, location: y}]", "repeated: a"),
        ("curency: USD", "curency: Extra inputs are not permitted"),
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


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="costsieve init"):
        load_settings(tmp_path / "costsieve.yaml")
