"""A worker that stops, or goes for good: nothing is lost, and nothing comes twice."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from paho.mqtt.client import Client, ConnectFlags
from paho.mqtt.enums import CallbackAPIVersion
from services import MosquittoServer
from workers import Gateway, all_points, now_ms, register_factories, running, sample, sums, wait_for

from ingest.link import Link
from ingest.options import IngestOptions, Protocol
from ingest.pipeline import Ingest
from store.embedded import EmbeddedStore
from store.schema import ROBOT_STATUS

pytestmark = pytest.mark.broker


@pytest.fixture
def mosquitto_server(tmp_path: Path) -> Iterator[MosquittoServer]:
    """A broker of its own: sessions that others leave behind would have a part in a shared subscription."""
    server = MosquittoServer(tmp_path / "broker")
    server.start()
    yield server
    server.stop()


def begin_session(options: IngestOptions) -> None:
    link = Link(options, clock_ns=time.time_ns)
    deadline_s = time.monotonic() + 20
    while not link.subscribed:
        assert time.monotonic() < deadline_s
        link.pump(0.01)
    link.close()


def has_session(options: IngestOptions) -> bool:
    found: list[bool] = []

    def on_connect(_client: Client, _data: object, flags: ConnectFlags, *_: object) -> None:
        found.append(flags.session_present)

    client = Client(CallbackAPIVersion.VERSION2, client_id=f"robodensity-{options.worker}", clean_session=False)
    client.on_connect = on_connect
    client.connect(options.host, options.port)
    while not found:
        client.loop(0.05)
    client.disconnect()
    return found[0]


def report(gateway: Gateway, first: int, count: int) -> None:
    at = now_ms() - 60_000
    gateway.report_all("status", [{"robots": [sample("R-1", at + first + number)]} for number in range(count)])


@pytest.mark.parametrize("stop_after", [0, 30])
def test_run_stopped_amid_a_backlog_gets_nothing_again(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway, stop_after: int
) -> None:
    register_factories(store, "F00001")
    options = replace(options, receive_maximum=50, finish_s=20)
    begin_session(options)
    report(gateway, 0, 300)
    with running(store, options) as worker:
        wait_for(lambda: worker.state.counters["messages"] >= stop_after, "some are taken")
    with running(store, options) as worker:
        report(gateway, 300, 1)
        wait_for(lambda: all_points(store, ROBOT_STATUS).height == 301, "all are stored")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert sums(store) == (301, 301, 301, 0, 0)


def test_run_stopped_while_messages_come_takes_each_once(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    options = replace(options, finish_s=0.5)
    begin_session(options)
    at, sent, enough = now_ms() - 60_000, 0, threading.Event()

    def publish() -> None:
        nonlocal sent
        while not enough.is_set():
            gateway.report("status", {"robots": [sample("R-1", at + sent)]})
            sent += 1

    publisher = threading.Thread(target=publish)
    publisher.start()
    for _ in range(2):
        with running(store, options) as worker:
            wait_for(lambda: worker.state.counters["messages"] > 20, "some are taken")
    enough.set()
    publisher.join()
    with running(store, options) as worker:
        wait_for(lambda: all_points(store, ROBOT_STATUS).height == sent, "all are stored")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert sums(store)[:4] == (sent, sent, sent, 0)  # of those that came with DUP none had been taken before


@pytest.mark.parametrize("protocol", ["5", "3.1.1"])
def test_run_retired_leaves_its_messages_to_the_others(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway, worker_name: str, protocol: Protocol
) -> None:
    register_factories(store, "F00001")
    going, staying = (
        replace(options, worker=f"{worker_name}-{number}", shared=True, protocol=protocol) for number in (1, 2)
    )
    begin_session(going)
    begin_session(staying)
    report(gateway, 0, 200)  # queued for both
    retiring = Ingest(store, replace(going, retire=True, receive_maximum=7), clock_ns=time.time_ns)
    retiring.run(threading.Event())  # ends by itself
    taken = retiring.state.counters["stored"]
    assert 0 < taken < 200
    assert not has_session(going)
    report(gateway, 200, 100)
    with running(store, staying) as worker:
        wait_for(lambda: worker.state.counters["stored"] == 300 - taken, "the other took the rest")
    assert all_points(store, ROBOT_STATUS).height == 300
    assert sums(store) == (300, 300, 300, 0, 0)


def test_run_retired_while_messages_come_loses_none(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway, worker_name: str
) -> None:
    register_factories(store, "F00001")
    going, staying = (replace(options, worker=f"{worker_name}-{number}", shared=True) for number in (1, 2))
    begin_session(going)
    with running(store, staying) as worker:
        publisher = threading.Thread(target=report, args=(gateway, 0, 1000))
        publisher.start()
        retiring = Ingest(store, replace(going, retire=True), clock_ns=time.time_ns)
        retiring.run(threading.Event())
        publisher.join()
        wait_for(lambda: all_points(store, ROBOT_STATUS).height == 1000, "none is lost")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert sums(store) == (1000, 1000, 1000, 0, 0)
    assert not has_session(going)


def test_run_retired_and_stopped_before_keeps_its_session(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    begin_session(options)
    report(gateway, 0, 5)
    stop = threading.Event()
    stop.set()
    Ingest(store, replace(options, retire=True), clock_ns=time.time_ns).run(stop)
    assert has_session(options)


def test_run_leaves_the_other_form_of_its_subscription(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    begin_session(options)
    with running(store, replace(options, shared=True)) as worker:
        report(gateway, 0, 20)
        wait_for(lambda: worker.state.counters["messages"] >= 20, "all came")
        report(gateway, 20, 1)
        wait_for(lambda: worker.state.counters["messages"] >= 21, "one more came")
        assert worker.state.counters["messages"] == 21  # not twice
