"""The chart of a factory."""

from api.board.charting.targets import LOW, sized
from api.board.numbers import count
from api.board.pages.frame import Chart, Found
from api.board.texts import Texts


def factory_charts(found: Found, _: Texts) -> dict[str, Chart]:
    """The course of its stock."""
    points = [
        {"day": each["day"].isoformat(), "value": each["stock"]}
        for each in found.facts["trend"]
        if each["stock"] is not None
    ]
    if not points:
        return {}
    points[-1]["text"] = count(points[-1]["value"])
    chart = {"kind": "trend", "low": None, "actual": points, "planned": [], "beside": [], "published": None}
    return sized("stock", chart, LOW)
