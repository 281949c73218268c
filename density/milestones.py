"""Where a plan stands on a day: a line from the baseline over its milestones to the deadline."""

import numpy as np

from density.arrays import Ratios
from density.days import Days, to_day
from density.plan import Target


def planned_progress(target: Target, days: Days, baseline: float) -> Ratios:
    """序时进度 of each day, 0 to 1; not a number where the plan names no baseline day or no deadline.

    Milestones are values of the whole city; every other scope goes the same part of its own way by the same day.

    Args:
        target: with its milestones in order.
        days: integer days, of any shape.
        baseline: the city's value on the baseline day.
    """
    if target.baseline_day is None or target.deadline is None:
        return np.full(days.shape, np.nan)
    knots = [to_day(target.baseline_day), *(to_day(each.day) for each in target.milestones), to_day(target.deadline)]
    return _line(days, np.array(knots), np.array([0.0, *_parts(target, baseline), 1.0]))


def _line(days: Days, knots: Days, parts: Ratios) -> Ratios:
    """The line through some points; unlike np.interp exact where a day is a tenth of the way."""
    after = np.clip(np.searchsorted(knots, days, side="right"), 1, knots.size - 1)
    within = np.clip((days - knots[after - 1]) / (knots[after] - knots[after - 1]), 0.0, 1.0)
    line: Ratios = parts[after - 1] + (parts[after] - parts[after - 1]) * within
    return line


def _parts(target: Target, baseline: float) -> Ratios:
    """The part of the way at each milestone; one that the city had passed at the baseline asks nothing."""
    way = (target.value or 0.0) - baseline
    values = np.array([each.value for each in target.milestones], dtype=np.float64)
    if not way > 0:
        return np.full(values.shape, np.nan) if values.size else values
    parts: Ratios = np.maximum.accumulate(np.clip((values - baseline) / way, 0.0, 1.0))
    return parts
