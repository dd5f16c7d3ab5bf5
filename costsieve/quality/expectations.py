"""What a table's contract promises, as a list that needs no framework. How it is validated is in costsieve.quality.suites."""

import re
from dataclasses import dataclass
from typing import Literal

from costsieve.contracts.table import Table

type Promise = Literal["columns", "not_null", "allowed", "unique"]

REMEDY = (
    "Costsieve writes this table itself, so either a delivered file is not what it says (compare the rows with it, "
    "and have it delivered again) or this is a defect: report it with these rows."
)


@dataclass(frozen=True)
class Expectation:
    """One promise of a contract: which columns it is about, and the values they may have where it lists them."""

    check_name: str
    promise: Promise
    columns: tuple[str, ...]
    allowed: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What is promised, in words."""
        words = self.check_name.replace("_", " ")
        return words[0].upper() + words[1:]


def expectations_of(table: Table) -> tuple[Expectation, ...]:
    """Return every promise of the contract: its columns, which of them are never null, allowed values, and the key."""
    return (
        Expectation("columns_are_those_of_the_contract", "columns", table.column_names),
        *(Expectation(f"{_snake(c.name)}_is_never_null", "not_null", (c.name,)) for c in table.columns if not c.nullable),
        *(Expectation(f"{_snake(c.name)}_is_an_allowed_value", "allowed", (c.name,), c.allowed) for c in table.columns if c.allowed),
        *((Expectation("key_is_unique", "unique", table.key),) if table.key else ()),
    )


def _snake(name: str) -> str:
    """Return a FOCUS column name in snake case: ``SubAccountId`` -> ``sub_account_id``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
