"""The plan, parks and published statistics as they are answered."""

from typing import Literal

from api.answers.figures import Figures
from api.answers.form import SOMETIMES, Answered, Day, Measured, Moment, Next, Words
from api.points import FORESEEN, STANDING
from store.schema import FORECAST, PLAN_STATUS

Comparison = Literal[
    "at_least", "exactly", "growth_since_baseline", "at_least_each_year", "at_most", "growth_per_year", "faster_than"
]
MeasuredBy = Literal["figure", "designations", "statistic", "document"]


class Standing(Measured, of=PLAN_STATUS, shown=STANDING):
    """How a target stands in a scope; nulls where that is not known, or not told."""

    suppressed: str = SOMETIMES
    """Why the reader is told nothing: few, beside, monthly, role or undecided."""


class Forecast(Measured, of=FORECAST, shown=FORESEEN):
    """按近24个月节奏外推，不是预测承诺."""


class Each(Answered):
    """What each of the things that a target counts must reach itself."""

    value: float
    """In `unit`."""
    unit: Words


class Milestone(Answered):
    """Where the plan stands on a day before its deadline."""

    day: Day
    value: float
    """In the target's unit."""


class PublishedValue(Answered):
    """A published value: a mark only, never subtracted."""

    value: float
    """In the target's unit."""
    source: str


class Target(Standing):
    """A target of the plan, and how the city stands."""

    id: str
    name: Words
    headline: bool
    """Whether the board shows it first."""
    sentence: str
    """The words of the plan."""
    source: str
    measured_by: MeasuredBy
    figure: str | None
    """The figure or statistic that measures it."""
    less: str | None
    """The statistic that is taken off it."""
    series: str
    comparison: Comparison
    unit: Words
    value: float | None
    """In the target's unit; null where the plan names no number."""
    each: Each | None
    baseline_day: Day | None
    deadline: Day | None
    milestones: list[Milestone]
    published: PublishedValue | None
    inferred: list[str]
    """What of it the plan does not say itself."""
    forecast: Forecast | None = SOMETIMES
    """With a key alone; null where there is too little history."""


class PlanNamed(Answered):
    """A plan by its name."""

    id: str
    name: Words
    source: str


class Targets(Answered):
    """The targets in the order of their document."""

    plan: PlanNamed
    data_until: Moment | None
    """Arrival of the newest report in the figures."""
    simulated: bool
    """模拟数据."""
    key_set: str
    targets: list[Target]


class Park(Standing):
    """A park, its figures, and how it stands toward its quota of the headline target."""

    park: str
    name: Words
    district: str
    administering_body: str
    total: Figures
    key: Figures
    target: str | None
    quota: float | None
    """In the target's unit."""
    basis: str | None
    """plan, assigned (下达指标), reference (测算参考值，非下达指标) or none."""
    day: Day | None
    """That its figures are of."""
    firms: int
    """Different credit codes [家]."""
    ranked: bool
    """Whether it is large enough to be compared."""


class _ParksFrame(Answered):
    data_until: Moment | None
    """Arrival of the newest report in the figures."""
    simulated: bool
    """模拟数据."""
    key_set: str


class Parks(_ParksFrame):
    """The park furthest behind first."""

    parks: list[Park]


class OnePark(_ParksFrame, Park):
    """One park."""


class Statistic(Answered):
    """A number that an authority published."""

    figure: str
    scope: str
    period: str
    """YYYY, YYYY-Qn or YYYY-MM."""
    value: float
    """In `unit`."""
    unit: str
    source: str
    published: Day


class StatisticKept(Answered):
    """A statistic as it is stored."""

    statistic: Statistic


class KnownStatistic(Statistic):
    """A statistic among the others."""

    superseded: bool
    """Whether a later one is of the same figure, scope and period."""


class Statistics(Answered):
    """The one published last first."""

    statistics: list[KnownStatistic]
    next: Next


class PlanVersion(Answered):
    """A plan that was entered."""

    id: str
    name: Words
    from_: Day
    targets: int
    """How many."""


class PlanKept(Answered):
    """A plan as it is stored."""

    plan: PlanVersion


class AssignedQuotas(Answered):
    """下达指标: by which document."""

    body: str
    document: str
    number: str
    day: Day | None
    simulated: bool
    """模拟数据."""
    targets: list[str]
    """Ids of the targets that are assigned."""


class PlanInForce(PlanNamed):
    """A plan and the day from which it judges."""

    from_: Day | None
    """Null of the plan since ever."""
    targets: list[str]
    """Their ids."""
    quotas: AssignedQuotas | None


class Plans(Answered):
    """The newest last."""

    plans: list[PlanInForce]
    faults: list[str]
    """What of stored plans fits no more, in sentences."""
