import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion
from services import MosquittoServer, free_port, listens, spawn, stop, wait_until

from ingest.channel import READ_BYTES
from ingest.link import Link
from ingest.options import IngestOptions
from ingest.options import Protocol as Version

pytestmark = pytest.mark.broker

TOPIC = "robodensity/v1/F1/status"
SECURED = """
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/passwords
cafile {folder}/ca.pem
certfile {folder}/ca.pem
keyfile {folder}/key.pem
"""


@pytest.fixture
def options(mosquitto_server: MosquittoServer, worker_name: str) -> IngestOptions:
    return IngestOptions(port=mosquitto_server.port, worker=worker_name)


@contextmanager
def linked(options: IngestOptions) -> Iterator[Link]:
    link = Link(options, clock_ns=time.time_ns)
    yield link
    link.close()


def pump_until(link: Link, holds: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline_s, (link.trouble, len(link.waiting))
        link.pump(0.01)


def publish(options: IngestOptions, *payloads: bytes, qos: int = 1) -> None:
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect(options.host, options.port)
    client.loop_start()
    for payload in payloads:
        client.publish(TOPIC, payload, qos=qos).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_done_acknowledges_and_the_rest_comes_again(options: IngestOptions, protocol: Version) -> None:
    options = replace(options, protocol=protocol)
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, b"1", b"2", b"3")
        pump_until(link, lambda: len(link.waiting) == 3)
        first = link.take(max_bytes=2)
        assert [message.payload for message in first] == [b"1", b"2"]
        link.done(first)
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed and len(link.waiting) == 1)
        assert [(message.payload, message.dup) for message in link.waiting] == [(b"3", True)]
        link.done(link.take(max_bytes=1))
        assert link.counters.sessions_lost == 0


def test_done_of_an_earlier_connection_acknowledges_nothing(options: IngestOptions) -> None:
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, b"1", b"2")
        pump_until(link, lambda: len(link.waiting) == 2)
        held = link.take(max_bytes=10)
        assert link._channel is not None
        link._channel._sock.shutdown(2)
        pump_until(link, lambda: not link.connected)
        pump_until(link, lambda: link.subscribed and len(link.waiting) == 2)
        link.done(held)
        assert link.in_flight_bytes == 2
    with linked(options) as link:
        pump_until(link, lambda: len(link.waiting) == 2)
        link.done(link.take(max_bytes=10))


def test_take_of_a_message_above_the_size_takes_it_alone(options: IngestOptions) -> None:
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, b"x" * 100, b"y")
        pump_until(link, lambda: len(link.waiting) == 2)
        assert len(link.take(max_bytes=10)) == 1
        assert len(link.take(max_bytes=10)) == 1
        assert link.take(max_bytes=10) == []


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_pump_leaves_the_socket_unread_above_the_byte_bound(options: IngestOptions, protocol: Version) -> None:
    options = replace(options, protocol=protocol, max_bytes=500_000)
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, *[bytes([i]) * 100_000 for i in range(19)])
        pump_until(link, lambda: link.in_flight_bytes >= options.max_bytes)
        for _ in range(20):
            link.pump(0.01)
        assert link.in_flight_bytes <= options.max_bytes + READ_BYTES + 100_000  # one read, and what it completes
        seen = []
        while len(seen) < 19:
            pump_until(link, lambda: bool(link.waiting))
            taken = link.take(max_bytes=100_000)
            seen += [message.payload[0] for message in taken]
            link.done(taken)
        assert seen == list(range(19))
        assert link.in_flight_bytes == 0


def test_pump_tells_the_broker_the_receive_maximum(options: IngestOptions) -> None:
    with linked(replace(options, receive_maximum=4)) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, *[bytes([i]) for i in range(10)])
        pump_until(link, lambda: len(link.waiting) == 4)
        for _ in range(20):
            link.pump(0.01)
        assert len(link.waiting) == 4
        seen: list[int] = []
        while len(seen) < 10:
            pump_until(link, lambda: bool(link.waiting))
            taken = link.take(max_bytes=4)
            seen += [message.payload[0] for message in taken]
            link.done(taken)
        assert seen == list(range(10))


def test_pump_takes_quality_0_without_acknowledging(options: IngestOptions) -> None:
    with linked(options) as link:
        pump_until(link, lambda: link.subscribed)
        publish(options, b"0", qos=0)
        pump_until(link, lambda: len(link.waiting) == 1)
        assert link.waiting[0].mid == 0
        link.done(link.take(max_bytes=1))
        assert link.in_flight_bytes == 0


def test_pump_without_a_broker_says_so_and_goes_on(worker_name: str) -> None:
    with linked(IngestOptions(port=free_port(), worker=worker_name)) as link:
        link.pump(0.01)
        assert link.trouble is not None
        assert "cannot be reached" in link.trouble
        link.pump(0.01)
        assert not link.connected


def test_publish_without_a_broker_is_bounded_and_counted(worker_name: str) -> None:
    with linked(IngestOptions(port=free_port(), worker=worker_name)) as link:
        for _ in range(10_050):
            link.publish("robodensity/v1/F1/verdict", b"{}")
        assert link.counters.verdicts == 10_000
        assert link.counters.verdicts_dropped == 50


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IngestOptions]:
    folder = tmp_path_factory.mktemp("secured")
    run(folder, "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -keyout key.pem -out ca.pem",
        "-addext", "subjectAltName=IP:127.0.0.1")  # fmt: skip
    run(folder, "mosquitto_passwd -b -c passwords ingest-1 right")
    port = free_port()
    (folder / "conf").write_text(SECURED.format(port=port, folder=folder) + f"user {folder.owner()}\n")
    broker = spawn(["mosquitto", "-c", str(folder / "conf")], folder / "log")
    wait_until(lambda: listens(port), broker, folder / "log")
    yield IngestOptions(port=port, username="ingest-1", password="right", tls_ca=folder / "ca.pem")
    stop(broker)


def run(folder: Path, command: str, *more: str) -> None:
    subprocess.run([*command.split(), *more], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_pump_connects_by_tls_and_password(secured: IngestOptions, protocol: Version) -> None:
    with linked(replace(secured, protocol=protocol, worker=f"tls-{protocol}")) as link:
        pump_until(link, lambda: link.subscribed)
        assert link.trouble is None
        assert isinstance(link._channel._sock, ssl.SSLSocket)
        payloads = [bytes([i]) * 50_000 for i in range(10)]
        for payload in payloads:  # back to ourselves, through the buffers of TLS
            link.publish(TOPIC, payload)
        pump_until(link, lambda: len(link.waiting) == 10)
        assert [message.payload for message in link.waiting] == payloads
        link.done(link.take(max_bytes=10**6))


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_pump_with_a_wrong_password_says_so(secured: IngestOptions, protocol: Version) -> None:
    with linked(replace(secured, protocol=protocol, password="wrong")) as link:
        pump_until(link, lambda: link.trouble is not None and "Check the account" in link.trouble)
        assert not link.subscribed


# paho leaves a socket whose handshake failed to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_pump_with_a_foreign_certificate_says_so(secured: IngestOptions, tmp_path: Path) -> None:
    run(tmp_path, "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -keyout key.pem -out ca.pem")
    with linked(replace(secured, tls_ca=tmp_path / "ca.pem")) as link:
        link.pump(0.01)
        assert link.trouble is not None
        assert "CERTIFICATE_VERIFY_FAILED" in link.trouble
