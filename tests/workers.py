import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from services import MosquittoServer

from ingest.options import IngestOptions
from ingest.pipeline import Ingest
from ingest.wire.topics import report_topic, verdict_topic
from store.base import Store
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.ledger import LedgerWriter
from store.schema import ACCOUNTING, REGISTRATION, Measurement

PATIENCE_S = 20.0
COUNTS = ["messages", "arrived", "stored", "refused", "redelivered"]


def wait_for(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"still waiting until {what}"
        time.sleep(0.01)


def register_factories(store: Store, *factories: str, credit_code: str | None = None) -> None:
    rows = [{"factory": factory, "name_zh": "厂", "credit_code": credit_code} for factory in factories]
    writer = LedgerWriter(store, "api-1", time.time_ns)
    writer.write(writer.stamp({REGISTRATION: REGISTRATION.frame(rows).drop("time", "writer")}))


def register_nodes(
    store: Store, factory: str, *edge_nodes: str, paths: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    row = {"factory": factory, "name_zh": "厂", "edge_nodes": json.dumps(edge_nodes)}
    rows = [{**row, "metric_paths": json.dumps(paths) if paths else ""}]
    writer = LedgerWriter(store, "api-1", time.time_ns)
    writer.write(writer.stamp({REGISTRATION: REGISTRATION.frame(rows).drop("time", "writer")}))


@contextmanager
def running(store: Store, options: IngestOptions) -> Iterator[Ingest]:
    worker, stop = Ingest(store, options, clock_ns=time.time_ns), threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            worker.run(stop)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        wait_for(lambda: worker.state.subscribed or bool(failures), "the worker is subscribed")
        yield worker
    finally:
        stop.set()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert not failures, failures


class Gateway:
    """A factory's own client, which keeps the verdicts that it hears."""

    def __init__(self, port: int, factory: str) -> None:
        self.factory = factory
        self.verdicts: list[dict[str, Any]] = []
        self._listening = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=uuid.uuid4().hex, protocol=MQTTv311)
        self._client.max_inflight_messages_set(200)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: self._listening.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(verdict_topic(factory), qos=1)
        assert self._listening.wait(PATIENCE_S)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.verdicts.append(json.loads(message.payload))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def report(self, kind: Any, message: object) -> None:
        self.publish(report_topic(self.factory, kind), json.dumps(message).encode())

    def report_all(self, kind: Any, messages: Iterable[object]) -> None:
        topic = report_topic(self.factory, kind)
        payloads = [message if isinstance(message, bytes) else json.dumps(message).encode() for message in messages]
        for sent in [self._client.publish(topic, payload, qos=1) for payload in payloads]:
            sent.wait_for_publish(PATIENCE_S)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "data", telemetry_days=90)
    opened.prepare(simulated=True)
    yield opened
    opened.close()


@pytest.fixture
def worker_name() -> str:
    return f"w-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def options(mosquitto_server: MosquittoServer, worker_name: str) -> IngestOptions:
    return IngestOptions(port=mosquitto_server.port, worker=worker_name, linger_s=0.02)


@pytest.fixture
def gateway(options: IngestOptions) -> Iterator[Gateway]:
    opened = Gateway(options.port, "F00001")
    yield opened
    opened.close()


def all_points(store: Store, measurement: Any) -> pl.DataFrame:
    return store.read(measurement.database, measurement)


def sample(robot: str, at_ms: int, **more: object) -> dict[str, object]:
    return {"robot": robot, "at": at_ms, "state": "executing", **more}


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def sums(store: EmbeddedStore) -> tuple[int, ...]:
    return all_points(store, ACCOUNTING).select(pl.col(COUNTS).sum()).row(0)


class FailingStore:
    """The real store, away for writes until told otherwise."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self.away = threading.Event()
        self.attempts = 0

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        self.attempts += 1
        if self.away.is_set():
            raise StoreUnavailable("The store is away: wait.")
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
