"""docs/rules.md, generated from the rules themselves. Run `python -m costsieve.findings.rules_page > docs/rules.md`."""

import sys

from costsieve.findings.rule import Rule, load_rules

_HEAD = """# Rules

Generated from `sql/rules/*/rule.yaml`; edit those, not this page. Each rule is one folder: `rule.yaml` says what and why,
`rule.sql` is the SELECT, `cases.yaml` proves it. Thresholds are set in `costsieve.yaml`, for example
`rules: {idle_vm: {cpu_percent: 3}}`. A resource that a rule cannot judge is listed as `not_evaluable` with its dollars:
unknown is never idle."""


def rules_page() -> str:
    """Return the page in Markdown: an overview, then one section a rule in the order of their ids."""
    rules = load_rules()
    overview = ["| rule | action | severity | AWS | GCP |", "| --- | --- | --- | --- | --- |", *(_overview(rule) for rule in rules)]
    return "\n\n".join([_HEAD, "\n".join(overview), *(_section(rule) for rule in rules)]) + "\n"


def _overview(rule: Rule) -> str:
    link = f"[{rule.title}](#{rule.id})"
    return f"| {link} | {rule.action} | {rule.severity} | {_types(rule, 'AWS')} | {_types(rule, 'GCP')} |"


def _types(rule: Rule, provider: str) -> str:
    return ", ".join(scope.resource_type for scope in rule.applies_to if scope.provider == provider)


def _section(rule: Rule) -> str:
    parts = [
        f"## {rule.id}",
        f"**{rule.title}.** {rule.why}",
        f"What to do: {rule.remedy}",
        "Criteria:\n\n" + "\n".join(f"* {sentence}" for sentence in rule.criteria),
        "Confidence:\n\n" + "\n".join(f"* {level}: {words}" for level, words in rule.confidence.items()),
        _parameters(rule),
        "Permissions:\n\n"
        + "\n".join(f"* {provider}: {', '.join(f'`{p}`' for p in names)}" for provider, names in rule.permissions.items()),
        f"Reads {', '.join(f'`{name}`' for name in rule.reads)} in [rule.sql](../sql/rules/{rule.id}/rule.sql).",
    ]
    return "\n\n".join(parts)


def _parameters(rule: Rule) -> str:
    rows = [f"| `{name}` | {each.value} | {each.unit} | {each.description} |" for name, each in rule.params.items()]
    return "\n".join(["| parameter | default | unit | meaning |", "| --- | --- | --- | --- |", *rows])


if __name__ == "__main__":
    sys.stdout.write(rules_page())
