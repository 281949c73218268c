"""Two shares of each area on one honest scale from nothing to all."""

import altair as alt

from api.board.charts.sheet import ACTUAL, GRID, HEADCOUNT, INK, Data, Sheet, hidden, linked

STEP = 26
COLOURS = {"headcount": HEADCOUNT, "robots": ACTUAL}


def dots(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of place, name, low, high, link and told, and `shares` of place, of and value."""
    axis = alt.Axis(title=None, format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False, ticks=False)
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
    y = alt.Y("name:N", sort=None, axis=hidden(labelFontSize=13, labelLimit=120, labelPadding=8, labelColor=INK))
    rows = sheet.chart("rows", data["rows"])
    spans = rows.mark_rule(color=GRID, strokeWidth=5, strokeCap="round").encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=[0, 1]), axis=axis), x2="high:Q", y=y
    )
    colour = alt.Color("of:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    points = sheet.chart("shares", data["shares"]).mark_circle(size=85, opacity=1)
    return alt.layer(spans, linked(points.encode(x=x, y=y, color=colour))).properties(
        width=data["width"], height=alt.Step(STEP)
    )
