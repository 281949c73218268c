"""Figures as they are answered; their names, units and meanings are the store's."""

from typing import Literal

from api.answers.form import SOMETIMES, Answered, Day, Measured, Moment, Next, Slot
from api.points import COMPARED, COUNTS, FLOWS, RATIOS, RESPONSE, SIGNALS, shown_fields
from store.schema import AREA_ACCOUNT, COMPARISON, FIGURE, FLOW, ROBOT_ACTIVITY, SILENCE

Series = Literal["total", "all", "key"]


class ResponseBy(Answered):
    """填报率 of one kind of report; null where nobody is there to respond."""

    factories: float | None
    """By number of factories [0–1]."""
    persons: float | None
    """By persons [0–1]."""


class Response(Answered):
    """填报率: of headcounts and of robots."""

    headcount: ResponseBy
    robots: ResponseBy


class FlowAccount(Measured, of=FLOW, shown=FLOWS):
    """变动账: what came and went on the day."""


class Activity(Measured, of=ROBOT_ACTIVITY, shown=SIGNALS):
    """Robots by what they sent."""


class Figures(Activity, of=FIGURE, shown=(*COUNTS, *(name for name in RATIOS if not name.startswith(RESPONSE)))):
    """The figures of one scope and series at the end of a day; null is not known, or not told."""

    response: Response
    flow: FlowAccount | None
    suppressed: str = SOMETIMES
    """Why the reader is told none: few, beside, monthly, role or undecided."""


class Comparison(Measured, of=COMPARISON, shown=COMPARED):
    """A day against an earlier one, on matched factories."""


class Comparisons(Answered):
    """环比 and 同比; null where nothing is compared."""

    mom: Comparison | None
    yoy: Comparison | None


class Point(Figures):
    """The figures of one day."""

    day: Day


class DailyFigures(Answered):
    """One point a day, the oldest first."""

    scope: str
    series: Series
    key_set: str
    as_of: Day | None
    """What was known at the end of this day; null of what is known now."""
    points: list[Point]
    next: Next


class ComparedFigures(Figures):
    """The newest figures of a series, and what they are compared with."""

    comparison: Comparisons


class Graded(Answered):
    """Smart factories of one scheme and grade."""

    scheme: str
    grade: str
    count: int
    """Sites [家]."""


class SmartFactories(Answered):
    """智能工厂 whose designation is in force."""

    counted: int | None
    """Those that count toward the plan [家]."""
    by: list[Graded]


class ScopeFigures(Answered):
    """The newest figures of a scope in every series."""

    scope: str
    day: Day | None
    """That the figures are of; null before the first."""
    data_until: Moment | None
    """Arrival of the newest report in them."""
    simulated: bool
    """模拟数据."""
    key_set: str
    total: ComparedFigures
    all: ComparedFigures
    key: ComparedFigures
    smart_factories: SmartFactories
    definition_version: int | None


class LatestFigures(ScopeFigures):
    """The newest figures of a scope, or those that were known on a day."""

    as_of: Day | None
    """What was known at the end of this day; null of what is known now."""


class SilencePoint(Measured, of=SILENCE, shown=("silent_factories", "heard_factories")):
    """How many factories are quiet on a day."""

    day: Day


class Silence(Answered):
    """Quiet factories by day, the oldest first."""

    scope: str
    series: Series
    points: list[SilencePoint]
    next: Next


class AreaAccountPoint(Measured, of=AREA_ACCOUNT, shown=shown_fields(AREA_ACCOUNT)):
    """What came of all factories of an area on a day."""

    day: Day


class AreaAccount(Answered):
    """What came of an area by day of arrival, the oldest first."""

    scope: str
    points: list[AreaAccountPoint]
    next: Next


class RestatingReport(Answered):
    """The report that changed a published figure."""

    writer: str
    slot: Slot | None
    stamp: str
    """In ns since 1970 UTC."""
    arrived: Moment


class Restatement(Answered):
    """数据修订: a published figure that changed afterwards."""

    restated: Moment
    scope: str
    series: str
    """total, all, key, or key:<id> of another set of key industries."""
    figure: str
    day: Day
    old: float | None
    """In the figure's unit; null where it was not known."""
    new: float | None
    """In the figure's unit; null where it is not known."""
    why: Literal["report", "definition"]
    report: RestatingReport | None


class Restatements(Answered):
    """The newest first."""

    restatements: list[Restatement]
    next: Next
