"""Messages of factories that the register does not know: they wait until it was read after they arrived.

They wait apart, so that whatever else arrived is judged meanwhile. They are few: the broker's window bounds what is
not acknowledged, and nothing that arrived after them is.
"""

from collections.abc import Callable, Sequence

from ingest.arrival import Arrival


class Strangers:
    """Holds messages back from being judged.

    Args:
        knows: whether the register says whose a topic is.
    """

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._asked_s = float("-inf")
        self._waiting: list[Arrival] = []
        self._ready: list[Arrival] = []

    def __len__(self) -> int:
        return len(self._waiting) + len(self._ready)

    @property
    def waiting(self) -> bool:
        """Whether the register is to be read again."""
        return bool(self._waiting)

    @property
    def ready(self) -> bool:
        """Whether some have waited and may be judged."""
        return bool(self._ready)

    def sift(self, messages: Sequence[Arrival]) -> list[Arrival]:
        """Those that may be judged, after the ones that have waited for it; the others wait."""
        found, self._ready = self._ready, []
        strange = {topic for topic in {message.topic for message in messages} if not self._knows(topic)}
        if not strange:
            return [*found, *messages]
        for message in messages:
            waits = message.topic in strange and message.received_s >= self._asked_s
            (self._waiting if waits else found).append(message)
        return found

    def learn(self, asked_s: float) -> None:
        """Let those go on that are known now, and those that arrived before the register was asked.

        Args:
            asked_s: when it was; the monotonic clock.
        """
        self._asked_s = asked_s
        waiting, self._waiting = self._waiting, []
        for message in waiting:
            waits = message.received_s >= asked_s and not self._knows(message.topic)
            (self._waiting if waits else self._ready).append(message)
