"""What officials said to alerts, in memory by alert, as the ledger tells it."""

from collections.abc import Iterable, Mapping
from typing import Any

Note = Mapping[str, Any]

_SAID = ("action", "who", "why", "until_day")


class Notes:
    """Notes by alert, in the order of their stamps; rows are as in the schema."""

    def __init__(self) -> None:
        self._notes: dict[str, dict[tuple[int, str], Note]] = {}

    def take(self, rows: Iterable[Note]) -> None:
        """Take stamped notes in; taking one twice changes nothing."""
        for row in rows:
            mine = {**self._notes.get(row["alert"], {}), (row["time"], row["writer"]): row}
            self._notes[row["alert"]] = dict(sorted(mine.items()))

    def of(self, alert: str) -> list[Note]:
        """The notes on an alert, the oldest first."""
        return list(self._notes.get(alert, {}).values())

    def repeats(self, note: Note) -> bool:
        """Whether a note says what the newest one of its action on the alert says already."""
        same = [each for each in self.of(note["alert"]) if each["action"] == note["action"]]
        return bool(same) and all(same[-1][name] == note[name] for name in _SAID)
