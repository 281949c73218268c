"""The figures that the store holds already, read back when the rollup starts."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import polars as pl

from density.cube import SERIES
from density.days import start_ns
from density.definition import VERSION
from density.figures import Figures
from store.base import Store
from store.schema import FACTORY_FIGURE, FIGURE, FIGURES, SMART_FACTORY, Measurement, district_database

DAY_NS = start_ns(1) - start_ns(0)
MISSING = -1  # no count is negative, and no ratio


def stored_figures(store: Store, like: Figures) -> Figures:
    """What the store holds of some figures, as arrays of their shape; MISSING where it holds nothing.

    Points of another definition count as missing, so that they are written again.
    """
    old = replace(
        like,
        counts={name: np.full_like(values, MISSING) for name, values in like.counts.items()},
        ratios={name: np.full_like(values, MISSING) for name, values in like.ratios.items()},
    )
    for kind in sorted(set(like.scopes.kinds)):  # kind by kind, so that memory stays small
        _fill(old, store.read(FIGURES, FIGURE, where={"kind": kind}).filter(pl.col("definition_version") == VERSION))
    return old


def _fill(old: Figures, points: pl.DataFrame) -> None:
    days = next(iter(old.counts.values())).shape[2]
    scopes = pl.DataFrame({"scope": old.scopes.names}).with_row_index("place")
    lines = pl.DataFrame({"series": SERIES}).with_row_index("line")
    found = (
        points.with_columns(day=_day(pl.col("time")) - old.first_day)
        .filter(pl.col("day").is_between(0, days - 1))
        .join(scopes, on="scope")
        .join(lines, on="series")
    )
    at = tuple(found[name].to_numpy() for name in ("place", "line", "day"))
    for name, counts in old.counts.items():
        counts[at] = found[name].to_numpy()
    for name, ratios in old.ratios.items():
        ratios[at] = found[name].fill_null(np.nan).to_numpy()


def stored_factories(store: Store, like: pl.DataFrame, districts: Iterable[str]) -> pl.DataFrame:
    """The factory rows that the store holds, with the columns of `like`."""
    frames = [
        _rows(store, district_database(adcode), FACTORY_FIGURE, like).with_columns(district=pl.lit(adcode))
        for adcode in districts
    ]
    return pl.concat([like.clear(), *(frame.select(like.columns).cast(like.schema) for frame in frames)])


def stored_grades(store: Store, like: pl.DataFrame) -> pl.DataFrame:
    """The counts by scheme and grade that the store holds, with the columns of `like`."""
    return _rows(store, FIGURES, SMART_FACTORY, like).select(like.columns).cast(like.schema)


def _rows(store: Store, database: str, kind: Measurement, like: pl.DataFrame) -> pl.DataFrame:
    rows = store.read(database, kind).with_columns(day=_day(pl.col("time")))
    ratios = [name for name, type_ in like.schema.items() if type_ == pl.Float64]
    return rows.with_columns(pl.col(ratios).fill_null(np.nan)) if ratios else rows


def _day(time: pl.Expr) -> pl.Expr:
    return (time - start_ns(0)) // DAY_NS
