"""Figures as points of the store, and only those that differ from what was written before."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from density.arrays import Counts, Flags
from density.days import DAY_NS, start_ns
from density.definition import VERSION
from density.figures import Figures
from density.measures import FLOWS
from density.standing import Progress
from store.known import with_flags
from store.schema import FACTORY_FIGURE, FIGURE, FLOW, PLAN_STATUS, Measurement

_NO_STANDING = PLAN_STATUS.frame()

_Arrays = Mapping[str, npt.NDArray[Any]]


def differs(new: npt.NDArray[Any], old: npt.NDArray[Any]) -> Flags:
    """Where two arrays of one shape differ; NaN equals NaN."""
    same = new == old
    if np.issubdtype(new.dtype, np.floating):
        same |= np.isnan(new) & np.isnan(old)
    different: Flags = ~same
    return different


def _changes(new: _Arrays, old: _Arrays) -> Flags:
    changed: Flags = np.logical_or.reduce([differs(values, old[name]) for name, values in new.items()])
    return changed


def figure_points(new: Figures, old: Figures, outdated: Flags | None = None) -> pl.DataFrame:
    """The points of every scope, series and day whose figures changed.

    Args:
        new: the figures.
        old: those that were written, of the same scopes and days.
        outdated: what is written again even if it did not change.
    """
    columns = {name: each for name, each in new.counts.items() if not name.startswith("flow_")} | dict(new.ratios)
    changed = _changes(columns, {**old.counts, **old.ratios})
    if outdated is not None:
        changed |= outdated
    return _rows(FIGURE, new, changed, columns).with_columns(definition_version=pl.lit(VERSION, pl.Int64))


def flow_points(new: Figures, old: Figures) -> pl.DataFrame:
    """The points of every scope, series and day whose account changed; a day without a point had none."""
    now, then = ({name: each.counts[f"flow_{name}"] for name in FLOWS} for each in (new, old))
    return _rows(FLOW, new, _changes(now, then), now)


def _rows(kind: Measurement, figures: Figures, changed: Flags, columns: _Arrays) -> pl.DataFrame:
    scope, line, day = np.nonzero(changed)
    names, kinds = (pl.Series(each, dtype=pl.String) for each in (figures.scopes.names, figures.scopes.kinds))
    frame = pl.DataFrame(
        {
            "time": times(figures.first_day, day),
            "scope": names.gather(scope),
            "kind": kinds.gather(scope),
            "series": pl.Series(figures.series, dtype=pl.String).gather(line),
            **{name: values[scope, line, day] for name, values in columns.items()},
        }
    )
    return with_flags(kind, frame.fill_nan(None))


def plan_points(first_day: int, new: Progress, old: Progress | None) -> pl.DataFrame:
    """The points of every scope and day on which a target's standing changed."""
    values = new.columns()
    changed = np.ones(new.actual.shape, dtype=np.bool_)
    if old is not None and old.scopes == new.scopes:
        days = min(old.actual.shape[1], new.actual.shape[1])
        told, before = ({name: each[:, :days] for name, each in of.items()} for of in (values, old.columns()))
        changed[:, :days] = _changes(told, before)
    if not changed.any():
        return _NO_STANDING
    scope, day = np.nonzero(changed)
    frame = pl.DataFrame(
        {
            "time": times(first_day, day),
            "scope": pl.Series(new.scopes.names, dtype=pl.String).gather(scope),
            "kind": pl.Series(new.scopes.kinds, dtype=pl.String).gather(scope),
            "target": pl.repeat(new.target.id, scope.size, dtype=pl.String, eager=True),
            **{name: array[scope, day] for name, array in values.items()},
        }
    )
    return with_flags(PLAN_STATUS, frame.fill_nan(None)).select(*PLAN_STATUS.columns)


def row_points(kind: Measurement, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with a day as points."""
    points = rows.with_columns(time=pl.col("day").cast(pl.Int64) * DAY_NS + start_ns(0))
    if "definition_version" in kind.columns:
        points = points.with_columns(definition_version=pl.lit(VERSION, pl.Int64))
    return with_flags(kind, points.select(name for name in kind.columns if name in points.columns).fill_nan(None))


def factory_points(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of factories as points."""
    return row_points(FACTORY_FIGURE, rows)


def times(first_day: int, day: Counts) -> Counts:
    """When the points of some days stand [ns]."""
    return (day + first_day).astype(np.int64) * DAY_NS + start_ns(0)
