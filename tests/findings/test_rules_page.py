"""docs/rules.md says what the rules say."""

from pathlib import Path

from costsieve.findings.rule import load_rules
from costsieve.findings.rules_page import rules_page


def test_the_page_is_current() -> None:
    page = Path(__file__).parents[2] / "docs" / "rules.md"

    assert page.read_text(encoding="utf-8") == rules_page(), "run `python -m costsieve.findings.rules_page > docs/rules.md`"


def test_every_rule_has_a_section_with_each_of_its_parameters() -> None:
    page = rules_page()

    for rule in load_rules():
        section = page.split(f"## {rule.id}\n")[1].split("\n## ")[0]
        assert all(f"| `{name}` |" in section for name in rule.params)
