"""Two workers on one shared subscription, of which one goes."""

import threading
import time
from dataclasses import replace

import pytest
from flow import Flow, WorkerProcess, await_all, wait_for
from sender import Sender
from shipped import ShippedBroker
from workers import running

from ingest.options import IngestOptions
from ingest.pipeline import Ingest
from store.influx import InfluxStore

pytestmark = [pytest.mark.broker, pytest.mark.influx]

COUNT = pytest.mark.parametrize(
    "count", [pytest.param(3_000, id="short"), pytest.param(50_000, id="long", marks=pytest.mark.chaos)]
)


@pytest.fixture
def options(broker: ShippedBroker) -> IngestOptions:
    return IngestOptions(port=broker.port, worker="ingest-1", shared=True, linger_s=0.02, receive_maximum=500)


@COUNT
def test_two_workers_of_which_one_is_killed_lose_nothing(
    flow: Flow, worker: WorkerProcess, store: InfluxStore, options: IngestOptions, sender: Sender, count: int
) -> None:
    """What the broker has given to the one that is gone waits for it: it comes back under its name."""
    worker.name, worker.settings = "ingest-2", {"SHARED": "true"}
    worker.start()
    with running(store, options) as stays:
        sending = threading.Thread(target=sender.send, args=(flow.messages(0, count),))
        sending.start()
        time.sleep(0.3)
        worker.kill()
        sending.join()
        worker.start()
        await_all(flow, store, sender, count)
        assert 0 < stays.state.counters["messages"] < count
    worker.stop()


@COUNT
def test_two_workers_of_which_one_retires_lose_nothing(
    flow: Flow, store: InfluxStore, options: IngestOptions, sender: Sender, count: int
) -> None:
    """A worker that goes for good takes what the broker holds for it; nothing is left under its name."""
    leaver = replace(options, worker="ingest-2")
    with running(store, options) as stays:
        with running(store, leaver) as goes:
            sender.send(flow.messages(0, count // 2))
            wait_for(lambda: goes.state.counters["messages"] > 0, "it has its share")
        sender.send(flow.messages(count // 2, count))  # half of it for the one that is away
        Ingest(store, replace(leaver, retire=True), clock_ns=time.time_ns).run(threading.Event())
        census = await_all(flow, store, sender, count)
        assert 0 < stays.state.counters["messages"] < count
        sender.send(flow.messages(count, count + 100))
        await_all(flow, store, sender, count + 100)  # all of it for the one that stays
    assert census.accounts["arrived"] == count  # what was written had been acknowledged too: nothing came twice
