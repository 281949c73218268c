from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paho.mqtt.client import Client, MQTTMessage, MQTTv5, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from ingest.packets import MalformedPacketError, PacketReader, pubacks

PINGRESP, SUBACK = b"\xd0\x00", b"\x90\x04\x00\x01\x00\x01"
Message = tuple[str, bytes, int, int, bool, list[tuple[str, str]]]  # topic, payload, qos, mid, dup, user properties


class Stream:
    """A socket that holds what has come."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def recv(self, size: int) -> bytes:
        if not self.data:
            raise BlockingIOError
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def close(self) -> None:
        pass


def client(*, five: bool) -> Client:
    return Client(CallbackAPIVersion.VERSION2, protocol=MQTTv5 if five else MQTTv311, manual_ack=True)


def written(*, five: bool, messages: Iterable[Message]) -> list[bytes]:
    """The packets as paho writes them."""
    packets: list[bytes] = []
    writer = client(five=five)
    writer._sock = Stream(b"")
    writer._packet_queue = lambda _command, packet, *_: packets.append(bytes(packet))  # type: ignore[method-assign]
    for topic, payload, qos, mid, dup, told in messages:
        properties = Properties(PacketTypes.PUBLISH) if told and five else None
        if properties is not None:
            properties.UserProperty = told
        writer._send_publish(mid, topic.encode(), payload, qos, False, dup and qos > 0, properties=properties)
    writer._sock = None
    return packets


def read_by_paho(*, five: bool, data: bytes) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    reader, stream = client(five=five), Stream(data)
    reader._sock = stream

    def hear(_client: Client, _data: object, message: MQTTMessage) -> None:
        found.append((message.topic, message.payload, message.mid, message.dup))

    reader.on_message = hear
    while stream.data:
        assert reader.loop_read() == 0
    reader._sock = None
    return found


messages = st.tuples(
    st.text(st.characters(exclude_characters="\0#+", exclude_categories=["Cs"]), min_size=1, max_size=200),
    st.binary(max_size=300) | st.binary(min_size=1, max_size=3).map(lambda each: each * 7000),
    st.integers(0, 1),
    st.integers(1, 65_535),
    st.booleans(),
    st.lists(st.tuples(st.text("ab", max_size=90), st.text("ab", max_size=90)), max_size=2),
)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["5", "3.1.1"]),
    st.lists(messages, max_size=6),
    st.lists(st.integers(1, 400), min_size=1),
    st.data(),
)
def test_feed_agrees_with_paho(version: str, sent: list[Message], sizes: list[int], data: st.DataObject) -> None:
    five = version == "5"
    packets = written(five=five, messages=sent)
    others = data.draw(st.lists(st.sampled_from([PINGRESP, SUBACK]), max_size=3))
    for other in others:
        packets.insert(data.draw(st.integers(0, len(packets))), other)
    stream, reader = b"".join(packets), PacketReader(five=five, generation=7)
    arrivals, rest, at, turn = [], b"", 0, 0
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        came, other_packets = reader.feed(stream[at : at + size], 5, 1.0)
        arrivals, rest, at, turn = arrivals + came, rest + other_packets, at + size, turn + 1
    expected = read_by_paho(five=five, data=b"".join(written(five=five, messages=sent)))
    assert [(each.topic, each.payload, each.mid, each.dup) for each in arrivals] == expected
    assert all((each.arrived_ns, each.generation, each.received_s) == (5, 7, 1.0) for each in arrivals)
    assert sorted(rest) == sorted(b"".join(others))


MALFORMED = {
    "3.1.1": [
        b"\x30\x00", b"\x30\x01\x00", b"\x30\x03\x00\x02a", b"\x32\x03\x00\x01a", b"\x32\x05\x00\x01a\x00\x00",
        b"\x34\x05\x00\x01a\x00\x01", b"\x30\xff\xff\xff\xff",
    ],
    "5": [
        b"\x30\x03\x00\x01a", b"\x30\x04\x00\x01a\x01", b"\x30\x05\x00\x01a\x80\x80",
        b"\x36\x06\x00\x01a\x00\x01\x00",
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("version", "packet"), [(version, each) for version in MALFORMED for each in MALFORMED[version]]
)
def test_feed_of_a_malformed_packet_is_an_error(version: str, packet: bytes) -> None:
    with pytest.raises(MalformedPacketError):
        PacketReader(five=version == "5", generation=0).feed(packet, 0, 0.0)


def test_feed_of_a_topic_that_is_no_text_gives_an_empty_one() -> None:
    arrivals, _ = PacketReader(five=False, generation=0).feed(b"\x30\x05\x00\x02\xff\xfeX", 0, 0.0)
    assert [(each.topic, each.payload) for each in arrivals] == [("", b"X")]


def test_pubacks_are_those_of_paho() -> None:
    packets: list[bytes] = []
    writer = client(five=True)
    writer._packet_queue = lambda _command, packet, *_: packets.append(bytes(packet))  # type: ignore[method-assign]
    for mid in (1, 255, 256, 65_535):
        writer._send_puback(mid)
    assert pubacks([1, 255, 256, 65_535]) == b"".join(packets)
