"""The charts that every area has: its targets against plan, their course, and what moved density."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from api.board.numbers import count, number
from api.board.pages.area import EFFECTS
from api.board.pages.frame import Chart, Found, Line
from api.board.texts import Texts
from density.plan import Target

SIZES = {"wide": (600, 260), "narrow": (310, 220)}
LOW = {"wide": (1_100, 230), "narrow": (310, 190)}
MONTHS = {"wide": 36, "narrow": 12}


def target_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """Bullets, trends and effects; a chart whose figures are not there yet is left out."""
    charts: dict[str, Chart] = {}
    for line in found.facts["targets"]:
        target = line["target"]
        if None not in {line["actual"], line["planned"], line["baseline"], line["goal"]}:
            charts[f"bullet-{target.id}"] = bullet(line, texts)
        days = found.facts["trends"].get(target.id, [])
        if any(each["actual"] is not None for each in days):
            charts |= sized(f"trend-{target.id}", trend(line, days, texts), SIZES)
    charts |= effect_charts(found.facts["effects"])
    return charts


def sized(name: str, chart: Chart, sizes: dict[str, tuple[int, int]]) -> dict[str, Chart]:
    """The same chart for a screen and for a phone."""
    return {f"{name}-{size}": {**chart, "width": width, "height": height} for size, (width, height) in sizes.items()}


def amount(value: float | None, target: Target) -> str:
    """A value of a target as it is read."""
    return number(value) if target.kind == "ratio" else count(value)


def bullet(line: Line, texts: Texts) -> Chart:
    """A target against plan."""
    words, target = texts.words, line["target"]
    return {
        "kind": "bullet",
        **{name: line[name] for name in ("baseline", "actual", "planned", "goal")},
        "planned_text": f"{words['plan_now']} {amount(line['planned'], target)}",
        "baseline_text": f"{texts.term('baseline')} {amount(line['baseline'], target)}",
        "goal_text": f"{texts.term('goal')} {count(line['goal'])}",
    }


def trend(line: Line, days: list[Line], texts: Texts) -> Chart:
    """The course of a target, to its deadline."""
    target: Target = line["target"]
    actual, published = _points(days, "actual"), target.published_baseline if line["basis"] == "plan" else None
    actual[-1]["text"] = amount(actual[-1]["value"], target)
    planned = [*_points(days, "planned"), *_mark(target.deadline, line["goal"], texts.term("goal"))]
    return {
        "kind": "trend",
        "low": _low([*actual, *planned], published) if target.kind == "ratio" else None,
        "actual": actual,
        "planned": planned,
        "beside": _points(days, "density"),
        "published": next(iter(_mark(target.baseline_day, published, texts.words["published"])), None),
    }


def effect_charts(months: list[Line]) -> dict[str, Chart]:
    """The three effects by month; none before the first comparison."""
    charts: dict[str, Chart] = {}
    for size, (width, height) in LOW.items():
        shown = months[-MONTHS[size] :]
        if shown:
            charts[f"effects-{size}"] = {"kind": "effects", "width": width, "height": height, **_effects(shown)}
    return charts


def _effects(months: list[Line]) -> dict[str, Any]:
    rows = [
        {"day": each["day"].isoformat(), "effect": name, "value": each[name]} for each in months for name in EFFECTS
    ]
    return {"rows": rows, "changes": [{"day": each["day"].isoformat(), "value": each["change"]} for each in months]}


def _mark(day: date | None, value: float | None, text: str) -> list[Chart]:
    """A point with its words; none where the plan names no day or value."""
    if day is None or value is None:
        return []
    return [{"day": day.isoformat(), "value": value, "text": f"{text} {count(value)}"}]


def _low(drawn: Iterable[Chart], published: float | None) -> float:
    """Where the axis of a ratio begins: below everything that is drawn, so that no mark stands on the axis."""
    values: list[float] = [each["value"] for each in drawn] + ([published] if published is not None else [])
    return max(0.0, min(values) - (max(values) - min(values)) * 0.2)


def _points(days: list[Line], name: str) -> list[Chart]:
    return [{"day": each["day"].isoformat(), "value": each[name]} for each in days if each[name] is not None]
