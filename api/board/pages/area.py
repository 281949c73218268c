"""The figures of one area: what it has, how its targets stand, how it came there, and what moved its density."""

from collections.abc import Mapping

from api.board.pages.frame import Asked, Line
from api.figures import Rows
from api.parks import headline
from api.points import SUPPRESSED, Row, comparison_of, point
from density.days import month_ends, to_date, to_day
from density.definition import SERIES
from density.plan import Plan, Target
from density.register import KeySet, Name

STEP_DAYS = 7  # a trend needs no more points than a screen has columns
EFFECTS = ("effect_stock", "effect_headcount", "effect_composition")
STANDING = (
    "actual", "baseline", "goal", "planned", "progress", "planned_progress", "lead", "pace", "gap", "required_rate",
    "trailing_rate", "status", "basis",
)  # fmt: skip


def figures(asked: Asked) -> dict[str, Line]:
    """The figures of the day by series, each with its comparison with a month and a year before."""
    shelf, scope, day = asked.sources.shelf, asked.address.name, asked.day
    compared = shelf.comparisons(scope, day)
    return {
        series: {
            **point(shelf.account_daily(scope, series, day, day).get(day), folded=True),
            "comparison": comparison_of(compared, series),
        }
        for series in SERIES
    }


def targets(asked: Asked) -> list[Line]:
    """Each headline target with its standing here; one that is not followed here is left out."""
    standings = asked.sources.shelf.standings(asked.address.name, asked.day)
    kind = asked.address.kind
    return [
        {"target": target, **standing(standings.get(target.id))}
        for target in asked.plan.headlines
        if kind in target.scopes
    ]


def trends(asked: Asked) -> dict[str, list[Line]]:
    """By target that robots are counted for, the days drawn with actual and planned, and the density beside them."""
    first = to_day(asked.sources.options.first_day)
    days = sorted({first, *range(asked.day, first, -STEP_DAYS), *map(int, month_ends(first, asked.day))})
    return {target.id: _trend(asked, target, days) for target in _drawn(asked.plan)}


def _trend(asked: Asked, target: Target, days: list[int]) -> list[Line]:
    shelf, scope = asked.sources.shelf, asked.address.name
    standings = shelf.plan_daily(scope, target.id, days[0], days[-1])
    beside = shelf.daily(scope, target.series, days[0], days[-1]) if target.kind == "ratio" else {}
    return [
        {
            "day": to_date(day),
            "actual": _value(standings, day, "actual"),
            "planned": _value(standings, day, "planned"),
            "density": _value(beside, day, "density"),
            "closed": standings.get(day, {}).get(SUPPRESSED),
        }
        for day in days
    ]


def _drawn(plan: Plan) -> list[Target]:
    return [target for target in plan.headlines if target.kind == "ratio" or target == headline(plan)]


def effects(asked: Asked) -> list[Line]:
    """What moved density in key industries in each month, oldest first; months without a comparison are left out."""
    first = to_day(asked.sources.options.first_day)
    months = asked.sources.shelf.months(asked.address.name, "key", first, asked.day)
    return [
        {"day": to_date(day), "change": row["change"], **{name: row[name] for name in EFFECTS}}
        for day, row in months.items()
        if row["change"] is not None and row["effect_stock"] is not None
    ]


def standing(row: Row | None) -> Line:
    """How a target stands; nulls where nothing is stored."""
    return {name: (row or {}).get(name) for name in STANDING}


def by_industry(asked: Asked) -> list[Line]:
    """The divisions of the area by persons, the largest first; in a zone none are kept."""
    shelf, kind = asked.sources.shelf, asked.address.kind
    if kind == "zone":
        return []
    if kind == "city":
        stored = shelf.of_day(asked.day, series="total", kind="industry")
        rows = {scope.removeprefix("industry:"): row for scope, row in stored.items()}
    else:
        rows = shelf.crossings(asked.address.name, "total", asked.day)
    names = asked.sources.reference.industries
    lines = [
        {
            "code": code,
            "name": names[code],
            "key": _key(code, asked.sources.definition.key_set, names),
            **point(row, folded=True),
        }
        for code, row in rows.items()
        if len(code) == 2 and row["factories"] and code in names
    ]
    return sorted(lines, key=lambda line: (-line["persons"], line["code"]))


def _key(division: str, chosen: KeySet, names: Mapping[str, Name]) -> str:
    """Whether a division is key: `whole`, in `part`, or not at all."""
    held = {chosen.holds(code) for code in names if code != division and code.startswith(division)}
    return "whole" if held == {True} else "part" if True in held else ""


def _value(rows: Rows, day: int, name: str) -> float | None:
    row = rows.get(day)
    value: float | None = None if row is None else row[name]
    return value
