"""An explanation of a figure as it is answered."""

from typing import Literal

from api.answers.form import Answered, Day, FactoryName, Moment, Next, Slot, Words


class Sentences(Answered):
    """What changed, what moved it, what is missing: in this order, in both languages."""

    zh: list[str]
    en: list[str]


class TermTold(Answered):
    """What a figure is called, its unit and its 口径."""

    name: Words
    unit: Words
    definition: Words


class NamedValue(Answered):
    """A figure that stands above or below the line."""

    name: str
    value: float | None
    """In that figure's own unit."""


class StockAccount(Answered):
    """变动账 from the day that is compared with to the day: opening + what came − what went = closing."""

    opening: float
    """[台]"""
    commissioned: float
    """[台]"""
    moved_in: float
    """[台]"""
    reinstated: float
    """[台]"""
    reclassified_in: float
    """[台]"""
    decommissioned: float
    """[台]"""
    moved_out: float
    """[台]"""
    reclassified_out: float
    """[台]"""
    closing: float
    """[台]"""


class DensityEffects(Answered):
    """Three parts of a change of density; their sum is the change."""

    effect_stock: float | None
    """Of the stock [台/万人]."""
    effect_headcount: float | None
    """Of the headcount [台/万人]."""
    effect_composition: float | None
    """口径变动 [台/万人]."""


class Groups(Answered):
    """Three parts of a change of a count; their sum is the change."""

    matched: float
    """By factories within it on both days, in the figure's unit."""
    joined: float
    """By factories that joined, in the figure's unit."""
    left: float
    """By factories that left, in the figure's unit."""


class MovedPark(Answered):
    """What moved within a park; null is 园区外."""

    park: str | None
    park_name: Words
    moved: float
    """In the unit of the movers."""


class MovedFactory(MovedPark):
    """What moved at a factory."""

    factory: str
    name: FactoryName


class Movers(Answered):
    """What moved the figure most, the largest first."""

    unit: Words
    factories: list[MovedFactory]
    parks: list[MovedPark]


class Lacking(Answered):
    """What the figure lacks."""

    factories: int
    """That the scope and series hold [家]."""
    without_headcount: int
    """Of these, without a valid headcount [家]."""
    without_robots: int
    """Of these, that never reported robots [家]."""
    response_headcount: float | None
    """填报率 by persons [0–1]."""
    response_robots: float | None
    """填报率 of robots by persons [0–1]."""
    undated: int | None
    """Robots whose date does not tell whether they are new [台]."""
    conflicts: int
    """Stays that ended only because another factory or robot took over."""


class LeftOutFactory(Answered):
    """A factory that the figure leaves out."""

    factory: str
    reasons: list[str]


class LeftOut(Answered):
    """The factories that the figure leaves out, by id."""

    count: int
    """[家]"""
    reasons: dict[str, int]
    """How many factories, by reason [家]."""
    factories: list[LeftOutFactory]
    next: str | None
    """Send it back as `left_out_cursor`; null on the last page."""


class CausingReport(Answered):
    """The report that changed a published figure."""

    writer: str
    stamp: str
    """In ns since 1970 UTC."""
    slot: Slot | None


class FigureRestatement(Answered):
    """数据修订 of this figure."""

    day: Day
    restated: Moment
    old: float | None
    """In the figure's unit."""
    new: float | None
    """In the figure's unit."""
    why: Literal["report", "definition"]
    report: CausingReport | None


class ReportTold(Answered):
    """A report that the figure stands on."""

    kind: str
    factory: str | None
    writer: str
    stamp: str
    """In ns since 1970 UTC."""
    arrived: Moment
    slot: Slot | None


class Explained(Answered):
    """Why a figure is what it is."""

    sentences: Sentences
    figure: str
    scope: str
    series: str
    """total, all, key, or key:<id> of another set of key industries."""
    day: Day
    compared_with: Day | None
    """The end of the month before, of an annual figure of the year before; null where the figures begin."""
    definition: TermTold | None
    value: float | None
    """In the figure's unit."""
    value_then: float | None
    """On the day that is compared with, in the figure's unit."""
    numerator: NamedValue
    denominator: NamedValue | None
    account: StockAccount | None
    effects: DensityEffects | None
    groups: Groups | None
    movers: Movers
    beside_factories: float | None
    """The numerator less the sum over factories: what is counted of subjects that are no factory."""
    missing: Lacking
    data_until: Moment | None
    """Arrival of the newest report in the figures."""
    definition_version: int | None
    simulated: bool
    """模拟数据."""
    left_out: LeftOut
    restatements: list[FigureRestatement]
    reports_count: int
    """How many reports the figure stands on."""
    reports: list[ReportTold]
    """The newest first."""
    next: Next
