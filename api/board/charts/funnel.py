"""Parks by size and mix index, between the limits of what chance alone would give."""

import altair as alt

from api.board.charts.sheet import ACTUAL, BESIDE, COMPOSITION, INK, MUTED, PLAN, Data, Sheet, linked

COLOURS = {"within": COMPOSITION, "above": ACTUAL, "below": PLAN}


def funnel(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of persons, index, side, link, told and label, and `limits` of persons, low, high by `sigmas`."""
    x = alt.X(
        "persons:Q",
        scale=alt.Scale(type="log", domain=data["persons_domain"], nice=False),
        axis=alt.Axis(
            title=data["x_title"], values=data["ticks"], format="~s" if data["english"] else ",d", grid=False
        ),
    )
    y = alt.Y(
        "index:Q",
        scale=alt.Scale(domain=data["index_domain"], nice=False, zero=False),
        axis=alt.Axis(title=None, tickCount=5, domain=False, ticks=False),
    )
    lines = [_limit(sheet, name, data, x) for name in ("inner", "outer")]
    middle = sheet.chart("middle", [{"index": 100}]).mark_rule(color=INK, strokeWidth=1).encode(y=y)
    rows = sheet.chart("rows", data["rows"]).encode(x=x, y=y)
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    points = linked(rows.mark_circle(size=80, opacity=1, stroke="#ffffff", strokeWidth=1).encode(color=colour))
    named = sheet.chart("named", [row for row in data["rows"] if row["label"]]).encode(x=x, y=y)
    labels = named.mark_text(align="center", dy=-11, fontSize=12, color=INK).encode(text="label:N")
    return alt.layer(*lines, middle, points, labels).properties(width=data["width"], height=data["height"])


def _limit(sheet: Sheet, name: str, data: Data, x: alt.X) -> alt.LayerChart:
    rows = sheet.chart(name, data[name])
    dash = [5, 4] if name == "inner" else [1, 0]
    look = {"color": MUTED if name == "inner" else BESIDE, "strokeDash": dash, "strokeWidth": 1.2, "clip": True}
    sides = [rows.mark_line(**look).encode(x=x, y=alt.Y(f"{side}:Q", title=None)) for side in ("low", "high")]
    return alt.layer(*sides)
