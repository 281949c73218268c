"""The part of the city that speaks Sparkplug: some factories, each with an edge node of its own."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from simulators.edge_node import EdgeNode
from simulators.gateway import NODE_METRICS, Gateway
from simulators.message import Message

EVERY: Final = 4  # each 4th factory
MOST: Final = 40  # each has a connection of its own
_NODE: Final = "gateway"


class Plants:
    """Gateways by factory, connected when they first have something to say.

    Args:
        where: host, port, protocol, username and password of the broker.
        now_ms: the clock.
        stop: ends waiting for the broker.
    """

    def __init__(
        self,
        where: tuple[str, int, str, str | None, str | None],
        *,
        now_ms: Callable[[], int],
        stop: threading.Event,
    ) -> None:
        self._where, self._now_ms, self._stop = where, now_ms, stop
        self._nodes: dict[int, EdgeNode] = {}
        self._gateways: dict[int, Gateway] = {}

    def say(self, message: Message) -> Message | None:
        """Let a gateway say what it can, and hand back what is left for JSON."""
        if not speaks(message.factory):
            return message
        if message.factory not in self._gateways and not self._connect(message.factory):
            return None
        return self._gateways[message.factory].say(message)

    def _connect(self, factory: int) -> bool:
        node = EdgeNode(_id(factory), _NODE, NODE_METRICS, now_ms=self._now_ms, stop=self._stop)
        node.start(*self._where)
        self._nodes[factory] = node
        self._gateways[factory] = Gateway(node, self._now_ms)
        return node.await_up()

    def close(self) -> None:
        """Let every edge node die."""
        for node in self._nodes.values():
            node.close()


def speaks(factory: int) -> bool:
    """Whether a factory, by its place in the city, has a Sparkplug gateway."""
    return factory % EVERY == 0 and factory < EVERY * MOST


def registered(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """A factory's registration with its edge node."""
    factory = int(body["factory"][1:]) - 1
    return {**body, "edge_nodes": [f"{_id(factory)}/{_NODE}"]} if speaks(factory) else body


def _id(factory: int) -> str:
    return f"F{factory + 1:05d}"
