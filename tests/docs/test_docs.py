"""Generated documents are current, and what is written by hand names things that exist."""

import re
from pathlib import Path

import pytest

from costsieve.findings.rule import load_rules
from docs.generate import PAGES

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_current(name: str) -> None:
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == PAGES[name](), f"docs/{name} is out of date: run `make docs`"


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *(f"docs/{p.name}" for p in (ROOT / "docs").glob("*.md"))])
def test_every_relative_link_leads_somewhere(page: str) -> None:
    path = ROOT / page
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", path.read_text(encoding="utf-8"))

    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_make_target_that_is_named_exists(page: str) -> None:
    named = set(re.findall(r"`make ([a-z-]+)`", (ROOT / page).read_text(encoding="utf-8")))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert named <= targets


def test_the_readme_counts_the_rules_that_there_are() -> None:
    rules = load_rules()
    on_gcp = [rule for rule in rules if any(scope.provider == "GCP" for scope in rule.applies_to)]

    assert f"[{len(rules)} rules](docs/rules.md), {len(on_gcp)} of them on Google Cloud" in (ROOT / "README.md").read_text(encoding="utf-8")
