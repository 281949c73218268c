"""The part of a board that a token can fill: what asks another database would only show an error."""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from dashboards.provisioning.checked_in import databases
from dashboards.provisioning.organisation import Json


def readable_part(board: Json, readable: AbstractSet[str]) -> Json | None:
    """The board with the panels that ask nothing else; None where a variable does, or where nothing is left to show.

    Args:
        board: every statement names its database.
        readable: databases that the token reads.
    """
    frame = {key: each for key, each in board.items() if key != "panels"}
    panels = [panel for panel in board["panels"] if databases(panel) <= readable]
    shows = any(databases(panel) for panel in panels)
    return {**frame, "panels": list(_filled(panels))} if shows and databases(frame) <= readable else None


def _filled(panels: Sequence[Json]) -> Iterator[Json]:
    """Without rows that have lost every panel."""
    for panel, after in zip(panels, [*panels[1:], None], strict=True):
        empty = after is None or after["type"] == "row"
        if panel["type"] != "row" or not empty:
            yield panel
