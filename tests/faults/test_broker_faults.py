"""A broker that is restarted, killed or cut off, while messages come in."""

import json
import random
import threading
import time
from itertools import pairwise

import pytest
from flow import Flow, WorkerProcess, await_all, wait_for
from sender import WINDOW, Sender
from shipped import ShippedBroker
from workers import running

from density.numbering import Numbering
from ingest.options import IngestOptions
from store.influx import InfluxStore
from store.schema import DELIVERY

pytestmark = [pytest.mark.broker, pytest.mark.influx]


@pytest.mark.parametrize(
    ("restarts", "count"),
    [pytest.param(1, 2_000, id="short"), pytest.param(5, 50_000, id="long", marks=pytest.mark.chaos)],
)
def test_broker_restarted_loses_nothing(
    flow: Flow, broker: ShippedBroker, store: InfluxStore, sender: Sender, restarts: int, count: int
) -> None:
    moments = random.Random(5)
    options = IngestOptions(port=broker.port, worker="ingest-1", linger_s=0.02, receive_maximum=1_000)
    with running(store, options) as worker:
        for begin, end in pairwise(count * part // restarts for part in range(restarts + 1)):
            sending = threading.Thread(target=sender.send, args=(flow.messages(begin, end),))
            sending.start()
            time.sleep(moments.uniform(0.05, 0.5))
            broker.stop()
            wait_for(lambda: bool(worker.state.trouble), "the trouble is told")
            broker.start()
            sending.join()
        await_all(flow, store, sender, count, repeated=restarts * WINDOW)
        assert worker.state.counters["sessions_lost"] == 0
        assert worker.state.trouble == ()


def _missing_by_numbers(store: InfluxStore) -> int:
    """What the platform itself can tell: holes in the numbers that the factory gave its messages."""
    numbering = Numbering()
    for boot, numbers in store.read(DELIVERY.database, DELIVERY).select("boot", "numbers").rows():
        numbering.take(boot, json.loads(numbers), day=0)
    return numbering.counts()[0].missing


@pytest.mark.parametrize(
    ("kills", "autosave_s", "tail_s"),
    [pytest.param(1, 2, 3, id="short"), pytest.param(5, 30, 45, id="long", marks=pytest.mark.chaos)],
)
def test_broker_killed_loses_no_more_than_since_its_last_save(
    flow: Flow,
    broker: ShippedBroker,
    store: InfluxStore,
    worker: WorkerProcess,
    kills: int,
    autosave_s: int,
    tail_s: float,
) -> None:
    """With ingest away, so that everything waits in the broker: the worst there is."""
    broker.stop()
    broker.more = f"autosave_interval {autosave_s}"
    broker.start()
    worker.start()
    worker.stop()
    place, lost_at, acknowledged_s = 0, [], {}
    for _ in range(kills):
        sender, until_s = Sender(broker.port), time.monotonic() + tail_s
        while time.monotonic() < until_s:
            sender.send([(place, flow.numbered(place))])
            place += 1
            time.sleep(0.01)
        wait_for(sender.settled, "every message is acknowledged")
        broker.kill()
        lost_at.append(time.monotonic())
        acknowledged_s |= sender.acknowledged_s
        sender.close()
        broker.start()
    last = Sender(broker.port)
    last.send([(place, flow.numbered(place))])  # after it every hole is one
    wait_for(last.settled, "the last message is acknowledged")
    last.close()
    worker.start()
    wait_for(lambda: place in flow.census(store).stored, "the last message is stored", every_s=0.3)
    worker.stop()
    census = flow.census(store)
    lost = set(range(place)) - census.found
    assert lost, "the kill took nothing: this shows nothing"
    slack_s = 2.0  # mosquitto looks once a second whether a save is due
    assert _missing_by_numbers(store) == len(lost)
    for each in lost:
        assert any(0 <= at - acknowledged_s[each] <= autosave_s + slack_s for at in lost_at), each
