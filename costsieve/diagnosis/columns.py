"""Which columns the newest delivery lacks, and which rules cannot judge without them. Required columns are refused on landing, not here."""

from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from costsieve.diagnosis.observation import Observation
from costsieve.findings.rule import load_rules
from costsieve.home import Home
from costsieve.sources.files.parquet_files import read_footer


class ColumnEffect(BaseModel):
    """What is lost without one column, and the rules that cannot judge."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    without: str
    rules: tuple[str, ...] | str


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
    periods = sorted((home.lake / source_type / f"source={source}").glob("period=*/version=*/*.parquet"))
    if not periods:
        return None
    newest = [path for path in periods if path.parent.parent == periods[-1].parent.parent]
    return frozenset().union(*(read_footer(path, path.name).columns for path in newest))


def missing_columns(source: str, source_type: str, columns: Collection[str] | None) -> Iterator[Observation]:
    """Name every absent optional column with what is lost, or say that all are there."""
    if columns is None:
        yield Observation(source, source_type, "columns", "unknown", "nothing has been loaded yet; run doctor again after the first night")
        return
    absent = {name: effect for name, effect in column_effects().get(source_type, {}).items() if name.lower() not in columns}
    for name, effect in absent.items():
        yield Observation(source, source_type, f"column {name}", "warning", f"absent: {effect.without}{_disabled(effect)}")
    if not absent:
        yield Observation(source, source_type, "columns", "ok", "all that the rules use are there")


def _disabled(effect: ColumnEffect) -> str:
    names = sorted(rule.id for rule in load_rules()) if effect.rules == "all" else effect.rules
    return f". Rules that cannot judge: {', '.join(names)}" if names else ""
