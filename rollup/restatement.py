"""What changed in a published month: old, new, and the report that caused it.

A restatement is written before the figures that it is about: after a crash it is written again, at the same place.
"""

from collections.abc import Iterator

import numpy as np
import polars as pl

from density.arrays import Counts, Flags
from density.days import month_ends
from density.figures import Figures
from rollup.causes import Causes
from rollup.points import differs
from rollup.stored import MISSING_COUNT, MISSING_RATIO
from store.known import with_flags
from store.schema import RESTATEMENT


def restatements(
    new: Figures, old: Figures, causes: Causes, *, published: int, now_ns: int = 0, outdated: Flags | None = None
) -> pl.DataFrame:
    """Every figure of a published month's last day that is not what it was.

    Args:
        new: the figures.
        old: those that were written, of the same scopes and days; what is missing in them is no restatement.
        causes: the reports that came since.
        published: the last day of the last published month.
        now_ns: when another definition is found, a whole microsecond.
        outdated: array [scope, series, day]: what was told by another definition.

    Returns:
        Points of the measurement `restatement`.
    """
    ends = month_ends(new.first_day, min(published, new.last_day)) - new.first_day
    frames = [
        _of_figure(name, values, was, new, ends)
        for name, values, was in _figures(new, old)
        if ends.size and differs(values[..., ends], was[..., ends]).any()
    ]
    if not frames:
        return RESTATEMENT.frame()
    rows = pl.concat(frames)
    redefined = np.zeros(rows.height, dtype=np.bool_)
    if outdated is not None:
        redefined = outdated[tuple(rows[name].to_numpy() for name in ("place", "line", "column"))]
    return _points(rows, causes, redefined, now_ns)


def _figures(new: Figures, old: Figures) -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    for name, counts in new.counts.items():
        if not name.startswith("flow_"):
            yield name, counts.astype(np.float64), _known(old.counts[name], MISSING_COUNT, counts)
    for name, ratios in new.ratios.items():
        yield name, ratios, _known(old.ratios[name], MISSING_RATIO, ratios)


def _known(old: np.ndarray, missing: float, new: np.ndarray) -> np.ndarray:
    """The old figures as numbers; what is missing stands as if it had not changed."""
    known: np.ndarray = np.where(old == missing, new, old).astype(np.float64)
    return known


def _of_figure(name: str, values: np.ndarray, was: np.ndarray, figures: Figures, ends: Counts) -> pl.DataFrame:
    place, line, month = np.nonzero(differs(values[..., ends], was[..., ends]))
    column = ends[month]
    return pl.DataFrame(
        {
            "place": place,
            "line": line,
            "column": column,
            "scope": pl.Series(figures.scopes.names, dtype=pl.String).gather(place),
            "kind": pl.Series(figures.scopes.kinds, dtype=pl.String).gather(place),
            "series": pl.Series(figures.series, dtype=pl.String).gather(line),
            "figure": pl.repeat(name, place.size, dtype=pl.String, eager=True),
            "day": (column + figures.first_day).astype(np.int64),
            "old": was[place, line, column],
            "new": values[place, line, column],
        }
    )


def _points(rows: pl.DataFrame, causes: Causes, redefined: np.ndarray, now_ns: int) -> pl.DataFrame:
    by_scope = {scope: causes.of(scope) for scope in rows["scope"].unique()}
    told = rows.with_columns(
        why=pl.Series(np.where(redefined, "definition", "report")),
        writer=rows["scope"].replace_strict({scope: cause.writer for scope, cause in by_scope.items()}),
        stamp=rows["scope"].replace_strict({scope: cause.stamp for scope, cause in by_scope.items()}),
        slot=rows["scope"].replace_strict({scope: cause.slot for scope, cause in by_scope.items()}),
    )
    by_report = pl.col("why") == "report"
    # one cause changes several months of a figure: each stands a nanosecond after the other
    moment = pl.when(by_report).then("stamp").otherwise(now_ns) + pl.col("day") // 28
    points = told.with_columns(
        time=moment,
        writer=pl.when(by_report).then("writer").otherwise(pl.lit("")),
        stamp=pl.when(by_report).then("stamp").otherwise(0),
        slot=pl.when(by_report).then("slot").otherwise(pl.lit("")),
    )
    return with_flags(RESTATEMENT, points.fill_nan(None)).select(*RESTATEMENT.columns)
