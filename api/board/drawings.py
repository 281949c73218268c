"""Which charts a page has, and what stands in them, in one language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.board.facts import Facts, Line
from api.board.language import Language
from api.board.numbers import count, number
from density.plan import Target
from density.register import Name

SIZES = {"wide": (560, 250), "narrow": (290, 210)}

Chart = dict[str, Any]


def drawings(facts: Facts, texts: Mapping[str, str], language: Language) -> dict[str, Chart]:
    """Every chart of the page by name; one whose figures are not there yet is left out."""
    charts: dict[str, Chart] = {}
    for line in facts.targets:
        if None not in {line["actual"], line["planned"], line["baseline"]}:
            charts[f"bullet-{line['target'].id}"] = _bullet(line, texts)
        days = facts.trends.get(line["target"].id, [])
        if any(each["actual"] is not None for each in days):
            for size, (width, height) in SIZES.items():
                trend = _trend(line["target"], days, texts)
                charts[f"trend-{line['target'].id}-{size}"] = {**trend, "width": width, "height": height}
    bars = _bars(facts, texts, language)
    return {**charts, "districts": bars} if bars else charts


def _bullet(line: Line, texts: Mapping[str, str]) -> Chart:
    goal = line["target"].value
    return {
        "kind": "bullet",
        **{name: line[name] for name in ("baseline", "actual", "planned")},
        "goal": goal,
        "planned_text": f"{texts['plan_now']} {count(line['planned'])}",
        "baseline_text": f"{texts['baseline']} {count(line['baseline'])}",
        "goal_text": f"{texts['goal']} {count(goal)}",
    }


def _trend(target: Target, days: list[Line], texts: Mapping[str, str]) -> Chart:
    actual = _points(days, "actual")
    actual[-1]["text"] = number(actual[-1]["value"]) if target.kind == "ratio" else count(actual[-1]["value"])
    return {
        "kind": "trend",
        "low": _low(actual, target) if target.kind == "ratio" else None,
        "actual": actual,
        "planned": [*_points(days, "planned"), *_mark(target.deadline, target.value, texts["goal"])],
        "beside": _points(days, "density"),
        "published": next(iter(_mark(target.baseline_day, target.published_baseline, texts["published"])), None),
    }


def _mark(day: date | None, value: float | None, text: str) -> list[Chart]:
    """A point with its words; none where the plan names no day or value."""
    if day is None or value is None:
        return []
    return [{"day": day.isoformat(), "value": value, "text": f"{text} {count(value)}"}]


def _low(actual: list[Chart], target: Target) -> float:
    """Where the axis of a ratio begins: below everything that is drawn, so that no mark stands on the axis."""
    goal = target.value or 0.0
    lowest = float(min([*(each["value"] for each in actual), target.published_baseline or goal]))
    return max(0.0, lowest - (goal - lowest) * 0.2)


def _points(days: list[Line], name: str) -> list[Chart]:
    return [{"day": each["day"], "value": each[name]} for each in days if each[name] is not None]


def _bars(facts: Facts, texts: Mapping[str, str], language: Language) -> Chart | None:
    ratio = next((line for line in facts.targets if line["target"].kind == "ratio"), None)
    if ratio is None:
        return None
    target: Target = ratio["target"]
    rows = [
        {"name": named(line["name"], language), "value": line["key"][target.figure]}
        for line in facts.districts
        if line["key"][target.figure] is not None
    ]
    if not rows:
        return None
    rows.sort(key=lambda row: -row["value"])
    lines = [{"value": target.value, "text": f"{texts['goal']} {count(target.value)}", "plan": True}]
    if ratio["actual"] is not None:
        lines.append({"value": ratio["actual"], "text": f"{texts['city']} {number(ratio['actual'])}", "plan": False})
    return {"kind": "bars", "rows": [{**row, "text": number(row["value"])} for row in rows], "lines": lines}


def named(name: Name, language: Language) -> str:
    """A name in one language."""
    return name.zh if language == "zh" else name.en


def month_ends(days: list[Line]) -> list[Line]:
    """The last drawn day of each month, newest first: the table beside a trend."""
    last = {date.fromisoformat(each["day"]).replace(day=1): each for each in days}
    return list(reversed(last.values()))
