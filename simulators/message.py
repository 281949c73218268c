"""One message of a simulated factory before it is numbered."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["status", "lifecycle", "workforce", "inventory", "assessment"]


@dataclass(frozen=True)
class Message:
    """What a factory says.

    Attributes:
        factory: place in the city.
        kind: of the contract.
        body: a JSON object with no `seq` and no `boot`.
        items: how many samples, events, periods or reports it holds.
    """

    factory: int
    kind: Kind
    body: str
    items: int

    def payload(self, *, seq: int, boot: str) -> bytes:
        """The bytes that are published."""
        return f'{{"seq":{seq},"boot":"{boot}",{self.body[1:]}'.encode()


def compact(value: object) -> str:
    """JSON with no blank in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def chunks(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Items in parts of at most a size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
