"""One target's standing on every day, put together of the plans that were in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from density.arrays import Ratios
from density.cube import Scopes
from density.plan import Target
from density.quota import Goal
from density.status import Words


@dataclass(frozen=True)
class Progress:
    """One target in every scope on every day; arrays are [scope, day], NaN is null.

    Attributes:
        target: which one.
        scopes: what the first axis stands for.
        goals: of each scope, on the last day.
        actual: the figure that measures it, in the target's unit.
        baseline: actual on the baseline day, array [scope], of the plan on the last day.
        planned: where the plan stands, in the unit.
        progress: 完成率 = (actual − baseline) ÷ (goal − baseline).
        planned_progress: 序时进度; of a statistic at the end of its period.
        lead: 较序时进度 [percentage points] = progress − planned_progress.
        pace: progress ÷ planned_progress, null while planned_progress < EARLY.
        gap: actual − planned, in the unit.
        required_rate: units a year from here to the goal at the deadline; 0 where it is reached.
        trailing_rate: units of the last 12 months.
        status: words.
        goal: array [scope, day]: the target's value or the quota in force on the day.
        began: array [scope, day]: the baseline in force on the day.
        basis: array [scope, day]: plan, assigned, reference or none.
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
    required_rate: Ratios
    trailing_rate: Ratios
    status: Words
    goal: Ratios
    began: Ratios
    basis: Words

    def columns(self) -> Mapping[str, npt.NDArray[Any]]:
        """What is stored of each scope and day, by the names of the store's fields."""
        named = ("actual", "planned", "progress", "planned_progress", "lead", "pace", "gap", "goal", "basis", "status")
        rates = {"required_rate": self.required_rate, "trailing_rate": self.trailing_rate, "baseline": self.began}
        return {name: getattr(self, name) for name in named} | rates


def stitched(parts: Sequence[tuple[Progress | None, slice]]) -> Progress:
    """The standing of a target over all days, of the plans that judge some of them each.

    Args:
        parts: what each plan says of every day, none where it lacks the target, and the columns that it judges.
    """
    newest: Progress = next(each for each, _ in reversed(parts) if each is not None)
    if len(parts) == 1:
        return newest
    values: dict[str, Any] = {name: _joined(name, parts, np.nan, newest) for name in _VALUES}
    words: dict[str, Any] = {
        name: _joined(name, parts, word, newest) for name, word in (("status", "no_quota"), ("basis", "none"))
    }
    if parts[-1][0] is None:
        nothing = [Goal(float("nan"), "none")] * len(newest.goals)
        newest = replace(newest, goals=nothing, baseline=np.full(newest.baseline.shape, np.nan))
    return replace(newest, **values, **words)


_VALUES = (
    "actual", "planned", "progress", "planned_progress", "lead", "pace", "gap", "required_rate", "trailing_rate",
    "goal", "began",
)  # fmt: skip


def _joined(
    name: str, parts: Sequence[tuple[Progress | None, slice]], nothing: float | str, newest: Progress
) -> npt.NDArray[Any]:
    empty = np.full(newest.actual.shape, nothing)
    arrays = [(empty if each is None else getattr(each, name))[:, days] for each, days in parts]
    return np.concatenate(arrays, axis=1)
