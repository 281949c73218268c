"""Where ingest is measured: a broker and an InfluxDB of their own, and sessions with the same messages queued."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from bench.ingest_load import FACTORIES, Load, publish
from ingest.wire.topics import EVERYTHING
from store.influx import InfluxStore

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from services import InfluxServer, MosquittoServer  # type: ignore[import-not-found]
from workers import register_factories  # type: ignore[import-not-found]

_SERVERS = {"mosquitto", "influxd", "nginx"}


@dataclass(frozen=True)
class Place:
    """Servers that run.

    Attributes:
        broker: mosquitto.
        influx: InfluxDB 1.6 with nginx before it.
    """

    broker: MosquittoServer
    influx: InfluxServer

    def queue(self, load: Load, *sessions: str) -> None:
        """Begin sessions, and have the broker keep the messages for each."""
        for session in sessions:
            _subscribe(self.broker.port, session)
        publish(load, self.broker.port)

    def create(self, database: str) -> None:
        """Make a database for somebody else's points."""
        self._query(f'CREATE DATABASE "{database}"')

    def count(self, database: str) -> int:
        """How many samples a database holds."""
        series = self._query(f'SELECT count(state) FROM "{database}"..robot_status')["results"][0].get("series")
        return int(series[0]["values"][0][1]) if series else 0

    def servers_cpu_s(self) -> dict[str, float]:
        """The processor time that each server has taken."""
        children = [child for child in psutil.Process().children() if child.name() in _SERVERS]
        return {child.name(): child.cpu_times().user + child.cpu_times().system for child in children}

    def _query(self, statement: str) -> Any:  # noqa: ANN401 - JSON
        headers = {"Authorization": f"Token {self.influx.token}"}
        asked = {"q": statement, "epoch": "ns"}
        return httpx.post(f"{self.influx.url}/query", data=asked, headers=headers, timeout=60).json()


@contextmanager
def place(folder: Path) -> Iterator[Place]:
    """Start both servers, with the factories of the load registered."""
    broker, influx = MosquittoServer(folder / "broker"), InfluxServer(folder / "influx")
    broker.start()
    influx.start()
    try:
        store = InfluxStore(influx.url, token=influx.token, flavour="influx1")
        store.prepare(simulated=True)
        register_factories(store, *(f"F{number:05}" for number in range(FACTORIES)))
        store.close()
        yield Place(broker, influx)
    finally:
        influx.stop()
        broker.stop()


def _subscribe(port: int, session: str) -> None:
    granted: list[bool] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id=session, clean_session=False)
    client.on_subscribe = lambda *_: granted.append(True)
    client.on_connect = lambda *_: client.subscribe(EVERYTHING, qos=1)
    client.connect("127.0.0.1", port)
    while not granted:
        client.loop(0.1)
    client.disconnect()
