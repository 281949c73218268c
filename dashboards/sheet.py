"""Where panels lie: from left to right, line by line, on the 24 columns of a board."""

from grafana_foundation_sdk.models.dashboard import GridPos, Panel, RowPanel

COLUMNS = 24


class Sheet:
    """The panels of one board as they are put down; ids count from 1 and so stay as long as the order does."""

    def __init__(self) -> None:
        self.panels: list[Panel | RowPanel] = []
        self._x = self._top = self._bottom = 0

    def row(self, title: str) -> None:
        """Begin a part under a heading of its own."""
        self._break()
        self.panels.append(
            RowPanel(title=title, id_val=len(self.panels) + 1, grid_pos=GridPos(1, COLUMNS, 0, self._top))
        )
        self._top = self._bottom = self._top + 1

    def put(self, panel: Panel, width: int, height: int) -> None:
        """Put a panel beside the last one, or on the next line where it has no room."""
        if self._x + width > COLUMNS:
            self._break()
        self.at(panel, GridPos(height, width, self._x, 0))
        self._x += width

    def at(self, panel: Panel, place: GridPos) -> None:
        """Put a panel anywhere below the top of this line."""
        panel.id_val = len(self.panels) + 1
        panel.grid_pos = GridPos(place.h, place.w, place.x, self._top + place.y)
        self._bottom = max(self._bottom, self._top + place.y + place.h)
        self.panels.append(panel)

    def line(self) -> None:
        """Go on below all that was put down."""
        self._break()

    def _break(self) -> None:
        self._x, self._top = 0, self._bottom
