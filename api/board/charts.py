"""The charts as Altair specifications; the page's stylesheet maps their colours to light and dark."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

INK, MUTED, GRID, TRACK = "#1a2430", "#5b6875", "#d9e0e6", "#e4eaee"
ACTUAL, PLAN, BESIDE, PAPER = "#12506b", "#b4552d", "#8fb0c0", "#ffffff"
FONT = "Noto Sans CJK SC"

Data = Mapping[str, Any]


class Sheet:
    """The rows that a chart draws, by name: a specification that held them would be copied with each of its parts."""

    def __init__(self) -> None:
        self.datasets: dict[str, list[Data]] = {}

    def chart(self, name: str, rows: list[Data]) -> alt.Chart:
        """A chart of these rows."""
        self.datasets[name] = rows
        return alt.Chart(alt.NamedData(name))


def bullet(data: Data, sheet: Sheet) -> alt.LayerChart:
    """A target as a bar from the baseline to the goal, with the actual value and where the plan stands."""
    low, high = min(data["baseline"], data["actual"]), max(data["goal"], data["actual"])
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    row = sheet.chart("row", [data])
    x = alt.X("baseline:Q", scale=scale, axis=None)
    track = row.mark_bar(size=18, color=TRACK).encode(x=x, x2="goal:Q")
    bar = row.mark_bar(size=18, color=ACTUAL).encode(x=x, x2="actual:Q")
    tick = row.mark_tick(thickness=3, size=32, color=PLAN).encode(x=alt.X("planned:Q", scale=scale, axis=None))
    share = (data["planned"] - low) / ((high - low) or 1)
    align = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    label = row.mark_text(dy=-25, align=align, color=PLAN, fontSize=13).encode(
        x=alt.X("planned:Q", scale=scale, axis=None), text="planned_text:N"
    )
    ends = [
        row.mark_text(dy=24, align=side, color=MUTED, fontSize=13).encode(
            x=alt.X(f"{name}:Q", scale=scale, axis=None), text=f"{name}_text:N"
        )
        for name, side in (("baseline", "left"), ("goal", "right"))
    ]
    return alt.layer(track, bar, tick, label, *ends).properties(width=380, height=74)


def trend(data: Data, sheet: Sheet) -> alt.LayerChart:
    """The actual course of a target, the line of the plan, and a published value as a mark."""
    wide = data["width"] > 450
    x = alt.X(
        "day:T", scale=alt.Scale(type="utc"), axis=alt.Axis(title=None, format="%Y", tickCount="year", grid=False)
    )
    scale = alt.Scale(zero=True) if data["low"] is None else alt.Scale(zero=False, domainMin=data["low"])
    y = alt.Y("value:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5, format=",.0f"))
    layers = [
        sheet.chart("planned", data["planned"])
        .encode(x=x, y=y)
        .mark_line(color=PLAN, strokeDash=[5, 4], strokeWidth=1.5),
        sheet.chart("beside", data["beside"]).encode(x=x, y=y).mark_line(color=BESIDE, strokeWidth=1),
        sheet.chart("actual", data["actual"]).encode(x=x, y=y).mark_line(color=ACTUAL, strokeWidth=2.5),
    ]
    for name, mark in (("actual", ACTUAL), ("planned", PLAN)):
        layers += _end(sheet.chart(f"{name}_end", data[name][-1:]).encode(x=x, y=y), mark, wide=wide)
    if data["published"]:
        point = sheet.chart("published", [data["published"]]).encode(x=x, y=y)
        layers.append(point.mark_point(shape="diamond", size=90, color=INK, filled=False, strokeWidth=1.5))
        layers.append(point.mark_text(align="left", dx=9, dy=12, color=INK, fontSize=12).encode(text="text:N"))
    return alt.layer(*layers).properties(width=data["width"], height=data["height"])


def _end(chart: alt.Chart, color: str, *, wide: bool) -> list[alt.Chart]:
    text = chart.mark_text(align="right", dy=-12, color=color, fontSize=14 if wide else 12, fontWeight="bold")
    return [chart.mark_point(color=color, filled=True, size=45, opacity=1), text.encode(text="text:N")]


def bars(data: Data, sheet: Sheet) -> alt.LayerChart:
    """A figure by area, the highest first, with the city and the target as lines."""
    rows = sheet.chart("rows", data["rows"])
    y = alt.Y("name:N", sort=None, axis=alt.Axis(title=None, domain=False, ticks=False, labelLimit=140, labelPadding=8))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domainMin=0))
    layers = [rows.mark_bar(color=ACTUAL, size=20).encode(x=x, y=y)]
    longest = max(row["value"] for row in data["rows"])
    for inside in (True, False):
        fits = [row for row in data["rows"] if (row["value"] > longest / 4) == inside]
        text = sheet.chart(f"inside_{inside}", fits).encode(x=x, y=y, text="text:N")
        layers.append(
            text.mark_text(align="right", dx=-5, color=PAPER, fontSize=12)
            if inside
            else text.mark_text(align="left", dx=5, color=INK, fontSize=12)
        )
    for place, line in enumerate(data["lines"]):
        chart = sheet.chart(f"line_{place}", [line])
        color = PLAN if line["plan"] else MUTED
        at = alt.X("value:Q", axis=None)
        layers.append(chart.mark_rule(color=color, strokeDash=[4, 3]).encode(x=at))
        align = "left" if line["plan"] else "right"
        text = chart.mark_text(align=align, dx=4 if line["plan"] else -4, color=color, fontSize=12, baseline="bottom")
        layers.append(text.encode(x=at, y=alt.value(-4), text="text:N"))
    return alt.layer(*layers).properties(width=330, height=alt.Step(30))


CHARTS: Mapping[str, Callable[[Data, Sheet], alt.LayerChart]] = {"bullet": bullet, "trend": trend, "bars": bars}


def specification(kind: str, data: Data, *, checked: bool = False) -> dict[str, Any]:
    """A chart as a Vega-Lite specification."""
    axis = {"labelColor": MUTED, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID, "labelFontSize": 12}
    sheet = Sheet()
    # Checking every part against the schema costs more than drawing; tests/api/board/test_charts.py does it.
    with debug_mode(checked):
        chart = CHARTS[kind](data, sheet).configure(font=FONT, background="transparent", padding=2)
        configured = chart.configure_axis(**axis).configure_view(stroke=None)
        specified: dict[str, Any] = configured.to_dict(validate=checked)
    return {**specified, "datasets": sheet.datasets}
