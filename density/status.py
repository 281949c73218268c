"""Who is behind: one word for each scope, target and day, and never called lagging by chance.

met · missed · no_quota · no_data · too_early · lagging · at_risk · on_track, the first that holds;
with a share for reference only: at_reference · below_reference instead of the last three.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from density.cube import SERIES, Counts, Ratios
from density.days import months_before, to_day
from density.fold import Figures
from density.plan import Target
from density.quota import Goal

MIN_RESPONSE = 0.5  # by persons
MIN_DAYS = 180
MIN_UNITS = 10
SLOW, ENTER_DAYS = 0.90, 30  # pace below, for so many days in a row
WELL, LEAVE_DAYS = 0.95, 14  # pace above, for so many days in a row
Z = 2.33  # one-sided 1 %
MEMORY_MONTHS = 24

Flags = npt.NDArray[np.bool_]
Words = np.ndarray[tuple[int, ...], np.dtype[np.str_]]


@dataclass(frozen=True)
class Evidence:
    """What a status is judged by; arrays are [scope, day], `baseline` is [scope]."""

    target: Target
    goals: Sequence[Goal]
    days: Counts
    actual: Ratios
    planned: Ratios
    baseline: Ratios
    pace: Ratios


def statuses(evidence: Evidence, figures: Figures) -> Words:
    """The status of each scope on each day, array [scope, day]."""
    target, actual = evidence.target, evidence.actual
    goal = np.array([each.value for each in evidence.goals])[:, np.newaxis]
    basis = np.array([each.basis for each in evidence.goals])[:, np.newaxis]
    behind = (evidence.planned - actual) * _units(evidence, figures)
    due = (evidence.planned - evidence.baseline[:, np.newaxis]) * _units(evidence, figures)
    slow = _in_a_row(evidence.pace < SLOW, ENTER_DAYS)
    late = slow & (behind >= np.maximum(MIN_UNITS, Z * np.sqrt(_clustering(figures) * np.maximum(due, 0))))
    lagging = _hold(late, _in_a_row(evidence.pace > WELL, LEAVE_DAYS))
    early = (evidence.days - to_day(target.baseline_day) < MIN_DAYS) | (due < MIN_UNITS)
    reference = (basis == "reference") & np.ones_like(early)
    conditions = [
        actual >= goal,
        np.broadcast_to(evidence.days > to_day(target.deadline), actual.shape),
        np.broadcast_to(np.isnan(goal), actual.shape),
        _no_data(target, figures) | np.isnan(actual),
        early,
        reference & slow,
        reference,
        lagging,
        slow,
    ]
    words = [
        "met",
        "missed",
        "no_quota",
        "no_data",
        "too_early",
        "below_reference",
        "at_reference",
        "lagging",
        "at_risk",
    ]
    return np.select(conditions, words, default="on_track")


def _units(evidence: Evidence, figures: Figures) -> Ratios | float:
    """How many robots (or sites) one unit of the target is: of a density, the persons that it is over."""
    if evidence.target.kind == "count":
        return 1.0
    stock = figures.counts["stock_counted"][:, SERIES.index(evidence.target.series)]
    return np.divide(stock, evidence.actual, out=np.zeros(stock.shape), where=evidence.actual > 0)


def _no_data(target: Target, figures: Figures) -> Flags:
    response = figures.ratios["response_headcount_persons"][:, SERIES.index(target.series)]
    if target.kind == "count":
        return np.zeros(response.shape, dtype=np.bool_)
    return ~(response >= MIN_RESPONSE)


def _clustering(figures: Figures) -> Ratios:
    """D = Σb² ÷ Σb over the city's install batches b (factory, day) of the trailing 24 months, for each day."""
    days = np.arange(figures.first_day, figures.last_day + 1)
    batches = figures.installed.group_by("factory", "from_day").len()
    day = np.clip(batches["from_day"].to_numpy() - figures.first_day, 0, None)
    size = batches["len"].to_numpy().astype(np.float64)
    since = np.clip(months_before(days, MEMORY_MONTHS) - figures.first_day + 1, 0, None)
    squares, sizes = (
        _trailing(np.bincount(day, weights=each, minlength=days.size).astype(np.float64), since)
        for each in (size**2, size)
    )
    return np.divide(squares, sizes, out=np.ones(days.size), where=sizes > 0)


def _trailing(amounts: Ratios, since: Counts) -> Ratios:
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    trailing: Ratios = sums[1:] - sums[since]
    return trailing


def _in_a_row(flags: Flags, days: int) -> Flags:
    """True where a flag has been true on this day and on all of the days before it, so many in all."""
    run = np.zeros(flags.shape[0], dtype=np.int64)
    out = np.zeros_like(flags)
    for day in range(flags.shape[1]):
        run = np.where(flags[:, day], run + 1, 0)
        out[:, day] = run >= days
    return out


def _hold(enter: Flags, leave: Flags) -> Flags:
    """True from the first day of `enter` until the first day of `leave`."""
    state = np.zeros(enter.shape[0], dtype=np.bool_)
    out = np.zeros_like(enter)
    for day in range(enter.shape[1]):
        state = (state | enter[:, day]) & ~leave[:, day]
        out[:, day] = state
    return out
