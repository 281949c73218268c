"""The charts of a district, zone or park."""

from api.board.charting.city import industry_charts
from api.board.charting.targets import target_charts
from api.board.pages.frame import Chart, Found
from api.board.texts import Texts


def place_charts(found: Found, texts: Texts) -> dict[str, Chart]:
    """Every chart of the page."""
    return {**target_charts(found, texts), **industry_charts(found, texts)}
