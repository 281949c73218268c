"""How far the figures are behind the reports."""

from collections import deque
from collections.abc import Mapping
from typing import Final

_REMEMBERED: Final = 10_000


class Backlog:
    """Remembers the marks that it saw and that the rollup has not taken yet."""

    def __init__(self) -> None:
        self._due: dict[str, deque[int]] = {}

    def age_s(self, marks: Mapping[str, int], taken: Mapping[str, int], now_ns: int) -> float:
        """The age of the oldest mark seen that is not in the figures [s]; 0 where all are.

        Args:
            marks: through which stamp each writer's reports are durable.
            taken: through which stamp they are in the figures.
            now_ns: the time of now.
        """
        for writer, through in marks.items():
            due = self._due.setdefault(writer, deque(maxlen=_REMEMBERED))
            if not due or through > due[-1]:
                due.append(through)
            while due and due[0] <= taken.get(writer, 0):
                due.popleft()
        oldest = min((due[0] for due in self._due.values() if due), default=now_ns)
        return max(0.0, (now_ns - oldest) / 1e9)
