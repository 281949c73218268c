"""Asking edge nodes for their births again: seldom, and not all at once.

A whole plant may lack its births at one moment, as after a restart of the platform. So each request waits a random
time, and of an edge node at most one goes out in 30 seconds, whatever the reasons.
"""

from collections.abc import Callable
from typing import Final

from ingest.wire.sparkplug.datatypes import DataType
from ingest.wire.sparkplug.payloads import Metric, Payload, encode_payload
from ingest.wire.sparkplug.topics import MessageType, SparkplugTopic

INTERVAL_S: Final = 30.0
JITTER_S: Final = 5.0
CONTROL: Final = "Node Control/Rebirth"  # by name: the specification forbids an alias for it


class Rebirths:
    """Requests that wait for their time.

    Args:
        draw: a random number from 0 to 1.
    """

    def __init__(self, draw: Callable[[], float]) -> None:
        self.requested = self.suppressed = 0
        self._draw = draw
        self._due_s: dict[str, float] = {}
        self._next_s: dict[str, float] = {}

    def want(self, edge_node: str, now_s: float) -> None:
        """Ask an edge node for its births, unless that was done or is about to be."""
        if edge_node in self._due_s or now_s < self._next_s.get(edge_node, now_s):
            self.suppressed += 1
            return
        self._due_s[edge_node] = now_s + JITTER_S * self._draw()

    def born(self, edge_node: str) -> None:
        """Ask no more: the births have come."""
        self._due_s.pop(edge_node, None)

    def due(self, now_s: float) -> list[str]:
        """The edge nodes that are to be asked now."""
        nodes = [node for node, due_s in self._due_s.items() if due_s <= now_s]
        if nodes:
            self._next_s = {node: next_s for node, next_s in self._next_s.items() if next_s > now_s}
        for node in nodes:
            del self._due_s[node]
            self._next_s[node] = now_s + INTERVAL_S
        self.requested += len(nodes)
        return nodes

    @property
    def due_s(self) -> float | None:
        """When the next request goes out; None while none waits."""
        return min(self._due_s.values(), default=None)


def rebirth_request(edge_node: str, now_ms: int) -> tuple[str, bytes]:
    """Topic and payload that ask an edge node for its births."""
    group, _, node = edge_node.partition("/")
    control = Metric(CONTROL, value=True, datatype=DataType.BOOLEAN, timestamp_ms=now_ms)
    topic = SparkplugTopic(MessageType.NCMD, group, node)
    return str(topic), encode_payload(Payload((control,), timestamp_ms=now_ms))
