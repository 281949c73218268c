"""PUBLISH packets cut from the bytes of a connection, and the PUBACKs that answer them. No I/O.

paho reads byte by byte and builds an object full of dictionaries for every message of MQTT 5. Here a message costs a
few slices: only topic, payload and packet identifier are kept. Every other packet is handed on as it came.
"""

from collections.abc import Iterable
from typing import Final

from ingest.arrival import Arrival

_PUBLISH: Final = 0x30
_KIND: Final = 0xF0
_DUP: Final = 0x08
_QOS: Final = 0x06
_QOS_1: Final = 0x02
_TOPICS_KEPT: Final = 65_536


class MalformedPacketError(Exception):
    """The broker breaks the protocol: the connection must be closed."""


class PacketReader:
    """The bytes of one connection, in whatever pieces they come.

    Args:
        five: MQTT 5, whose packets carry properties; else 3.1.1.
        generation: of the connection, told in each arrival.
    """

    def __init__(self, *, five: bool, generation: int) -> None:
        self._five = five
        self._generation = generation
        self._rest = b""
        self._topics: dict[bytes, str] = {}

    def feed(self, data: bytes, arrived_ns: int, received_s: float) -> tuple[list[Arrival], bytes]:
        """The messages that these bytes complete, and the other whole packets as they came.

        Args:
            data: what was received.
            arrived_ns: the wall clock when it was.
            received_s: the monotonic clock when it was.

        Raises:
            MalformedPacketError: what comes is no MQTT, or not what we subscribed to.
        """
        data = self._rest + data if self._rest else data
        arrivals: list[Arrival] = []
        others: list[bytes] = []
        start, end = 0, len(data)
        while end - start >= 2:
            length, body = data[start + 1], start + 2
            if length >= 0x80:
                found = _long_length(data, start + 1)
                if found is None:
                    break
                length, body = found
            stop = body + length
            if stop > end:
                break
            head = data[start]
            if head & _KIND == _PUBLISH:
                arrivals.append(self._arrival(data, head, body, stop, arrived_ns, received_s))
            else:
                others.append(data[start:stop])
            start = stop
        self._rest = data[start:]
        return arrivals, b"".join(others)

    def _arrival(self, data: bytes, head: int, body: int, stop: int, arrived_ns: int, received_s: float) -> Arrival:
        """The message of one packet: topic, packet identifier at QoS 1, properties in MQTT 5, payload."""
        if stop - body < 2:
            raise MalformedPacketError("a message without a topic")
        named = body + 2 + (data[body] << 8 | data[body + 1])
        mid, payload = 0, named
        if head & _QOS:
            payload += 2
            mid = data[named] << 8 | data[named + 1] if payload <= stop else 0
            if not mid or head & _QOS != _QOS_1:
                raise MalformedPacketError("a message of another quality than was subscribed to, or without its number")
        if self._five and payload < stop:
            payload = _after_properties(data, payload, stop)
        elif self._five or payload > stop:  # no room for the properties, or for what comes before
            payload = stop + 1
        if payload > stop:
            raise MalformedPacketError("a message that is shorter than its parts")
        name = data[body + 2 : named]
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topic(name)
        return Arrival(topic, data[payload:stop], arrived_ns, head & _DUP > 0, mid, self._generation, received_s)

    def _topic(self, name: bytes) -> str:
        """A topic as text, the same object each time it comes; empty where it is not UTF-8."""
        try:
            topic = name.decode()
        except UnicodeDecodeError:
            topic = ""
        if len(self._topics) >= _TOPICS_KEPT:
            self._topics.clear()
        self._topics[name] = topic
        return topic


def _long_length(data: bytes, at: int) -> tuple[int, int] | None:
    """A length of more than one byte, and where it ends; None where it has not all come."""
    length = shift = 0
    for position in range(at, min(at + 4, len(data))):
        length |= (data[position] & 0x7F) << shift
        if data[position] < 0x80:
            return length, position + 1
        shift += 7
    if len(data) - at >= 4:
        raise MalformedPacketError("a length of more than four bytes")
    return None


def _after_properties(data: bytes, at: int, stop: int) -> int:
    if at < stop and data[at] < 0x80:
        return at + 1 + data[at]
    found = _long_length(data[:stop], at)
    if found is None:
        raise MalformedPacketError("a message that ends within its properties")
    return found[0] + found[1]


def pubacks(mids: Iterable[int]) -> bytes:
    """The acknowledgements of packets, in this order."""
    return b"".join([b"@\x02%c%c" % divmod(mid, 256) for mid in mids])
