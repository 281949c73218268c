"""A figure by group, each with its name above its bar, and what it is held against as lines."""

import altair as alt

from api.board.charts.sheet import ACTUAL, INK, MUTED, PLAN, Data, Sheet

STEP = 46


def bars(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of place, name, value and text in their order, and `lines` of value, text and plan."""
    height = STEP * len(data["rows"]) + 22
    highest = max(each["value"] for each in (*data["rows"], *data["lines"]))
    y = alt.Y("place:Q", axis=None, scale=alt.Scale(domain=[-0.5, height / STEP - 0.5], reverse=True, nice=False))
    x = alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, highest * 1.12], nice=False))
    rows = sheet.chart("rows", data["rows"])
    layers = [_line(sheet, place, line, x) for place, line in enumerate(data["lines"])]
    drawn = [
        rows.mark_bar(color=ACTUAL, size=9, yOffset=12, orient="horizontal").encode(x=x, x2=alt.datum(0), y=y),
        rows.mark_text(align="left", dx=6, dy=12, color=INK, fontSize=13).encode(x=x, y=y, text="text:N"),
        rows.mark_text(align="left", dy=-6, color=INK, fontSize=13).encode(x=alt.value(0), y=y, text="name:N"),
    ]
    texts = [_text(sheet, place, line, x, height) for place, line in enumerate(data["lines"])]
    return alt.layer(*layers, *drawn, *texts).properties(width=data["width"], height=height)


def _line(sheet: Sheet, place: int, line: Data, x: alt.X) -> alt.Chart:
    look = {"color": PLAN if line["plan"] else MUTED, "strokeDash": [4, 3]}
    return sheet.chart(f"line_{place}", [line]).mark_rule(**look).encode(x=x)


def _text(sheet: Sheet, place: int, line: Data, x: alt.X, height: int) -> alt.Chart:
    look = {
        "align": line["align"],
        "dx": 5 if line["align"] == "left" else -5,
        "color": PLAN if line["plan"] else MUTED,
    }
    chart = sheet.chart(f"text_{place}", [line])
    return chart.mark_text(fontSize=12, baseline="bottom", **look).encode(x=x, y=alt.value(height - 2), text="text:N")
