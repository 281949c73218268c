"""What moved density in each month: robots, people, and which factories count."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import altair as alt

from api.board.charts.sheet import ACTUAL, COMPOSITION, HEADCOUNT, INK, Data, Sheet

COLOURS = {"effect_stock": ACTUAL, "effect_headcount": HEADCOUNT, "effect_composition": COMPOSITION}
_WIDEST = 48


def effects(data: Data, sheet: Sheet) -> alt.LayerChart:
    """Draw `rows` of day, effect and value as bars on zero, and the `changes` that they add up to as ticks."""
    days = [row["day"] for row in data["changes"]]
    size = min(_WIDEST, 0.62 * data["width"] / max(1, len(days)))
    named = _named(days, 12 if data["width"] > 450 else 3)
    x = alt.X(
        "day:T",
        scale=alt.Scale(type="utc", padding=size / 2 + 4),
        axis=alt.Axis(title=None, format="%Y-%m", values=named, grid=False, domain=False),
    )
    y = alt.Y(
        "value:Q", axis=alt.Axis(title=None, tickCount=5, format="+,.1f", domain=False, ticks=False), stack="zero"
    )
    colour = alt.Color("effect:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    bars = sheet.chart("rows", data["rows"]).mark_bar(size=size).encode(x=x, y=y, color=colour)
    zero = (
        sheet.chart("zero", [{"value": 0}]).mark_rule(color=INK, strokeWidth=1).encode(y=alt.Y("value:Q", title=None))
    )
    total = sheet.chart("changes", data["changes"]).mark_tick(
        orient="horizontal", color=INK, thickness=2, size=size + 4, opacity=1
    )
    return alt.layer(bars, zero, total.encode(x=x, y=alt.Y("value:Q", title=None))).properties(
        width=data["width"], height=data["height"]
    )


def _named(days: Sequence[str], most: int) -> list[int]:
    """The days whose bars are named, in epoch ms, the newest among them."""
    # A month's bar stands on its last day, where a tick between two months would name the next one.
    chosen = days[::-1][:: math.ceil(len(days) / most)]
    return [int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() * 1000) for day in chosen]
