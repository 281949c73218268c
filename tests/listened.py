"""A city of a few factories in one district, as the step that listens for silence is told of it."""

from typing import Any

import numpy as np
import polars as pl

from density.cube import Scopes
from density.sites import ALWAYS, NEVER, Sites
from rollup.activity import Summing

_COLUMNS = {
    "site": pl.UInt32, "factory": pl.String, "from_day": pl.Int64, "to_day": pl.Int64, "district": pl.String,
    "registered": pl.Boolean,
}  # fmt: skip


def sites_of(*factories: str) -> Sites:
    """Factories that are registered for ever."""
    rows = [(site, factory, ALWAYS, NEVER, "310115", True) for site, factory in enumerate(factories)]
    return Sites(pl.DataFrame(rows, schema=_COLUMNS, orient="row"))


def _city_sums(spans: pl.DataFrame, first_day: int, last_day: int) -> Any:
    days = pl.int_range(first_day, last_day + 1, eager=True)
    held = [spans.filter((pl.col("from_day") <= day) & (day < pl.col("to_day")))["amount"].sum() for day in days]
    return np.array(held, np.int64).reshape(1, 1, -1)


SUMMING = Summing(Scopes(("city",), ("city",)), ("total",), _city_sums)
