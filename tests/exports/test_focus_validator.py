"""The official validator judges real exports: what the catalogue of gaps lists fails, everything else passes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from costsieve.exports.focus_gaps import focus_gaps
from costsieve.exports.selection import Selection
from costsieve.home import Home
from tests.emulators.focus_validator import failing_rules
from tests.exports.published import export

pytestmark = pytest.mark.slow

EXPORTS = {
    "aws.parquet": Selection(months=("2026-08", "2026-09"), providers=("AWS",)),
    "gcp.parquet": Selection(months=("2026-08", "2026-09"), providers=("GCP",)),
    # The real bill of April, and the first days of the estate.
    "aws.csv": Selection(months=("2026-04", "2026-08"), providers=("AWS",)),
}


@pytest.fixture(scope="module")
def failures(published: Home, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, frozenset[str]]:
    """The rules that each of EXPORTS fails."""
    folder = tmp_path_factory.mktemp("validated")
    files = [export(published, folder / name, selection)[0].path for name, selection in EXPORTS.items()]
    return {file.name: rules for file, rules in failing_rules(files).items()}


def listed(name: str) -> set[str]:
    [provider], ending = EXPORTS[name].providers, Path(name).suffix.removeprefix(".")
    return {rule.rule for rule in focus_gaps().rules if provider in rule.providers and ending in rule.formats}


@pytest.mark.parametrize("name", EXPORTS)
def test_every_rule_holds_that_is_not_listed(failures: Mapping[str, frozenset[str]], name: str) -> None:
    assert failures[name] - listed(name) == set()


@pytest.mark.parametrize("name", EXPORTS)
def test_every_listed_rule_fails(failures: Mapping[str, frozenset[str]], name: str) -> None:
    assert listed(name) - failures[name] == set()
