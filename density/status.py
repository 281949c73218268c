"""Who is behind: one word for each scope, target and day, and never called lagging by chance.

met · missed · no_quota · no_data · too_early · lagging · at_risk · on_track, the first that holds;
with a share for reference only: at_reference · below_reference instead of the last three.
What only statistics tell is never lagging: the test against chance counts machines and sites.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from density.arrays import Ratios
from density.days import Days, to_day
from density.plan import DOCUMENT, KEPT, STATISTIC, Target

MIN_RESPONSE = 0.5  # by persons
MIN_DAYS = 180
MIN_UNITS = 10
SLOW, ENTER_DAYS = 0.90, 30  # pace below, for so many days in a row
WELL, LEAVE_DAYS = 0.95, 14  # pace above, for so many days in a row
Z = 2.33  # one-sided 1 %

Flags = npt.NDArray[np.bool_]
Words = np.ndarray[tuple[int, ...], np.dtype[np.str_]]


@dataclass(frozen=True)
class Evidence:
    """What a status is judged by; arrays are [scope, day] unless they say otherwise.

    Attributes:
        target: what is judged.
        days: array [day].
        through: the day that the actual value speaks for.
        actual: in the target's unit.
        planned: likewise.
        baseline: array [scope].
        goal: array [scope]; NaN where the scope has no quota.
        basis: array [scope]: plan, assigned, reference or none.
        pace: progress ÷ planned progress.
        units: how many machines or sites one unit of the target is: of a density, the persons that it is over.
        response: 填报率 by persons of headcounts; NaN where nothing is known.
        clustering: array [day]: Σb² ÷ Σb of the city's install batches.
    """

    target: Target
    days: Days
    through: Days
    actual: Ratios
    planned: Ratios
    baseline: Ratios
    goal: Ratios
    basis: Words
    pace: Ratios
    units: Ratios
    response: Ratios
    clustering: Ratios


def statuses(evidence: Evidence) -> Words:
    """The status of each scope on each day, array [scope, day]."""
    target = evidence.target
    if target.measured_by == DOCUMENT:
        return np.full(evidence.actual.shape, "no_data")
    if target.comparison in KEPT:
        return _kept(evidence)
    return _of_statistic(evidence) if target.measured_by == STATISTIC else _of_figure(evidence)


def _of_figure(evidence: Evidence) -> Words:
    goal, basis = evidence.goal[:, np.newaxis], evidence.basis[:, np.newaxis]
    due = (evidence.planned - evidence.baseline[:, np.newaxis]) * evidence.units
    slow = _in_a_row(evidence.pace < SLOW, ENTER_DAYS)
    reference = np.broadcast_to(basis == "reference", slow.shape)
    silent = ~(evidence.response >= MIN_RESPONSE) if evidence.target.kind == "ratio" else np.zeros_like(slow)
    chosen = [
        ("met", evidence.actual >= goal),
        ("missed", _past(evidence)),
        ("no_quota", np.isnan(goal)),
        ("no_data", silent | np.isnan(evidence.actual)),
        ("too_early", _early(evidence) | (due < MIN_UNITS)),
        ("below_reference", reference & slow),
        ("at_reference", reference),
        ("lagging", _lagging(evidence, due)),
        ("at_risk", slow),
    ]
    return _first_of(chosen, "on_track", slow.shape)


def _of_statistic(evidence: Evidence) -> Words:
    """Of a value that is to be reached; without a baseline no pace is known, which is no data."""
    goal = evidence.goal[:, np.newaxis]
    slow = _in_a_row(evidence.pace < SLOW, ENTER_DAYS)
    reached = evidence.actual == goal if evidence.target.comparison == "exactly" else evidence.actual >= goal
    past = _past(evidence)
    chosen = [
        ("met", reached),
        ("missed", past & _told(evidence)),
        ("no_quota", np.isnan(goal)),
        ("no_data", past | np.isnan(evidence.actual) | np.isnan(evidence.baseline)[:, np.newaxis]),
        ("too_early", _early(evidence)),
        ("at_risk", slow),
    ]
    return _first_of(chosen, "on_track", slow.shape)


def _kept(evidence: Evidence) -> Words:
    """Of a value that is to be kept: met only at the deadline, and where every year counts, if none fell short."""
    goal, actual = evidence.goal[:, np.newaxis], evidence.actual
    holds = {"at_most": actual <= goal, "faster_than": actual > goal}.get(evidence.target.comparison, actual >= goal)
    always = holds
    if evidence.target.comparison == "at_least_each_year":
        always = np.logical_and.accumulate(holds | np.isnan(actual), axis=1)
    past = _past(evidence)
    done = past & _told(evidence)
    chosen = [
        ("met", done & always),
        ("missed", done),
        ("no_quota", np.isnan(goal)),
        ("no_data", past | np.isnan(actual)),
        ("on_track", holds),
    ]
    return _first_of(chosen, "at_risk", actual.shape)


def _first_of(chosen: list[tuple[str, Flags]], otherwise: str, shape: tuple[int, ...]) -> Words:
    flags = [np.broadcast_to(flag, shape) for _, flag in chosen]
    return np.select(flags, [word for word, _ in chosen], default=otherwise)


def _past(evidence: Evidence) -> Flags:
    end = evidence.target.deadline
    past = np.zeros(evidence.days.shape, dtype=np.bool_) if end is None else evidence.days > to_day(end)
    return np.broadcast_to(past, evidence.actual.shape)


def _told(evidence: Evidence) -> Flags:
    """Whether the statistic in force is of the deadline's own period: it is published long after."""
    end = evidence.target.deadline
    told: Flags = evidence.through >= (0 if end is None else to_day(end))
    return told


def _early(evidence: Evidence) -> Flags:
    start = evidence.target.baseline_day
    early = np.zeros(evidence.days.shape, dtype=np.bool_)
    return early if start is None else evidence.days - to_day(start) < MIN_DAYS


def _lagging(evidence: Evidence, due: Ratios) -> Flags:
    """From the day on which pace and gap have both been bad for long until the pace has been well for a while."""
    behind = (evidence.planned - evidence.actual) * evidence.units
    chance = Z * np.sqrt(evidence.clustering * np.maximum(due, 0))
    late = (evidence.pace < SLOW) & (behind >= np.maximum(MIN_UNITS, chance))
    return _hold(_in_a_row(late, ENTER_DAYS), _in_a_row(evidence.pace > WELL, LEAVE_DAYS))


def _in_a_row(flags: Flags, days: int) -> Flags:
    """True where a flag has been true on this day and on all of the days before it, so many in all."""
    places = np.arange(flags.shape[1])
    last = np.maximum.accumulate(np.where(flags, -1, places), axis=1)
    out: Flags = places - last >= days
    return out


def _hold(enter: Flags, leave: Flags) -> Flags:
    """True from the first day of `enter` until the first day of `leave`."""
    places = np.arange(enter.shape[1])
    entered = np.maximum.accumulate(np.where(enter & ~leave, places, -1), axis=1)
    left = np.maximum.accumulate(np.where(leave, places, -1), axis=1)
    out: Flags = entered > left
    return out
