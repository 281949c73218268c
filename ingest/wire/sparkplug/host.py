"""Every edge node that is heard of, within bounds: of too many the longest silent is forgotten."""

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from ingest.wire.sparkplug.edge_node import EdgeNode, Heard, Told
from ingest.wire.sparkplug.sequence import REORDER_S

MOST_NODES: Final = 20_000
MOST_METRICS: Final = 1_000_000
MOST_HELD_BYTES: Final = 16 * 1024 * 1024


class Host:
    """The edge nodes by name.

    Args:
        reorder_s: how long a message waits for those before it.
        most_nodes: so many are remembered.
        most_metrics: with so many metrics in all.
    """

    def __init__(
        self, *, reorder_s: float = REORDER_S, most_nodes: int = MOST_NODES, most_metrics: int = MOST_METRICS
    ) -> None:
        self.nodes: OrderedDict[str, EdgeNode] = OrderedDict()
        self.forgotten: list[str] = []
        self._reorder_s, self._most_nodes, self._most_metrics = reorder_s, most_nodes, most_metrics
        self._metrics: dict[str, int] = {}
        self._total = 0
        self._held: dict[str, int] = {}

    def take(self, told: Told, now_s: float) -> list[Heard]:
        """Take a message and return those of its edge node whose turn it is."""
        node = self.node(told.topic.edge_node)
        if sum(self._held.values()) + told.size > MOST_HELD_BYTES:
            told = Told(told.topic, told.payload, told.origin, told.size, may_wait=False)
        heard = node.take(told, now_s)
        self._note(node, told.size)
        return heard

    def node(self, name: str) -> EdgeNode:
        """An edge node, new where it is not known; the one heard of last."""
        node = self.nodes.get(name)
        if node is None:
            node = self.nodes[name] = EdgeNode(name, reorder_s=self._reorder_s)
        self.nodes.move_to_end(name)
        return node

    def remember(self, node: EdgeNode) -> None:
        """Take in an edge node as it was before."""
        self.nodes[node.name] = node
        self._note(node, 0)

    @property
    def due_s(self) -> float | None:
        """When the next held message is given up; None while none is held."""
        return min((due for name in self._held if (due := self.nodes[name].sequence.due_s) is not None), default=None)

    @property
    def held_nodes(self) -> int:
        """How many edge nodes have messages that wait."""
        return len(self._held)

    def expire(self, now_s: float) -> list[Heard]:
        """Messages that have waited long enough."""
        return [heard for node in self._waiting() for heard in node.expire(now_s)]

    def release(self) -> list[Heard]:
        """Every message that waits."""
        return [heard for node in self._waiting() for heard in node.release()]

    def _waiting(self) -> Iterator[EdgeNode]:
        for name in list(self._held):
            yield self.nodes[name]
            self._note(self.nodes[name], 0)

    def _note(self, node: EdgeNode, size: int) -> None:
        """Keep the sums, and forget the longest silent where they are too high."""
        if node.sequence.due_s is None:
            self._held.pop(node.name, None)
        else:
            self._held[node.name] = self._held.get(node.name, 0) + size
        self._total += node.metrics - self._metrics.get(node.name, 0)
        self._metrics[node.name] = node.metrics
        while len(self.nodes) > self._most_nodes or (self._total > self._most_metrics and len(self.nodes) > 1):
            self._forget()

    def _forget(self) -> None:
        name, _ = self.nodes.popitem(last=False)
        self._total -= self._metrics.pop(name, 0)
        self._held.pop(name, None)
        self.forgotten.append(name)
