"""How far a target has come, against where the plan stands on the day. Level ÷ level is used nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from density.cube import SERIES, Ratios, Scopes, ratio
from density.days import to_day
from density.fold import Figures
from density.plan import Plan, Target
from density.quota import Goal, goals
from density.status import Evidence, statuses

JUDGED = ("city", "district", "park")  # the kinds of scopes that a plan is followed in
EARLY = 0.10  # planned progress below which a pace says nothing


@dataclass(frozen=True)
class Progress:
    """One target in every scope on every day; arrays are [scope, day], NaN is null.

    Attributes:
        target: which one.
        scopes: what the first axis stands for.
        goals: of each scope.
        actual: the figure that measures it, in the target's unit.
        baseline: actual on the baseline day, array [scope].
        planned: where the plan stands, in the unit.
        progress: 完成率 = (actual − baseline) ÷ (goal − baseline).
        planned_progress: 序时进度, array [day].
        lead: 较序时进度 [percentage points] = progress − planned_progress.
        pace: progress ÷ planned_progress, null while planned_progress < EARLY.
        gap: actual − planned, in the unit.
        status: array of words.
    """

    target: Target
    scopes: Scopes
    goals: Sequence[Goal]
    actual: Ratios
    baseline: Ratios
    planned: Ratios
    progress: Ratios
    planned_progress: Ratios
    lead: Ratios
    pace: Ratios
    gap: Ratios
    status: np.ndarray[tuple[int, ...], np.dtype[np.str_]]


def measure(plan: Plan, figures: Figures) -> list[Progress]:
    """Measure every target of a plan that is a figure, in the city, its districts and its parks."""
    judged = figures.narrowed(JUDGED)
    return [_progress(target, plan, judged) for target in plan.targets]


def _progress(target: Target, plan: Plan, figures: Figures) -> Progress:
    series = SERIES.index(target.series)
    source = figures.counts if target.figure in figures.counts else figures.ratios
    actual: Ratios = source[target.figure][:, series].astype(np.float64)
    days = np.arange(figures.first_day, figures.last_day + 1)
    start, end = to_day(target.baseline_day), to_day(target.deadline)
    column = int(np.clip(start - figures.first_day, 0, days.size - 1))
    baseline = actual[:, column]
    owed = goals(target, plan.quotas, figures, actual, column)
    goal = np.array([each.value for each in owed])
    elapsed = np.clip((days - start) / (end - start), 0.0, 1.0)
    way = (goal - baseline)[:, np.newaxis]
    planned = baseline[:, np.newaxis] + way * elapsed
    done = actual - baseline[:, np.newaxis]
    progress = np.where(way > 0, done / np.where(way > 0, way, 1.0), np.nan)
    pace = np.where(elapsed >= EARLY, ratio(progress, np.broadcast_to(elapsed, progress.shape)), np.nan)
    evidence = Evidence(
        target=target, goals=owed, days=days, actual=actual, planned=planned, baseline=baseline, pace=pace
    )
    return Progress(
        target=target, scopes=figures.scopes, goals=owed, actual=actual, baseline=baseline, planned=planned,
        progress=progress,
        planned_progress=elapsed, lead=(progress - elapsed) * 100, pace=pace, gap=actual - planned,
        status=statuses(evidence, figures),
    )  # fmt: skip
