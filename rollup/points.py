"""Figures as points of the store, and only those that differ from what was written before."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from density.cube import SERIES
from density.days import start_ns
from density.definition import VERSION
from density.figures import Figures
from density.progress import Progress
from rollup.stored import DAY_NS
from store.known import with_flags
from store.schema import FACTORY_FIGURE, FIGURE, PLAN_STATUS, SMART_FACTORY

Changed = npt.NDArray[np.bool_]
_Arrays = Mapping[str, npt.NDArray[Any]]


def _differs(new: npt.NDArray[Any], old: npt.NDArray[Any]) -> Changed:
    """Where two arrays differ; what the old one does not reach is new. NaN equals NaN."""
    changed = np.ones(new.shape, dtype=np.bool_)
    days = min(new.shape[-1], old.shape[-1])
    a, b = new[..., :days], old[..., :days]
    same = a == b
    if np.issubdtype(new.dtype, np.floating):
        same |= np.isnan(a.astype(np.float64)) & np.isnan(b.astype(np.float64))
    changed[..., :days] = ~same
    return changed


def _changes(new: _Arrays, old: _Arrays | None) -> Changed:
    """Where any of several arrays of one shape differs."""
    if old is None:
        return np.ones(next(iter(new.values())).shape, dtype=np.bool_)
    changed: Changed = np.logical_or.reduce([_differs(values, old[name]) for name, values in new.items()])
    return changed


def figure_points(new: Figures, old: Figures, *, rows: int) -> Iterator[pl.DataFrame]:
    """The points of every scope, series and day whose figures changed, at most so many rows a frame.

    Args:
        new: the figures.
        old: those that were written, with the same scopes and first day.
        rows: the bound of a frame.
    """
    columns = {**new.counts, **new.ratios}
    changed = _changes(columns, {**old.counts, **old.ratios})
    names, kinds, series = (pl.Series(each) for each in (new.scopes.names, new.scopes.kinds, SERIES))
    block = max(1, rows // (changed.shape[0] * changed.shape[1]))
    for first in range(0, changed.shape[2], block):  # by days: a store appends faster than it merges
        scope, line, day = np.nonzero(changed[:, :, first : first + block])
        frame = pl.DataFrame(
            {
                "time": _times(new.first_day + first, day),
                "scope": names.gather(scope),
                "kind": kinds.gather(scope),
                "series": series.gather(line),
                **{name: values[scope, line, first + day] for name, values in columns.items()},
            }
        )
        yield with_flags(FIGURE, frame.fill_nan(None).with_columns(definition_version=pl.lit(VERSION, pl.Int64)))


def plan_points(first_day: int, new: Sequence[Progress], old: Sequence[Progress] | None) -> pl.DataFrame:
    """The points of every target, scope and day whose standing changed."""
    before: Sequence[Progress | None] = old or [None] * len(new)
    frames = [_target_points(first_day, each, was) for each, was in zip(new, before, strict=True)]
    return pl.concat([PLAN_STATUS.frame(), *(frame.select(*PLAN_STATUS.columns) for frame in frames)])


def _target_points(first_day: int, new: Progress, old: Progress | None) -> pl.DataFrame:
    values = _standing(new)
    changed = _changes(values, _standing(old) if old else None)
    scope, day = np.nonzero(changed)
    frame = pl.DataFrame(
        {
            "time": _times(first_day, day),
            "scope": pl.Series(new.scopes.names).gather(scope),
            "kind": pl.Series(new.scopes.kinds).gather(scope),
            "target": pl.repeat(new.target.id, scope.size, dtype=pl.String, eager=True),
            **{name: array[scope, day] for name, array in values.items()},
        }
    )
    return with_flags(PLAN_STATUS, frame.fill_nan(None))


def _standing(progress: Progress) -> _Arrays:
    shape = progress.actual.shape
    columns = {
        "actual": progress.actual,
        "baseline": progress.baseline[:, np.newaxis],
        "goal": np.array([goal.value for goal in progress.goals])[:, np.newaxis],
        "planned": progress.planned,
        "progress": progress.progress,
        "planned_progress": progress.planned_progress,
        "lead": progress.lead,
        "pace": progress.pace,
        "gap": progress.gap,
        "status": progress.status,
        "basis": np.array([goal.basis for goal in progress.goals])[:, np.newaxis],
    }
    return {name: np.broadcast_to(array, shape) for name, array in columns.items()}


def factory_points(new: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The factory rows to write, and all that are then written.

    A row that no longer marks a change is overwritten with what holds on its day, since no point is deleted.
    """
    return _sparse(new, old, by=["factory"])


def grade_points(new: pl.DataFrame, old: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Likewise for the smart factories by scheme and grade."""
    return _sparse(new, old, by=["scope", "kind", "scheme", "grade"])


def _sparse(new: pl.DataFrame, old: pl.DataFrame, *, by: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    gone = old.join(new, on=[*by, "day"], how="anti").select(*by, "day").sort("day")
    carried = gone.join_asof(new.sort("day"), on="day", by=by, check_sortedness=False).select(new.columns)
    counts = [name for name in new.columns if new.schema[name].is_integer()]
    standing = pl.concat([new, carried.with_columns(pl.col(counts).fill_null(0))])
    changed = standing.join(old, on=standing.columns, how="anti", nulls_equal=True)
    return changed, standing


def factory_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """Factory rows of one district as points."""
    points = rows.drop("district").with_columns(
        time=(pl.col("day").cast(pl.Int64) * DAY_NS + start_ns(0)), definition_version=pl.lit(VERSION, pl.Int64)
    )
    return with_flags(FACTORY_FIGURE, points.drop("day").fill_nan(None))


def grade_frame(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of schemes and grades as points."""
    return rows.with_columns(time=pl.col("day").cast(pl.Int64) * DAY_NS + start_ns(0)).select(*SMART_FACTORY.columns)


def _times(first_day: int, day: npt.NDArray[np.integer]) -> npt.NDArray[np.int64]:
    return (day + first_day).astype(np.int64) * DAY_NS + start_ns(0)
