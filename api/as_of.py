"""Figures as of a day in the rows that stored figures have."""

import math
from collections.abc import Mapping
from typing import Any

import polars as pl

from api.figures import Holds, Rows, factory_row
from api.points import COUNTS, FLOWS, RATIOS, Row
from api.scopes import CROSSING, Scope
from density.figures import Figures

FLOW = "flow_"


def rows_of(figures: Figures, scope: Scope, *, series: str, holds: Holds, first: int, last: int) -> Rows:
    """The rows of any scope by day, without the days on which it has nothing in the series.

    Args:
        figures: as of a day.
        scope: of any kind.
        series: total, all, key, or key:<id>.
        holds: whether a factory is in the series on a day, told from its row.
        first: the first day.
        last: the last day.
    """
    first, last = max(first, figures.first_day), min(last, figures.last_day)
    if scope.kind == "factory":
        told = figures.factories.filter(pl.col("factory") == scope.id)
        return {day: factory_row(row) for day, row in _carried(told, first, last).items() if holds(row, day)}
    if scope.kind == CROSSING:
        chosen = (pl.col("scope") == scope.name) & (pl.col("series") == series)
        return _carried(figures.crossings.filter(chosen), first, last)
    return _dense(figures, scope.name, series, first, last)


def grades_of(figures: Figures, scope: str) -> list[Row]:
    """Smart factories of a scope by scheme and grade on the last day."""
    newest = figures.grades.filter(pl.col("scope") == scope).sort("day").group_by("scheme", "grade").last()
    shown = newest.filter(pl.col("count") > 0).select("scheme", "grade", "count")
    return list(shown.sort("scheme", "grade").to_dicts())


def comparisons_of(figures: Figures, scope: str) -> list[Row]:
    """The last day against a month and a year before, by series and base."""
    chosen = (pl.col("scope") == scope) & (pl.col("day") == figures.last_day)
    return [_known(row) for row in figures.comparisons.filter(chosen).to_dicts()]


def _dense(figures: Figures, scope: str, series: str, first: int, last: int) -> Rows:
    if scope not in figures.scopes.names or first > last:
        return {}
    at = (figures.scopes.names.index(scope), figures.series.index(series))
    days = slice(first - figures.first_day, last + 1 - figures.first_day)
    columns = {name: values[at][days].tolist() for name, values in {**figures.counts, **figures.ratios}.items()}
    flows = {name: columns[FLOW + name] for name in FLOWS}
    shown = [name for name in (*COUNTS, *RATIOS) if name in columns]
    return {
        first + place: {
            **_known({name: columns[name][place] for name in shown}),
            "flow": {name: values[place] for name, values in flows.items()},
        }
        for place in range(last - first + 1)
    }


def _carried(changes: pl.DataFrame, first: int, last: int) -> Rows:
    """Rows of changes, carried forward to every day from their first one on."""
    days = pl.DataFrame({"day": pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)})
    sparse = changes.with_columns(pl.col("day").cast(pl.Int32), told=pl.lit(value=True)).sort("day")
    joined = days.join_asof(sparse, on="day").drop_nulls("told")
    return {row["day"]: _known(row) for row in joined.iter_rows(named=True)}


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with null where a ratio is not a number."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
