"""The order of acknowledgement: that of arrival, whatever becomes durable first."""

from collections import deque
from collections.abc import Iterable

from ingest.arrival import Arrival


class Order:
    """Messages that are taken and not acknowledged yet, oldest first."""

    def __init__(self) -> None:
        self._taken: deque[Arrival] = deque()
        self._done: set[int] = set()  # by identity, since a message that came twice is two

    @property
    def oldest(self) -> Arrival | None:
        """The message that all others wait for."""
        return self._taken[0] if self._taken else None

    def take(self, messages: Iterable[Arrival]) -> None:
        """Messages that arrived after all that were taken before."""
        self._taken.extend(messages)

    def done(self, messages: Iterable[Arrival]) -> list[Arrival]:
        """Those that may be acknowledged now that these are durable: all before which none is missing."""
        self._done.update(map(id, messages))
        ended: list[Arrival] = []
        while self._taken and id(self._taken[0]) in self._done:
            ended.append(self._taken.popleft())
        self._done.difference_update(map(id, ended))
        return ended
