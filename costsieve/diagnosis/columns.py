"""Which columns the newest delivery lacks, and what is impossible without them. Required columns are refused on landing, not here."""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict

from costsieve import sql_files
from costsieve.diagnosis.observation import Observation
from costsieve.findings.rule import load_rules
from costsieve.home import Home
from costsieve.sources.files.parquet_files import read_footer


class ColumnEffect(BaseModel):
    """What is lost without one column, and the rules that cannot judge.

    ``needed_by`` is the only line item type whose rows need it. ``blocks`` says that they have no right cost without: then the check
    cost_columns_are_delivered blocks the nights of a bill with such rows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    without: str
    rules: tuple[str, ...] | str
    needed_by: str | None = None
    blocks: bool = False


@cache
def column_effects() -> dict[str, dict[str, ColumnEffect]]:
    """Return the effects of absent columns by source type and column."""
    described = yaml.safe_load(Path(__file__).with_name("columns.yaml").read_text(encoding="utf-8"))
    return {
        source_type: {name: ColumnEffect.model_validate(effect) for name, effect in columns.items()}
        for source_type, columns in described.items()
    }


def landed_columns(home: Home, source: str, source_type: str) -> frozenset[str] | None:
    """Return the columns of the newest landed period, lower case; None when nothing was landed yet."""
    newest = _newest_files(home, source, source_type)
    return frozenset().union(*(read_footer(path, path.name).columns for path in newest)) if newest else None


def landed_line_item_types(home: Home, source: str, source_type: str) -> frozenset[str]:
    """Return the line item types of the newest landed period of an AWS bill; none for other bills."""
    newest = _newest_files(home, source, source_type) if source_type == "aws_cur" else []
    if not newest:
        return frozenset()
    with duckdb.connect() as connection:
        found = connection.execute(sql_files.statement("diagnosis/line_item_types.sql"), {"files": [str(path) for path in newest]})
        return frozenset(name for (name,) in found.fetchall())


def missing_columns(
    source: str, source_type: str, columns: Collection[str] | None, line_item_types: Collection[str]
) -> Iterator[Observation]:
    """Name every absent optional column with what is lost, or say that all are there."""
    if columns is None:
        yield Observation(source, source_type, "columns", "unknown", "nothing has been loaded yet; run doctor again after the first night")
        return
    absent = {name: effect for name, effect in column_effects().get(source_type, {}).items() if name.lower() not in columns}
    unneeded = {name: effect for name, effect in absent.items() if effect.needed_by and effect.needed_by not in line_item_types}
    for name, effect in absent.items():
        if name not in unneeded:
            finding = f"absent: {effect.without}{_consequence(effect)}"
            yield Observation(source, source_type, f"column {name}", "failed" if effect.blocks else "warning", finding)
    if unneeded:
        types = ", ".join(sorted({effect.needed_by for effect in unneeded.values() if effect.needed_by}))
        finding = f"absent, and not needed as long as the bill has no rows of the types {types}: {', '.join(unneeded)}"
        yield Observation(source, source_type, "columns of commitments", "ok", finding)
    if not absent:
        yield Observation(source, source_type, "columns", "ok", "all that the rules use are there")


def _newest_files(home: Home, source: str, source_type: str) -> list[Path]:
    files = sorted((home.lake / source_type / f"source={source}").glob("period=*/version=*/*.parquet"))
    return [path for path in files if path.parent.parent == files[-1].parent.parent]


def _consequence(effect: ColumnEffect) -> str:
    if effect.blocks:
        return f"; the bill has {effect.needed_by} rows, so its nights are blocked until the export has the column"
    names = sorted(rule.id for rule in load_rules()) if effect.rules == "all" else effect.rules
    return f". Rules that cannot judge: {', '.join(names)}" if names else ""
