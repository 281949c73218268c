"""What a target has come to in every scope on every day, whatever measures it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Ratios
from density.days import Days, to_day
from density.judged import Judged
from density.plan import DOCUMENT, STATISTIC, Target
from density.statistics import InForce, difference, growth, in_force


@dataclass(frozen=True)
class Actual:
    """The measurement of one target; arrays are [scope, day].

    Attributes:
        values: in the target's unit, NaN where nothing is known.
        through: the day that each value speaks for: its own, or the end of a statistic's period.
        baseline: array [scope]: the value on the baseline day.
        column: the baseline day's place among the figures' days.
    """

    values: Ratios
    through: Days
    baseline: Ratios
    column: int


def actual_of(target: Target, judged: Judged, statistics: pl.DataFrame) -> Actual:
    """The measurement of a target in the scopes of some figures.

    Args:
        target: which one; its series is one of the figures'.
        judged: the scopes that it is followed in.
        statistics: one row of each slot of the statistics.
    """
    column = 0 if target.baseline_day is None else judged.column(to_day(target.baseline_day))
    shape = (len(judged.places), judged.days.size)
    through = np.broadcast_to(judged.days, shape)
    if target.measured_by == DOCUMENT:
        return Actual(np.full(shape, np.nan), through, np.full(shape[0], np.nan), column)
    if target.measured_by == STATISTIC:
        return _of_statistic(target, judged, statistics, column)
    values = judged.values(target.figure, target.series)
    return Actual(values, through, values[:, column], column)


def _of_statistic(target: Target, judged: Judged, frame: pl.DataFrame, column: int) -> Actual:
    found = [_statistic(target, frame, scope, judged.days) for scope in judged.scopes.names]
    baseline = [_baseline(target, frame, scope, judged.days) for scope in judged.scopes.names]
    return Actual(
        np.stack([each.values for each in found]),
        np.stack([each.through for each in found]),
        np.array(baseline, dtype=np.float64),
        column,
    )


def _statistic(target: Target, frame: pl.DataFrame, scope: str, days: Days) -> InForce:
    if target.comparison.startswith("growth") and target.baseline_day is not None:
        per_year = target.comparison == "growth_per_year"
        return growth(frame, target.figure, scope, days, since=to_day(target.baseline_day), per_year=per_year)
    found = in_force(frame, target.figure, scope, days)
    return difference(found, in_force(frame, target.less, scope, days)) if target.less else found


def _baseline(target: Target, frame: pl.DataFrame, scope: str, days: Days) -> float:
    """What the plan says, or else the newest period up to the baseline day, as known on the last of the days."""
    if target.baseline_value is not None or target.baseline_day is None or target.comparison == "growth_per_year":
        return np.nan if target.baseline_value is None else target.baseline_value
    before = frame.filter(pl.col("period_end_day") <= to_day(target.baseline_day))
    return float(in_force(before, target.figure, scope, days).values[-1])
