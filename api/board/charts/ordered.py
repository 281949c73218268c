"""What of the charts whoever orders them has to know, apart from what draws them: that is for another process."""

from collections.abc import Mapping

# The ground of a tile by status; api/static/board.css gives each of these colours its twin in the dark.
GROUNDS: Mapping[str | None, str] = {
    "met": "#cfe5d8", "on_track": "#dce8ee", "at_reference": "#dce8ee", "at_risk": "#f6e6c0",
    "below_reference": "#f6e6c0", "lagging": "#f4d2cb", "missed": "#f4d2cb",
}  # fmt: skip
NO_GROUND = "#edf0f2"

HOST = "https://board.invalid"  # vl-convert completes an address without a host with one of its own


def address(path: str) -> str:
    """A path of the board as a chart takes it."""
    return HOST + path
