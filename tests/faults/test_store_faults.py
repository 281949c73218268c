"""Everything that a store can do to a worker, while messages come in."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fault_proxy import Fault, FaultProxy
from flow import Flow, await_all, wait_for
from sender import Sender
from services import InfluxServer
from shipped import ShippedBroker
from workers import running

from ingest.options import IngestOptions
from store.influx import InfluxStore

pytestmark = [pytest.mark.broker, pytest.mark.influx]


@pytest.fixture
def options(broker: ShippedBroker) -> IngestOptions:
    return IngestOptions(port=broker.port, worker="ingest-1", linger_s=0.02, receive_maximum=1_000)


@contextmanager
def sending(sender: Sender, flow: Flow, count: int) -> Iterator[None]:
    """Messages come in while the block runs, and to their end."""
    thread = threading.Thread(target=sender.send, args=(flow.messages(0, count),))
    thread.start()
    yield
    thread.join()


@pytest.mark.parametrize(
    ("kills", "count"),
    [pytest.param(2, 2_000, id="short"), pytest.param(10, 50_000, id="long", marks=pytest.mark.chaos)],
)
def test_influxdb_killed_loses_nothing(
    flow: Flow, server: InfluxServer, store: InfluxStore, options: IngestOptions, sender: Sender, kills: int, count: int
) -> None:
    moments = random.Random(10)
    with running(store, options), sending(sender, flow, count):
        for _ in range(kills):
            time.sleep(moments.uniform(0.1, 0.8))
            server.kill_database()
            server.start_database()
        await_all(flow, store, sender, count)


@pytest.mark.parametrize(
    ("outage_s", "count"),
    [pytest.param(2, 2_000, id="short"), pytest.param(60, 50_000, id="long", marks=pytest.mark.chaos)],
)
def test_outage_of_the_store_loses_nothing_and_is_told_once(
    flow: Flow,
    server: InfluxServer,
    store: InfluxStore,
    options: IngestOptions,
    sender: Sender,
    capsys: pytest.CaptureFixture[str],
    outage_s: float,
    count: int,
) -> None:
    with running(store, options) as worker, sending(sender, flow, count):
        wait_for(lambda: worker.state.counters["stored"] > 0, "messages are stored")
        server.kill_database()
        wait_for(lambda: bool(worker.state.trouble), "the trouble is told")
        time.sleep(outage_s)
        assert worker.state.oldest_unacknowledged_s >= outage_s
        assert worker.state.in_flight_bytes <= options.receive_maximum * 200
        server.start_database()
        await_all(flow, store, sender, count)
        assert worker.state.trouble == ()
    assert capsys.readouterr().out.count("The store does not answer") == 1


FAULTS: tuple[Fault, ...] = (500, 503, 429, 401, 403, 404, 413, "silence", "lost answer", "cut")


@pytest.mark.parametrize(
    "count", [pytest.param(550, id="short"), pytest.param(50_000, id="long", marks=pytest.mark.chaos)]
)
def test_faults_of_the_server_are_waited_for_and_lose_nothing(
    flow: Flow,
    store: InfluxStore,
    through: InfluxStore,
    proxy: FaultProxy,
    options: IngestOptions,
    sender: Sender,
    count: int,
) -> None:
    portion = count // len(FAULTS)
    with running(through, options) as worker:
        for place, fault in enumerate(FAULTS):
            proxy.fault = fault
            sender.send(flow.messages(place * portion, (place + 1) * portion))
            wait_for(lambda fault=fault: proxy.done[fault] >= 2, f"{fault} has been answered twice")
            wait_for(lambda fault=fault: fault == 413 or bool(worker.state.trouble), f"{fault} is told")
            proxy.fault = None
            wait_for(lambda: not worker.state.trouble, f"it goes on after {fault}")
        await_all(flow, store, sender, portion * len(FAULTS))


@pytest.mark.parametrize("status", [400, 413, 422])
def test_server_that_refuses_everything_for_a_while_loses_nothing(
    flow: Flow,
    store: InfluxStore,
    through: InfluxStore,
    proxy: FaultProxy,
    options: IngestOptions,
    sender: Sender,
    status: int,
) -> None:
    """These statuses say that a line is bad; but where marks and accounts are refused too, it is the server."""
    with running(through, options) as worker:
        proxy.fault = status
        sender.send(flow.messages(0, 30))
        wait_for(lambda: bool(worker.state.trouble), "the trouble is told")
        assert "the fault is its own" in worker.state.trouble[0]
        proxy.fault = None
        await_all(flow, store, sender, 30)
        assert worker.state.counters["unstorable"] == 0
