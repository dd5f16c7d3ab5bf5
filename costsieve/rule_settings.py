"""The part of costsieve.yaml that sets thresholds: a preset, parameters by rule, overrides by tag or account. Rules say what there is."""

from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

type ParameterValue = int | Decimal | str
type Preset = Literal["careful", "balanced", "max_savings"]
type TagDimension = Literal["owner", "team", "project", "environment", "cost_center"]

PRESETS: tuple[Preset, ...] = ("careful", "balanced", "max_savings")
"""From the fewest findings to the most; `balanced` is each parameter's own value."""


class RuleOverride(BaseModel):
    """Other parameters for the resources that have all of `tags` and belong to one of `accounts`; every other setting is a parameter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: dict[TagDimension, str] = {}
    accounts: tuple[str, ...] = ()
    params: dict[str, ParameterValue] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, content: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
        return _with_params(content, ("tags", "accounts"))

    @model_validator(mode="after")
    def _has_a_condition(self) -> "RuleOverride":
        if not self.tags and not self.accounts:
            message = "give `tags` or `accounts`; for all resources set the parameter in the rule itself"
            raise ValueError(message)
        return self


class RuleSettings(BaseModel):
    """Parameters of one rule; the first override that fits a resource replaces them for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    overrides: tuple[RuleOverride, ...] = ()
    params: dict[str, ParameterValue] = {}

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, content: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
        return _with_params(content, ("overrides",))


def _with_params(content: Any, settings: tuple[str, ...]) -> Any:  # noqa: ANN401 - YAML may hold anything
    """Put every name that is no setting of its own under `params`: in the file they stand side by side."""
    if not isinstance(content, dict):
        return content
    params = {name: value for name, value in content.items() if name not in settings}
    return {name: value for name, value in content.items() if name in settings} | {"params": params}
