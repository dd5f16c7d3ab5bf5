"""Which thresholds a rule judges a resource by: preset, then costsieve.yaml, then the first override that fits. Nothing is judged here."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from costsieve.errors import ConfigurationError
from costsieve.findings.rule import Rule, load_rules
from costsieve.rule_settings import ParameterValue, RuleOverride, RuleSettings
from costsieve.settings import Settings

type Parameters = dict[str, int | Decimal]


@dataclass(frozen=True)
class AppliedParameters:
    """A rule's parameters for all resources, and those of each override in the order of the file."""

    default: Parameters
    overridden: tuple[tuple[RuleOverride, Parameters], ...]

    @property
    def distinct(self) -> list[Parameters]:
        """Every set of parameters once: the rule runs as many times."""
        sets = [self.default, *(parameters for _, parameters in self.overridden)]
        return [each for number, each in enumerate(sets) if each not in sets[:number]]

    def for_resource(self, account_id: str | None, tags: Mapping[str, str | None]) -> Parameters:
        """Return what applies to a resource of this account with these tags; the first override that fits counts."""
        return next((parameters for override, parameters in self.overridden if _fits(override, account_id, tags)), self.default)


def rule_parameters(rule: Rule, settings: Settings) -> Parameters:
    """Return the rule's parameters where no override applies: those of the preset, replaced by what costsieve.yaml sets under `rules`.

    Raises ConfigurationError for a rule or a parameter that does not exist, and for a value that is no number, overrides included.
    """
    return applied_parameters(rule, settings).default


def applied_parameters(rule: Rule, settings: Settings) -> AppliedParameters:
    """Return the rule's parameters with all overrides; raises ConfigurationError as rule_parameters does."""
    unknown = sorted(set(settings.rules) - {known.id for known in load_rules()} - {rule.id})
    if unknown:
        message = f"rules.{unknown[0]}: there is no such rule. `costsieve rules` lists them."
        raise ConfigurationError(message)
    own = settings.rules.get(rule.id, RuleSettings())
    preset = {name: parameter.preset_value(settings.preset) for name, parameter in rule.params.items()}
    default = preset | _numbers(rule, own.params, f"rules.{rule.id}.")
    overridden = [
        (override, default | _numbers(rule, override.params, f"rules.{rule.id}.overrides, entry {number}, "))
        for number, override in enumerate(own.overrides, start=1)
    ]
    return AppliedParameters(default, tuple(overridden))


def _numbers(rule: Rule, values: Mapping[str, ParameterValue], place: str) -> Parameters:
    return {name: _number(rule, name, value, f"{place}{name}") for name, value in values.items()}


def _number(rule: Rule, name: str, value: ParameterValue, place: str) -> int | Decimal:
    if name not in rule.params:
        message = f"{place}: the rule has no such parameter. It has: {', '.join(rule.params)}."
        raise ConfigurationError(message)
    try:
        number = value if isinstance(value, int | Decimal) else Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(number, Decimal) and not number.is_finite():
        message = f"{place}: {str(value)!r} is not a number ({rule.params[name].unit})."
        raise ConfigurationError(message)
    return number


def _fits(override: RuleOverride, account_id: str | None, tags: Mapping[str, str | None]) -> bool:
    is_account = not override.accounts or account_id in override.accounts
    return is_account and all(tags.get(dimension) == value for dimension, value in override.tags.items())
