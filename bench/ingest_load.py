"""Status messages queued at a broker for clients that are away, as fast as it takes them."""

import json
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ingest.wire.topics import report_topic

FACTORIES = 200
_ROBOTS = 25  # of each factory, or as many as a message has
_WINDOW = 500
_CONNECT = b"\x00\x04MQTT\x04\x02\x00\x3c\x00\x04load"


@dataclass(frozen=True)
class Load:
    """So many status messages, each of as many robots; no two samples are of one robot and time."""

    messages: int
    robots: int

    @property
    def samples(self) -> int:
        """How many points they make."""
        return self.messages * self.robots

    def payloads(self) -> Iterator[tuple[str, bytes]]:
        """Factory and payload of each message, as gateways write them."""
        began = datetime.now(UTC) - timedelta(days=1)
        for number in range(self.messages):
            round_, factory = divmod(number, FACTORIES)
            at = (began + timedelta(seconds=round_)).isoformat(timespec="seconds")
            first = round_ * self.robots
            fleet = max(_ROBOTS, self.robots)
            robots = [_sample((first + each) % fleet, round_) for each in range(self.robots)]
            payload = json.dumps({"at": at, "robots": robots}, separators=(",", ":")).encode()
            yield f"F{factory:05}", payload


def _sample(robot: int, number: int) -> dict[str, object]:
    return {
        "robot": f"R-{robot:04}",
        "state": ("executing", "ready", "idle", "fault")[(robot + number) % 4],
        "mode": "automatic",
        "power_on_hours": 1000 + number / 4,
        "energy_kwh": 80.5 + number,
        "fault_code": None,
    }


def publish(load: Load, port: int) -> None:
    """Publish at QoS 1 and wait for every acknowledgement; the packets are our own, since a client would be slower."""
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.sendall(_packet(0x10, _CONNECT))
        _receive(sock, 4)
        window: list[bytes] = []
        for number, (factory, payload) in enumerate(load.payloads()):
            topic = report_topic(factory, "status").encode()
            head = struct.pack("!H", len(topic)) + topic + struct.pack("!H", number % 65_535 + 1)
            window.append(_packet(0x32, head + payload))
            if len(window) == _WINDOW:
                _exchange(sock, window)
        _exchange(sock, window)


def _exchange(sock: socket.socket, window: list[bytes]) -> None:
    sock.sendall(b"".join(window))
    _receive(sock, 4 * len(window))
    window.clear()


def _receive(sock: socket.socket, count: int) -> None:
    while count:
        data = sock.recv(count)
        if not data:
            raise RuntimeError("The broker closed the connection of the load generator: look into its log.")
        count -= len(data)


def _packet(head: int, body: bytes) -> bytes:
    length, rest = bytearray(), len(body)
    while True:
        rest, digit = divmod(rest, 128)
        length.append(digit | 0x80 if rest else digit)
        if not rest:
            return bytes([head, *length]) + body
