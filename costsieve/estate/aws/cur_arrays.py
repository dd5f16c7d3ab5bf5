"""Line items -> Arrow columns of a CUR 2.0 file; texts are dictionaries, which is fast. Files are written in cur_files.py."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from costsieve.estate.aws.cur_columns import CUR_COLUMNS
from costsieve.estate.aws.line_items import AMOUNT, UNBLENDED, Texts, hours_in_month, instant
from costsieve.estate.aws.prices import GRID
from costsieve.estate.plan import EstatePlan

_ARROW_TYPES: Mapping[str, Any] = {
    "string": pa.string(),
    "double": pa.float64(),
    "timestamp": pa.timestamp("ms"),
    "map": pa.map_(pa.string(), pa.string()),
}
SCHEMA = pa.schema([(name, _ARROW_TYPES[type_]) for name, type_ in CUR_COLUMNS.items()])

_NOT_MONEY = {AMOUNT, "reservation_unused_quantity", "reservation_unused_normalized_unit_quantity"}
_FACTOR = "line_item_normalization_factor"

Column = Callable[[pl.DataFrame], Any]


def month_columns(kinds: Sequence[Texts], month: date, plan: EstatePlan) -> dict[str, Column]:
    """Return, for each CUR column, the function that makes it from some facts of one billing month."""
    first = (month - plan.window.start).days * 24
    bill = {
        "bill_billing_period_start_date": instant(plan, first).replace(tzinfo=None),
        "bill_billing_period_end_date": instant(plan, first + hours_in_month(month)).replace(tzinfo=None),
    }
    made: dict[str, Column] = {name: _constant(value) for name, value in bill.items()}
    made["line_item_usage_start_date"] = lambda facts: _instants(facts["start"], plan)
    made["line_item_usage_end_date"] = lambda facts: _instants(facts["start"] + facts["span"], plan)
    made["line_item_blended_cost"] = _blended(kinds)
    made["line_item_normalized_usage_amount"] = _normalized(kinds)
    made["identity_time_interval"] = lambda facts: _intervals(facts, plan)
    return {name: made.get(name) or _column(name, type_, kinds) for name, type_ in CUR_COLUMNS.items()}


def _column(name: str, type_: str, kinds: Sequence[Texts]) -> Column:
    values: list[Any] = [kind.get(name) for kind in kinds]
    if type_ == "double":
        return _double(name, values)
    return _maps(values) if type_ == "map" else _texts(values)


def _texts(values: Sequence[Any]) -> Column:
    encoded = pa.array(values, pa.string()).dictionary_encode()
    return lambda facts: pa.DictionaryArray.from_arrays(encoded.indices.take(facts["kind"].to_arrow()), encoded.dictionary)


def _maps(values: Sequence[Mapping[str, str]]) -> Column:
    maps = pa.array([list(value.items()) for value in values], _ARROW_TYPES["map"])
    return lambda facts: maps.take(facts["kind"].to_arrow())


def _double(name: str, values: Sequence[Any]) -> Column:
    by_kind = np.array([float(value or 0.0) for value in values])

    def make(facts: pl.DataFrame) -> Any:  # noqa: ANN401 -- Arrow arrays without stubs
        if name not in facts.columns:
            return pa.array(by_kind[facts["kind"].to_numpy()])
        amounts = facts[name].fill_null(0).to_numpy()
        return pa.array(amounts if name in _NOT_MONEY else amounts / GRID)

    return make


def _blended(kinds: Sequence[Texts]) -> Column:
    """Return the column of blended costs: as unblended for usage, nothing elsewhere."""
    share = np.array([float(kind["line_item_line_item_type"] == "Usage") for kind in kinds])
    return lambda facts: pa.array(share[facts["kind"].to_numpy()] * (facts[UNBLENDED].to_numpy() / GRID))


def _normalized(kinds: Sequence[Texts]) -> Column:
    """Return the column of usage amounts in units of a small instance."""
    factor = np.array([float(str(kind.get(_FACTOR, 0.0))) for kind in kinds])
    return lambda facts: pa.array(factor[facts["kind"].to_numpy()] * facts[AMOUNT].to_numpy())


def _constant(value: Any) -> Column:  # noqa: ANN401 -- any value of a column
    return lambda facts: pa.array(np.full(len(facts), value, dtype="datetime64[ms]"))


def _instants(hours: pl.Series, plan: EstatePlan) -> Any:  # noqa: ANN401 -- Arrow arrays without stubs
    return pa.array(np.datetime64(plan.window.start, "ms") + hours.to_numpy() * np.timedelta64(3_600_000, "ms"))


def _intervals(facts: pl.DataFrame, plan: EstatePlan) -> Any:  # noqa: ANN401 -- Arrow arrays without stubs
    coded = facts.select(key=pl.col("start") * 10_000 + pl.col("span"))
    keys, codes = np.unique(coded["key"].to_numpy(), return_inverse=True)
    texts = [
        f"{instant(plan, key // 10_000):%Y-%m-%dT%H:%M:%SZ}/{instant(plan, key // 10_000 + key % 10_000):%Y-%m-%dT%H:%M:%SZ}"
        for key in keys.tolist()
    ]
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(texts))
