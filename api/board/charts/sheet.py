"""What every chart is drawn on: its colours, its rows, its links and its axes."""

from collections.abc import Mapping
from typing import Any

import altair as alt

INK, MUTED, GRID, TRACK, PAPER = "#16202a", "#57636f", "#dfe4e8", "#e6eaee", "#ffffff"
ACTUAL, PLAN, BESIDE = "#0f4c6b", "#b04a22", "#86a6b6"
HEADCOUNT, COMPOSITION = "#c08a2b", "#9aa4ad"

FONT = "Noto Sans CJK SC"

Data = Mapping[str, Any]
AnyChart = alt.Chart | alt.LayerChart


class Sheet:
    """The rows that a chart draws, by name: a specification that held them would be copied with each of its parts."""

    def __init__(self) -> None:
        self.datasets: dict[str, list[Data]] = {}

    def chart(self, name: str, rows: list[Data]) -> alt.Chart:
        """A chart of these rows."""
        self.datasets[name] = rows
        return alt.Chart(alt.NamedData(name))


def hidden(title: str | None = None, **more: Any) -> alt.Axis:  # noqa: ANN401 - what an axis takes
    """An axis of words alone."""
    return alt.Axis(title=title, domain=False, ticks=False, grid=False, **more)


def linked(chart: alt.Chart) -> alt.Chart:
    """A mark that leads to the `link` of its row and is called by its `told`."""
    return chart.encode(href="link:N", description="told:N")
