"""The cable between worker and broker is cut and mended: a network namespace, which only root may make."""

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flow import Flow, await_all, wait_for
from sender import Sender
from shipped import ShippedBroker
from workers import running

from ingest.options import IngestOptions
from store.influx import InfluxStore

pytestmark = [
    pytest.mark.broker,
    pytest.mark.influx,
    pytest.mark.skipif(os.geteuid() != 0, reason="a network namespace needs root, which CI has"),
]


@dataclass(frozen=True)
class Cable:
    """The machine at its other end is a namespace.

    Attributes:
        name: of the namespace; the ends are its name with a and b.
        here: the address of this machine.
        there: that of the other.
    """

    name: str
    here: str
    there: str

    def lay(self) -> None:
        """Make the namespace and both ends."""
        _ip(f"netns add {self.name}")
        _ip(f"link add {self.name}a type veth peer name {self.name}b")
        _ip(f"link set {self.name}b netns {self.name}")
        _ip(f"addr add {self.here}/30 dev {self.name}a")
        _ip(f"link set {self.name}a up")
        for command in (f"addr add {self.there}/30 dev {self.name}b", f"link set {self.name}b up", "link set lo up"):
            _ip(f"-n {self.name} {command}")

    def cut(self) -> None:
        """Nothing passes; neither end is told."""
        _ip(f"-n {self.name} link set {self.name}b down")

    def mend(self) -> None:
        """All passes again."""
        _ip(f"-n {self.name} link set {self.name}b up")

    def remove(self) -> None:
        """The ends go with the namespace."""
        _ip(f"netns del {self.name}")


def _ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True)


@pytest.fixture
def cable() -> Iterator[Cable]:
    number = os.getpid() % 16_000 * 4
    net = f"10.{192 + number // 65_536 % 64}.{number // 256 % 256}"
    laid = Cable(f"rd{os.getpid()}", f"{net}.{number % 256 + 1}", f"{net}.{number % 256 + 2}")
    laid.lay()
    yield laid
    laid.remove()


@pytest.fixture
def broker(cable: Cable, tmp_path: Path) -> Iterator[ShippedBroker]:
    """At the other end of the cable, and on that machine's own loopback for its factories."""
    own = ShippedBroker(tmp_path / "broker", bind="0.0.0.0", host=cable.there, netns=cable.name)
    own.start()
    yield own
    own.stop()


@pytest.mark.parametrize(
    ("cuts", "cut_s", "count"),
    [pytest.param(1, 4, 2_000, id="short"), pytest.param(5, 20, 50_000, id="long", marks=pytest.mark.chaos)],
)
def test_network_cut_between_worker_and_broker_loses_nothing(
    flow: Flow, cable: Cable, broker: ShippedBroker, store: InfluxStore, cuts: int, cut_s: float, count: int
) -> None:
    """The worker notices by its keepalive of 2 s, though no socket tells it anything."""
    options = IngestOptions(
        host=cable.there, port=broker.port, worker="ingest-1", linger_s=0.02, receive_maximum=500, keepalive_s=2
    )
    sender = Sender(broker.port, host=cable.there)
    with running(store, options) as worker:
        sending = threading.Thread(target=sender.send, args=(flow.messages(0, count),))
        sending.start()
        for cut in range(cuts):
            wait_for(lambda: worker.state.subscribed, "the worker is subscribed")
            time.sleep(0.2)
            cable.cut()
            wait_for(lambda: not worker.state.connected, "the worker has noticed")
            assert worker.state.trouble
            time.sleep(cut_s)
            cable.mend()
            wait_for(lambda cut=cut: worker.state.counters["connections"] >= cut + 2, "the worker is back")
        sending.join()
        await_all(flow, store, sender, count, repeated=cuts * 500)
        assert worker.state.counters["sessions_lost"] == 0
    sender.close()
