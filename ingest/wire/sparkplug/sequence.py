"""The count of an edge node's messages: what is out of order waits a bounded time, and what never comes is missing.

All messages of an edge node and of the devices behind it share one count, 0 to 255 and then 0 again. Gateways in the
field repeat numbers, so nothing is ever dropped for its number.
"""

from typing import Final, Generic, NamedTuple, TypeVar

from ingest.wire.sparkplug.payloads import SEQUENCE

REORDER_S: Final = 5.0
MOST_HELD: Final = 64
_LATE: Final = 16  # so far behind is late or sent twice; farther behind is far ahead, since the count wraps

Item = TypeVar("Item")


class Turn(NamedTuple, Generic[Item]):
    """A message whose turn it is.

    Attributes:
        place: how many messages of the session came or should have come before it, which never wraps; None of a
            message that came late or bears the number of another one.
        item: the message.
    """

    place: int | None
    item: Item


class Sequence(Generic[Item]):
    """One edge node's count.

    Attributes:
        count: how many messages of the session came, or should have come.
        expected: the next number; None before the first message and after a death.
        missing: how many numbers never came, modulo 256 in each gap.
        due_s: when what is held is given up; None while nothing is held.
    """

    def __init__(self, *, reorder_s: float = REORDER_S) -> None:
        self.expected: int | None = None
        self.count = 0
        self.missing = 0
        self.due_s: float | None = None
        self._reorder_s = reorder_s
        self._held: dict[int, list[Item]] = {}

    def begin(self, number: int) -> None:
        """Start with a birth, whatever its number."""
        self.expected = (number + 1) % SEQUENCE
        self.count = 1

    def stop(self) -> None:
        """Expect nothing any more: the next message may bear any number."""
        self.expected = None

    def place(self, number: int, item: Item, now_s: float, *, may_wait: bool = True) -> list[Turn[Item]]:
        """Take a message and return what is in its turn now, which may be none or several."""
        if self.expected is None:
            self.expected = number
        ahead = self._ahead(number)
        if ahead >= SEQUENCE - _LATE:
            return [Turn(None, item)]
        self._held.setdefault(number, []).append(item)
        if ahead and not (may_wait and len(self._held) <= MOST_HELD):
            return self.give_up()
        ready = self._following()
        self._wait(now_s)
        return ready

    def expire(self, now_s: float) -> list[Turn[Item]]:
        """What has waited long enough."""
        return self.give_up() if self.due_s is not None and now_s >= self.due_s else []

    def give_up(self) -> list[Turn[Item]]:
        """Wait no more: count the numbers that did not come as missing, and return all that is held in its order."""
        ready: list[Turn[Item]] = []
        while self._held:
            number = min(self._held, key=self._ahead)
            self.missing += self._ahead(number)
            self.count += self._ahead(number)
            self.expected = number
            ready += self._following()
        self.due_s = None
        return ready

    def take_all(self) -> list[tuple[int, Item]]:
        """What is held with its numbers, in order, no longer held."""
        held = [(number, item) for number in sorted(self._held, key=self._ahead) for item in self._held[number]]
        self._held, self.due_s = {}, None
        return held

    def _ahead(self, number: int) -> int:
        return (number - (self.expected or 0)) % SEQUENCE

    def _following(self) -> list[Turn[Item]]:
        ready: list[Turn[Item]] = []
        while self.expected in self._held:
            first, *others = self._held.pop(self.expected)
            ready += [Turn(self.count, first), *(Turn(None, other) for other in others)]
            self.expected = (self.expected + 1) % SEQUENCE
            self.count += 1
        return ready

    def _wait(self, now_s: float) -> None:
        if not self._held:
            self.due_s = None
        elif self.due_s is None:
            self.due_s = now_s + self._reorder_s
