"""Every kind of chart, as a Vega-Lite specification."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from api.board.charts.bars import bars
from api.board.charts.bullet import bullet
from api.board.charts.dots import dots
from api.board.charts.effects import effects
from api.board.charts.funnel import funnel
from api.board.charts.sheet import FONT, GRID, MUTED, Data, Sheet
from api.board.charts.strip import strip
from api.board.charts.tiles import tiles
from api.board.charts.trend import trend

CHARTS: Mapping[str, Callable[[Data, Sheet], alt.LayerChart]] = {
    "bars": bars, "bullet": bullet, "dots": dots, "effects": effects, "funnel": funnel, "strip": strip,
    "tiles": tiles, "trend": trend,
}  # fmt: skip
LINKED = frozenset({"dots", "funnel", "tiles"})  # the others are one picture to who cannot see them


def specification(kind: str, data: Data, *, checked: bool = False) -> dict[str, Any]:
    """A chart as a Vega-Lite specification; the page's stylesheet maps its colours to light and dark."""
    axis = {
        "labelColor": MUTED, "titleColor": MUTED, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID,
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
    }  # fmt: skip
    sheet = Sheet()
    # Checking every part against the schema costs more than drawing; tests/api/board/test_charts.py does it.
    with debug_mode(checked):
        chart = CHARTS[kind](data, sheet).configure(font=FONT, background="transparent", padding=2, aria=kind in LINKED)
        configured = chart.configure_axis(**axis).configure_view(stroke=None)
        specified: dict[str, Any] = configured.to_dict(validate=checked)
    return {**specified, "datasets": sheet.datasets}
