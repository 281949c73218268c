"""One headline under every definition: a stroke for each, and a mark for our own."""

import altair as alt

from api.board.charts.sheet import ACTUAL, MUTED, PLAN, Data, Sheet


def strip(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of value, the `default` one, and the words at both `ends`."""
    values = [row["value"] for row in data["rows"]]
    room = (max(values) - min(values)) * 0.04 or 1.0
    scale = alt.Scale(domain=[min(values) - room, max(values) + room], nice=False, zero=False)
    x = alt.X("value:Q", axis=None, scale=scale)
    strokes = sheet.chart("rows", data["rows"]).mark_tick(color=ACTUAL, thickness=2, size=24, opacity=0.55).encode(x=x)
    default = sheet.chart("default", [data["default"]]).encode(x=x)
    share = (data["default"]["value"] - min(values)) / ((max(values) - min(values)) or 1)
    align = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    layers = [
        strokes,
        default.mark_tick(color=PLAN, thickness=3, size=36, opacity=1),
        default.mark_text(dy=-28, align=align, color=PLAN, fontSize=13).encode(text="text:N"),
    ]
    for place, (row, side) in enumerate(zip(data["ends"], ("left", "right"), strict=True)):
        chart = sheet.chart(f"end_{place}", [row])
        layers.append(chart.mark_text(dy=27, align=side, color=MUTED, fontSize=13).encode(x=x, text="text:N"))
    return alt.layer(*layers).properties(width=data["width"], height=78)
