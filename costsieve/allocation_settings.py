"""The part of costsieve.yaml that says whose cost a charge is. Tags are read in costsieve.core, costs split in costsieve.allocation."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

PATTERN = re.compile(r"/(.+)/", re.DOTALL)
"""How a spelling says that it is a regular expression: between slashes, as in /ml-.*/; it has to match the whole value."""


def _quoted(accounts: Any) -> Any:  # noqa: ANN401 - YAML may hold anything
    """YAML reads an account id without quotes as a number; twelve digits are what it was, fewer have lost their zeros."""
    if not isinstance(accounts, dict):
        return accounts
    numbers = [key for key in accounts if isinstance(key, int) and len(str(key)) != 12]
    if numbers:
        message = f'write account ids in quotes, as in "000000000012": without them YAML reads one as the number {numbers[0]}'
        raise ValueError(message)
    return {str(key): value for key, value in accounts.items()}


class Dimension(BaseModel):
    """Where one allocation dimension comes from.

    Args:
        tags: tag keys in order of precedence; common spellings of a key need not be listed. `cost_category:NAME` is an AWS cost category.
        values: one name and its other spellings, compared without case and outer spaces; `/.../` is a regular expression.
        accounts: the value of charges without such a tag, by id or name of the usage account or project.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    tags: tuple[str, ...] = Field(min_length=1)
    values: dict[str, tuple[str, ...]] = {}
    accounts: Annotated[dict[str, str], BeforeValidator(_quoted)] = {}

    @model_validator(mode="after")
    def _unambiguous(self) -> Self:
        meanings: dict[str, str] = {}
        for value, spellings in self.values.items():
            for spelling in (value, *spellings):
                if meanings.setdefault(spelling.strip().casefold(), value) != value:
                    message = f"{spelling!r} stands for {meanings[spelling.strip().casefold()]} and for {value}: it can be one of them only"
                    raise ValueError(message)
                _compiled(spelling)
        return self


class SharedCost(BaseModel):
    """One pool of shared cost and the key that it is split by.

    Args:
        pool: a pool of core.charges, such as tax, support or unused_commitment.
        service: usage of this service, as in core.charges; with `usage_type`, only usage types that begin with it.
        idle_cluster: what containers left unused of the instances that they ran on.
        name: what the pool is called in results.
        by: `cost` of each value, its `committed_cost` (usage under commitments, at its price without them), `equal` parts for every
            value with a cost, or the `shares` given.
        shares: by dimension, the parts of each value: {team: {vision: 60, speech: 40}}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    pool: (
        Literal[
            "unused_commitment",
            "commitment_purchase",
            "fee",
            "support",
            "credit",
            "discount",
            "refund",
            "tax",
            "adjustment",
            "unclassified",
        ]
        | None
    ) = None
    service: str | None = None
    usage_type: str | None = None
    idle_cluster: Literal[True] | None = None
    name: str | None = None
    by: Literal["cost", "committed_cost", "equal", "shares"] = "cost"
    shares: dict[str, dict[str, Annotated[Decimal, Field(ge=0)]]] = {}

    @model_validator(mode="after")
    def _one_pool(self) -> Self:
        if sum(part is not None for part in (self.pool, self.service, self.idle_cluster)) != 1:
            message = "give one of `pool` (such as tax), `service` (such as AmazonEC2) and `idle_cluster: true`"
            raise ValueError(message)
        if self.usage_type is not None and self.service is None:
            message = "`usage_type` needs the `service` that it belongs to"
            raise ValueError(message)
        if any(not sum(parts.values()) for parts in self.shares.values()):
            message = "`shares` of a dimension must add up to more than 0"
            raise ValueError(message)
        if (self.by == "shares") != bool(self.shares):
            message = "`by: shares` and `shares`, as in {team: {vision: 60, speech: 40}}, go together"
            raise ValueError(message)
        return self

    @property
    def title(self) -> str:
        """What the pool is called in results."""
        usage = " ".join(part for part in (self.service, self.usage_type) if part)
        return self.name or self.pool or usage or IDLE_CLUSTER


IDLE_CLUSTER = "idle_cluster"
"""Name of what containers left unused, unless the configuration gives another."""

DEFAULT_SHARED_COSTS = (
    SharedCost(pool="unused_commitment", by="committed_cost"),
    SharedCost(pool="commitment_purchase", by="committed_cost"),
    SharedCost(pool="support", by="cost"),
    SharedCost(pool="tax", by="cost"),
)
"""Split unless the configuration lists `shared` itself. Everything else that nobody owns stays visible as not split.

Purchases of commitments cost nothing by themselves on AWS; on GCP they are the fees that covered usage is free of."""


def _compiled(spelling: str) -> None:
    found = PATTERN.fullmatch(spelling)
    try:
        re.compile(found[1] if found else "")
    except re.error as error:
        message = f"{spelling} is not a regular expression: {error}"
        raise ValueError(message) from error
