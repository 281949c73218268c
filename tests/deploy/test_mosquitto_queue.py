"""What mosquitto keeps for a subscriber that is away, with its defaults, as shipped, and as `up` starts it."""

import getpass
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from sender import Sender
from services import free_port, listens, spawn, stop, wait_until
from shipped import CONF, ShippedBroker
from workers import wait_for

from ingest.options import IngestOptions
from robodensity.settings import Settings
from robodensity.up import broker as broker_of_up
from robodensity.up import children
from robodensity.vitals.broker import BrokerWatch

pytestmark = pytest.mark.broker

PUBLISHED = 5_000
TOPIC = "robodensity/v1/F00042/inventory"


@contextmanager
def default_broker(folder: Path) -> Iterator[int]:
    port, conf = free_port(), folder / "conf"
    conf.write_text(f"user {getpass.getuser()}\nlistener {port} 127.0.0.1\nallow_anonymous true\n")
    process = spawn(["mosquitto", "-c", str(conf)], folder / "log")
    wait_until(lambda: listens(port), process, folder / "log")
    yield port
    stop(process)


@contextmanager
def shipped_broker(folder: Path, more: str = "") -> Iterator[int]:
    server = ShippedBroker(folder / "broker", more)
    server.start()
    yield server.port
    server.stop()


@contextmanager
def generated_broker(folder: Path) -> Iterator[int]:
    running = broker_of_up.start(folder / "broker", free_port())
    yield running.port
    children.stop(running.process)


class Subscriber:
    """A session named like ingest's; what it hears is acknowledged by paho."""

    def __init__(self, port: int) -> None:
        self.heard: list[bytes] = []
        self._granted = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, "keeper", clean_session=False, protocol=MQTTv311)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._granted.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe("robodensity/#", qos=1)
        assert self._granted.wait(10)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.heard.append(message.payload)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def published(port: int, count: int, payload: bytes = b"") -> None:
    sender = Sender(port)
    sender.send((place, (TOPIC, b"%d" % place + payload)) for place in range(count))
    wait_for(sender.settled, "every message is acknowledged")
    sender.close()


def heard_later(port: int) -> list[bytes]:
    """What a subscriber gets that was away while messages were acknowledged; the last one ends it."""
    later = Subscriber(port)
    published(port, 1, b" is the last")
    wait_for(lambda: b"0 is the last" in later.heard, "the last message is heard")
    later.close()
    return later.heard[:-1]


def test_mosquitto_with_its_defaults_loses_what_it_acknowledged(tmp_path: Path) -> None:
    with default_broker(tmp_path) as port:
        Subscriber(port).close()
        published(port, PUBLISHED)
        assert len(heard_later(port)) == 1_000


@pytest.mark.parametrize("started", [shipped_broker, generated_broker])
def test_mosquitto_of_ours_keeps_what_it_acknowledged(started: object, tmp_path: Path) -> None:
    with started(tmp_path) as port:  # type: ignore[operator]
        Subscriber(port).close()
        published(port, PUBLISHED)
        assert heard_later(port) == [b"%d" % place for place in range(PUBLISHED)]


def test_mosquitto_of_ours_drops_above_its_bytes_and_the_watch_tells_it(tmp_path: Path) -> None:
    limit, payload = 200_000, b" " * 995
    more = f"max_queued_bytes {limit}\nsys_interval 1"
    with shipped_broker(tmp_path, more) as port:
        Subscriber(port).close()
        watch, ended = BrokerWatch(IngestOptions(port=port), limit_bytes=limit), threading.Event()
        thread = threading.Thread(target=watch.run, args=(ended,))
        thread.start()
        published(port, 300, payload)
        wait_for(lambda: int(watch.row().get("dropped", 0)) > 90, "the watch tells what was dropped")  # type: ignore[call-overload]
        row = watch.row()
        ended.set()
        thread.join()
        kept = heard_later(port)
    assert 195 <= len(kept) <= 205
    assert row["dropped"] == 300 - len(kept)
    assert row["hours_until_full_known"] is True
    assert float(row["hours_until_full"]) < 0.1  # type: ignore[arg-type]


def test_mosquitto_of_ours_tells_a_sender_of_mqtt_5_alone_what_is_too_large(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * (4 * 1024 * 1024 + 1))
    with shipped_broker(tmp_path) as port:
        said = {}
        for mqtt in ("5", "311"):
            command = ["mosquitto_pub", "-V", mqtt, "-q", "1", "-p", str(port), "-t", TOPIC, "-f", str(large)]
            said[mqtt] = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stderr
    assert "too large" in said["5"].lower()
    assert said["311"] == ""


def test_mosquitto_conf_and_the_setting_name_one_limit() -> None:
    limit = int(re.search(r"^max_queued_bytes (\d+)$", CONF, re.MULTILINE)[1])
    assert Settings(_env_file=None).mqtt_queue_bytes == limit
