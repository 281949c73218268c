"""How an organisation starts: on its own board, in Shanghai's time."""

from dashboards.provisioning.organisation import Json
from dashboards.uids import Board, board_uid


def preferences(home: Board) -> Json:
    """A browser in New York sees Shanghai's days, and the board in Chinese first."""
    return {"homeDashboardUID": board_uid(home, "zh"), "timezone": "Asia/Shanghai"}
