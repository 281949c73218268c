"""The course of a figure beside the line of the plan."""

from datetime import date
from typing import Any

import altair as alt

from api.board.charts.sheet import ACTUAL, BESIDE, INK, PLAN, Data, Sheet

WIDE = 450
_FEW_DAYS = 730


def trend(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `actual`, and where they are given `planned`, `beside` and a `published` value as a mark."""
    wide = data["width"] > WIDE
    x = alt.X("day:T", scale=alt.Scale(type="utc"), axis=alt.Axis(title=None, grid=False, **_times(data, wide=wide)))
    scale = _scale(data)
    y = alt.Y(
        "value:Q",
        scale=scale,
        axis=alt.Axis(title=None, tickCount=_ticks(data), format=",.0f", domain=False, ticks=False),
    )
    lines = {
        "planned": {"color": PLAN, "strokeDash": [5, 4], "strokeWidth": 1.5},
        "beside": {"color": BESIDE, "strokeWidth": 1},
        "actual": {"color": ACTUAL, "strokeWidth": 2.5},
    }
    layers = [sheet.chart(name, data[name]).encode(x=x, y=y).mark_line(**look) for name, look in lines.items()]
    for name, mark in (("actual", ACTUAL), ("planned", PLAN)):
        layers += _end(sheet.chart(f"{name}_end", data[name][-1:]).encode(x=x, y=y), mark, wide=wide)
    if data["published"]:
        point = sheet.chart("published", [data["published"]]).encode(x=x, y=y)
        layers.append(point.mark_point(shape="diamond", size=90, color=INK, filled=False, strokeWidth=1.5))
        layers.append(point.mark_text(align="left", dx=9, dy=12, color=INK, fontSize=12).encode(text="text:N"))
    return alt.layer(*layers).properties(width=data["width"], height=data["height"])


def _times(data: Data, *, wide: bool) -> dict[str, Any]:
    """Years, and months where there are few of them."""
    days = [date.fromisoformat(row["day"]) for name in ("actual", "planned", "beside") for row in data[name]]
    if (max(days) - min(days)).days > _FEW_DAYS:
        return {"format": "%Y", "tickCount": "year"}
    return {"format": "%Y-%m", "tickCount": alt.TimeIntervalStep(interval="month", step=3 if wide else 6)}


def _ticks(data: Data) -> int:
    """How many: no more than there are whole numbers to stand at them."""
    values = [row["value"] for name in ("actual", "planned", "beside") for row in data[name]]
    return max(1, min(5, int(max(values) - (data["low"] or 0)))) if any(values) else 5


def _scale(data: Data) -> alt.Scale:
    if data["low"] is not None:
        return alt.Scale(zero=False, domainMin=data["low"])
    return alt.Scale(zero=True) if any(row["value"] for row in data["actual"]) else alt.Scale(domain=[0, 10])


def _end(chart: alt.Chart, color: str, *, wide: bool) -> list[alt.Chart]:
    text = chart.mark_text(align="right", dy=-12, color=color, fontSize=14 if wide else 12, fontWeight="bold")
    return [chart.mark_point(color=color, filled=True, size=45, opacity=1), text.encode(text="text:N")]
