"""A target as a bar from the baseline to the goal, with the actual value and where the plan stands."""

import altair as alt

from api.board.charts.sheet import ACTUAL, MUTED, PLAN, TRACK, Data, Sheet


def bullet(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `baseline`, `actual`, `planned` and `goal`, each but the second with its text."""
    low, high = min(data["baseline"], data["actual"]), max(data["goal"], data["actual"])
    scale = alt.Scale(domain=[low, high], nice=False, zero=False)
    row = sheet.chart("row", [data])
    x = alt.X("baseline:Q", scale=scale, axis=None)
    track = row.mark_bar(size=20, color=TRACK).encode(x=x, x2="goal:Q")
    bar = row.mark_bar(size=10, color=ACTUAL).encode(x=x, x2="actual:Q")
    planned = alt.X("planned:Q", scale=scale, axis=None)
    tick = row.mark_tick(thickness=3, size=30, color=PLAN).encode(x=planned)
    share = (data["planned"] - low) / ((high - low) or 1)
    align = "left" if share < 0.25 else "right" if share > 0.75 else "center"
    label = row.mark_text(dy=-25, align=align, color=PLAN, fontSize=13).encode(x=planned, text="planned_text:N")
    ends = [
        row.mark_text(dy=24, align=side, color=MUTED, fontSize=13).encode(
            x=alt.X(f"{name}:Q", scale=scale, axis=None), text=f"{name}_text:N"
        )
        for name, side in (("baseline", "left"), ("goal", "right"))
    ]
    return alt.layer(track, bar, tick, label, *ends).properties(width=380, height=74)
