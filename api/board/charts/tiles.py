"""Districts as tiles of one size, about where they lie."""

import altair as alt

from api.board.charts.ordered import GROUNDS, NO_GROUND
from api.board.charts.sheet import INK, MUTED, Data, Sheet, linked

COLOURS = list(dict.fromkeys([*GROUNDS.values(), NO_GROUND]))


def tiles(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of column, row, ground, link, told, name, value and note, each tile `across` × `down`."""
    across, down = data["across"], data["down"]
    columns = 1 + max(row["column"] for row in data["rows"])
    lines = 1 + max(row["row"] for row in data["rows"])
    base = sheet.chart("rows", data["rows"]).encode(
        x=alt.X("column:Q", axis=None, scale=alt.Scale(domain=[-0.5, columns - 0.5], nice=False, zero=False)),
        y=alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[lines - 0.5, -0.5], nice=False, zero=False)),
    )
    tile = base.mark_rect(width=across - 6, height=down - 6, cornerRadius=3, opacity=1).encode(
        color=alt.Color("ground:N", scale=alt.Scale(domain=COLOURS, range=COLOURS), legend=None)
    )
    small = data["small"]
    name = base.mark_text(dy=-down * 0.25, fontSize=small, color=INK, fontWeight="bold").encode(text="name:N")
    value = base.mark_text(dy=down * 0.03, fontSize=small + 3, color=INK).encode(text="value:N")
    note = base.mark_text(dy=down * 0.3, fontSize=small - 1, color=MUTED).encode(text="note:N")
    return alt.layer(linked(tile), name, value, note).properties(width=columns * across, height=lines * down)
