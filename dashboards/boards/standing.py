"""How a scope stands toward the plan's headline targets: bars, status, lead, and the lines behind them."""

from collections.abc import Sequence

from grafana_foundation_sdk.models.dashboard import GridPos, ValueMapping

from dashboards.columns import SHARE, Column, column, judged, ranges, status
from dashboards.influxql import growth, newest, points
from dashboards.kit import Kit
from dashboards.panels import STACKED, bullet, lines, number
from dashboards.sheet import Sheet
from density.plan import Target
from store.schema import COMPARISON, FIGURE, PLAN_STATUS, PUBLISHED

BARS = ("actual", "planned", "baseline", "goal")
RESPONSES = ("response_headcount_persons", "response_robots_persons")
FRAMED = "all"  # the official frame holds factories above scale, so coverage is known of this series alone
_MARK = {"custom.drawStyle": "points", "custom.pointSize": 9}
_DASHED = {"custom.lineStyle": {"fill": "dash", "dash": [6, 6]}}
_EFFECTS = ("effect_stock", "effect_headcount", "effect_composition")


def targets(kit: Kit, sheet: Sheet, scope: str, path: str) -> None:
    """One line of a board: each headline target, then response and coverage."""
    chosen = kit.plan.headlines[:3]
    for place, target in enumerate(chosen):
        _target(kit, sheet, scope, path, target, 6 * place)
    speech, places = kit.speech, {"scope": scope, "series": "total"}
    for row, field in enumerate(RESPONSES):
        share = column(speech, FIGURE, field)
        verdict = judged(share, speech.word("enough"), enough(kit))
        sheet.at(
            number(
                kit.frame(share.title, field, path=path),
                [newest(FIGURE, {field: share.title}, places), newest(FIGURE, {field: verdict.title}, places)],
                [share, verdict],
                large=False,
            ),
            GridPos(4, 6, 18, 4 * row),
        )
    coverage = column(speech, FIGURE, "frame_coverage")
    sheet.at(
        number(
            kit.frame(coverage.title, "frame_coverage", FRAMED, path=path, nothing="no_frame"),
            [newest(FIGURE, {"frame_coverage": coverage.title}, {"scope": scope, "series": FRAMED})],
            [coverage],
        ),
        GridPos(3, 6, 18, 8),
    )
    sheet.line()


def enough(kit: Kit) -> list[ValueMapping]:
    """Whether a response lets anything be judged, in words."""
    speech = kit.speech
    return ranges(
        (None, 0.4999999, f"▽ {speech.word('too_little')}", "orange"),
        (0.5, None, f"● {speech.word('suffices')}", "green"),
    )


def _target(kit: Kit, sheet: Sheet, scope: str, path: str, target: Target, x: int) -> None:
    speech = kit.speech
    unit, where = speech.named(target.unit), {"scope": scope, "target": target.id}
    shown = [column(speech, PLAN_STATUS, field, unit=unit) for field in BARS]
    name = speech.named(target.name)
    sheet.at(
        bullet(
            kit.frame(name, target.figure, *BARS, path=path, also=target_note(kit, target), nothing="no_quota"),
            # Apart: what is there is shown where there is no quota.
            [newest(PLAN_STATUS, {each.field: each.title for each in part}, where) for part in (shown[:1], shown[1:])],
            newest(PLAN_STATUS, {"baseline": "min", "goal": "max"}, where),
            shown,
        ),
        GridPos(6, 6, x, 0),
    )
    state, lead = status(speech), column(speech, PLAN_STATUS, "lead")
    statements = [newest(PLAN_STATUS, {each.field: each.title}, where) for each in (state, lead)]
    last, extra = _year(kit, scope, target)
    sheet.at(
        number(
            kit.frame(
                f"{name} · {speech.word('stands')}", "status", "lead", "yoy" if extra else "yearly_increase",
                path=path, nothing="no_quota",
            ),
            [*statements, extra or newest(PLAN_STATUS, {last.field: last.title}, where)],
            [state, lead, last],
            large=False,
        ),
        GridPos(5, 6, x, 6),
    )  # fmt: skip


def _year(kit: Kit, scope: str, target: Target) -> tuple[Column, str]:
    """What a year changed: a density on matched factories in percent, a count by what it is more than a year ago."""
    if target.kind != "ratio":
        unit = kit.speech.named(target.unit)
        return column(kit.speech, PLAN_STATUS, "trailing_rate", term="yearly_increase", unit=unit), ""
    title = kit.speech.term("yoy")
    where = {"scope": scope, "series": target.series, "base": "yoy"}
    return (
        Column("density_now", title, SHARE, 1),
        growth(COMPARISON, "density_now", "density_then", title, where),
    )


def target_note(kit: Kit, target: Target) -> str:
    """The words of the plan, the series and the deadline."""
    deadline = target.deadline.isoformat() if target.deadline else kit.speech.term("none")
    return kit.speech.word(
        "target_note", sentence=target.sentence, series=kit.speech.term(target.series), deadline=deadline
    )


def trend(kit: Kit, sheet: Sheet, scope: str, path: str, *, width: int = 8) -> None:
    """Each headline target by day beside its plan, with the values that were published."""
    chosen = kit.plan.headlines[:3]
    for target in chosen:
        speech, unit = kit.speech, kit.speech.named(target.unit)
        where = {"scope": scope, "target": target.id}
        actual, planned, goal = (column(speech, PLAN_STATUS, each, unit=unit) for each in ("actual", "planned", "goal"))
        dashed = [Column(each.field, each.title, each.unit, each.decimals, config=_DASHED) for each in (planned, goal)]
        statements = [points(PLAN_STATUS, {each.field: each.title}, where) for each in (actual, planned, goal)]
        marks, shown = _marks(kit, scope, target)
        note = "\n\n".join([target_note(kit, target), *([speech.word("published_note")] if marks else [])])
        sheet.put(
            lines(
                kit.frame(
                    f"{speech.word('trend')} · {speech.named(target.name)}", target.figure, "planned", "goal",
                    path=path, also=note,
                ),
                [*statements, *marks],
                [actual, *dashed, *shown],
            ),
            width, 9,
        )  # fmt: skip


def _marks(kit: Kit, scope: str, target: Target) -> tuple[list[str], Sequence[Column]]:
    """Published values of a ratio of the city, and the one figure of ours that may stand beside them."""
    if target.kind != "ratio" or scope != "city":
        return [], ()
    published = kit.speech.word("published")
    unit = f"suffix: {kit.speech.named(target.unit)}"
    yearly = column(kit.speech, FIGURE, "density_annual")
    figures = [target.figure, yearly.field]
    marks = [points(PUBLISHED, {"value": published}, {"scope": scope, "figure": figure}) for figure in figures]
    ours = points(FIGURE, {yearly.field: yearly.title}, {"scope": scope, "series": target.series})
    return [*marks, ours], [
        Column("value", published, unit, 0, config=_MARK | {"custom.pointSize": 12}),
        Column(yearly.field, yearly.title, yearly.unit, 1, config=_MARK),
    ]


def effects(kit: Kit, sheet: Sheet, scope: str, path: str, *, width: int = 12) -> None:
    """What moved density from month to month, in three parts."""
    speech = kit.speech
    shown = [column(speech, COMPARISON, field) for field in _EFFECTS]
    where = {"scope": scope, "series": "key", "base": "mom"}
    sheet.put(
        lines(
            kit.frame(speech.word("effects"), "change", *_EFFECTS, path=path),
            [points(COMPARISON, {each.field: each.title for each in shown}, where)],
            shown,
            gap_ms=40 * 86_400_000,
            style=STACKED,
        ),
        width, 9,
    )  # fmt: skip
