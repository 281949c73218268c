"""What is sent in a stretch of time, and the messages that carry it."""

from dataclasses import dataclass
from typing import Final

from simulators.calendar import Bools, Ints


@dataclass(frozen=True)
class Window:
    """From when (exclusive) until when (inclusive) things that fall due are sent, ms."""

    after: int
    through: int

    def holds(self, due: Ints) -> Bools:
        """Which instants lie inside."""
        return (due > self.after) & (due <= self.through)


BEGINNING: Final = -(2**62)


@dataclass(frozen=True)
class Message:
    """What one factory publishes at once.

    Attributes:
        factory: index of the factory.
        kind: of the contract.
        body: the payload's JSON object without its opening brace.
        items: how many the platform counts in it.
    """

    factory: int
    kind: str
    body: str
    items: int
