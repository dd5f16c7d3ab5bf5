"""What delivered tag values and accounts mean under the allocation settings: meta.allocation_values and meta.allocation_accounts.

Every distinct value of the rolled-up rows is looked up once, never a line item. Which tag a value was read from is in allocation_tags.
"""

import re
from collections.abc import Callable, Iterable

import polars as pl

from costsieve.allocation_settings import PATTERN, Dimension
from costsieve.contracts.allocation import ALLOCATION_ACCOUNTS, ALLOCATION_VALUES
from costsieve.settings import Allocation
from costsieve.warehouse import Connection, replace_frame

type Meaning = Callable[[str], str | None]


def write_accounts(connection: Connection, allocation: Allocation) -> None:
    """Replace meta.allocation_accounts by the settings, and forget the values of dimensions that map none any more."""
    names = sorted({account for dimension in allocation.dimensions.values() for account in dimension.accounts})
    rows = [{"account": name, **{key: each.accounts.get(name) for key, each in allocation.dimensions.items()}} for name in names]
    replace_frame(connection, ALLOCATION_ACCOUNTS, pl.DataFrame(rows, schema=ALLOCATION_ACCOUNTS.polars_schema()))
    for name, dimension in allocation.dimensions.items():
        if not dimension.values:
            connection.execute("DELETE FROM meta.allocation_values WHERE dimension = $name", {"name": name})


def write_values(connection: Connection, allocation: Allocation, relation: str) -> None:
    """Look up every distinct `delivered_<dimension>` of ``relation`` and bring meta.allocation_values up to date with it."""
    for name, dimension in allocation.dimensions.items():
        if dimension.values:
            found = connection.execute(f"SELECT DISTINCT delivered_{name} FROM {relation} WHERE delivered_{name} <> ''").fetchall()  # noqa: S608 - names of this module
            _replace(connection, name, [value for (value,) in found], meaning_of(dimension))


def meaning_of(dimension: Dimension) -> Meaning:
    """Return the function from a delivered value to the name that it stands for; None where no spelling of the settings fits.

    Case and outer spaces do not count. A spelling wins over a regular expression, and an earlier expression over a later one.
    """
    spelled = [(value, spelling) for value, others in dimension.values.items() for spelling in (value, *others)]
    names = {_plain(spelling): value for value, spelling in spelled if not PATTERN.fullmatch(spelling)}
    patterns = [(value, re.compile(found[1], re.IGNORECASE)) for value, spelling in spelled if (found := PATTERN.fullmatch(spelling))]

    def meaning(delivered: str) -> str | None:
        named = names.get(_plain(delivered))
        if named is not None:
            return named
        return next((value for value, pattern in patterns if pattern.fullmatch(delivered.strip())), None)

    return meaning


def _replace(connection: Connection, name: str, delivered: Iterable[str], meaning: Meaning) -> None:
    rows = [{"dimension": name, "delivered": value, "value": meaning(value)} for value in delivered]
    connection.register("looked_up", pl.DataFrame(rows, schema=ALLOCATION_VALUES.polars_schema()))
    connection.execute(
        "DELETE FROM meta.allocation_values WHERE dimension = $name AND delivered IN (SELECT delivered FROM looked_up)", {"name": name}
    )
    connection.execute("INSERT INTO meta.allocation_values BY NAME SELECT * FROM looked_up WHERE value IS NOT NULL")
    connection.unregister("looked_up")


def _plain(value: str) -> str:
    return value.strip().casefold()
