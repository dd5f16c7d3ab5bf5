"""docs/rules.md, generated from the rules themselves. Run `python -m costsieve.findings.rules_page > docs/rules.md`."""

import sys
from collections.abc import Sequence

import yaml

from costsieve.findings.remedies import Remedy, Words
from costsieve.findings.rule import Rule, load_rules
from costsieve.rule_settings import PRESETS

_HEAD = """# Rules

Generated from `sql/rules`; edit the rules, not this page. Each rule is one folder: `rule.yaml` says what and why, `rule.sql` is the SELECT,
`remedy.yaml` has the commands, `cases.yaml` proves it. A resource that a rule cannot judge is listed as `not_evaluable` with its dollars:
unknown is never idle.

Thresholds are set in `costsieve.yaml`. `preset` chooses one column of the tables below (`balanced` if left out); a parameter of a rule
replaces the preset's value; the first of its `overrides` whose tags and accounts fit a resource replaces it for that resource. A finding's
evidence has the values that it was judged by, and `costsieve rules --sensitivity` shows what each preset would find.

```yaml
preset: careful                  # careful, balanced or max_savings
rules:
  idle_vm:
    cpu_percent: 3
    overrides:
      - {tags: {environment: prod}, cpu_percent: 1}
      - {accounts: ["100000000003"], look_back_days: 30}
```

The commands name a finding's values in braces. Costsieve runs none of them. Where a rule says what to change but nobody knows what that
saves, its findings have no savings and are shown with the cost of the resource ([what savings mean](savings.md))."""


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
        *_remedies(rule.remedies),
        "Criteria:\n\n" + "\n".join(f"* {sentence}" for sentence in rule.criteria),
        "Confidence:\n\n" + "\n".join(f"* {level}: {words}" for level, words in rule.confidence.items()),
        *_parameters(rule),
        "Permissions:\n\n"
        + "\n".join(f"* {provider}: {', '.join(f'`{p}`' for p in names) or 'none'}" for provider, names in rule.permissions.items()),
        f"Reads {', '.join(f'`{name}`' for name in rule.reads)} in [rule.sql](../sql/rules/{rule.id}/rule.sql).",
    ]
    return "\n\n".join(parts)


def _parameters(rule: Rule) -> list[str]:
    if not rule.params:
        return []
    rows = [
        f"| `{name}` | {' | '.join(str(each.preset_value(preset)) for preset in PRESETS)} | {each.unit} | {each.description} |"
        for name, each in rule.params.items()
    ]
    head = ["| parameter | careful | balanced | max_savings | unit | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    return ["\n".join([*head, *rows])]


def _remedies(remedies: Sequence[Remedy]) -> list[str]:
    parts = []
    for remedy in remedies:
        scope = remedy.provider if remedy.resource_type is None else f"{remedy.provider} {remedy.resource_type}"
        steps = [line for step in remedy.commands for line in (f"# {step.purpose}", _line(step.command))]
        parts.append("\n".join([f"{scope}:", "", "```sh", *steps, "```"]))
        parts.append(_terraform(remedy.terraform))
        if remedy.custodian:
            policy = yaml.safe_dump(remedy.custodian.model_dump(mode="json"), sort_keys=False, width=120).strip()
            parts.append(f"In Cloud Custodian:\n\n```yaml\n{policy}\n```")
    return parts


def _terraform(hint: str) -> str:
    hint = hint.strip()
    return f"In Terraform:\n\n```hcl\n{hint}\n```" if "\n" in hint else f"In Terraform: {hint}"


def _line(words: Words) -> str:
    return " ".join(word if isinstance(word, str) else f'"$({_line(word)})"' for word in words)


if __name__ == "__main__":
    sys.stdout.write(rules_page())
