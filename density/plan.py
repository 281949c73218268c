"""A plan as data: its targets, each with its sentence, and the quotas that were handed down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from density.register import Name

FIGURE, DESIGNATIONS, STATISTIC, DOCUMENT = "figure", "designations", "statistic", "document"

OUTSIDE = "outside-parks"  # 园区外: takes its share of a quota, and is no scope

KEPT = frozenset({"at_least_each_year", "at_most", "growth_per_year", "faster_than"})
"""Comparisons that can be lost again: they are met at the deadline, not before it."""


@dataclass(frozen=True)
class Milestone:
    """Where the plan stands on a day before its deadline, in the target's unit."""

    day: date
    value: float


@dataclass(frozen=True)
class Each:
    """What each of the things that a target counts must reach itself."""

    value: float
    unit: Name


@dataclass(frozen=True)
class Target:
    """One quantified target of a plan.

    Attributes:
        id: e.g. `SH-13`.
        sentence: the words of the plan.
        figure: the figure or statistic that measures it; its baseline for pace is its value on `baseline_day`.
            Empty where a document alone can tell.
        series: total, all, key, or key:<id> of another key set.
        kind: `count` (a quota is a share of it) or `ratio` (never split).
        value: none where the plan names no number.
        baseline_day: none where the plan names none; such a target has no progress.
        deadline: none where the plan names none.
        published_baseline: a published value, drawn as a mark only, never subtracted.
        inferred: what of this target the plan does not say itself.
        comparison: how the value is meant; one of `density.plan_form.TargetForm`.
        measured_by: figure, designations, statistic or document.
        scopes: the kinds of scopes that it is followed in.
        milestones: what planned goes through between baseline and deadline.
        baseline_value: stands for a measurement where the figure begins at a known number, such as a growth at 0.
        less: the statistic that is taken off `figure`, for faster_than.
        statistic_unit: the unit in which the statistic is reported, where it is another than the target's.
        headline: whether the board shows it first.
    """

    id: str
    name: Name
    sentence: str
    figure: str
    series: str
    kind: str
    unit: Name
    value: float | None
    baseline_day: date | None
    deadline: date | None
    published_baseline: float | None = None
    published_source: str = ""
    inferred: tuple[str, ...] = ()
    comparison: str = "at_least"
    measured_by: str = FIGURE
    scopes: tuple[str, ...] = ("city", "district", "park", "zone")
    milestones: tuple[Milestone, ...] = ()
    baseline_value: float | None = None
    each: Each | None = None
    less: str = ""
    statistic_unit: Name | None = None
    source: str = ""
    headline: bool = False


@dataclass(frozen=True)
class Quotas:
    """Quotas assigned to scopes (下达指标): by target id, then by scope, with the document that assigns them."""

    document: str
    simulated: bool
    values: Mapping[str, Mapping[str, float]]
    body: str = ""
    number: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Plan:
    """A plan: targets in the order of their document."""

    id: str
    name: Name
    source: str
    targets: tuple[Target, ...]
    quotas: Quotas | None = field(default=None)

    @property
    def headlines(self) -> tuple[Target, ...]:
        """The targets that come first; all of them where the plan marks none."""
        return tuple(target for target in self.targets if target.headline) or self.targets
