"""`kill -9` of ingest, again and again, while messages come in."""

import random
import threading
import time
from itertools import pairwise

import pytest
from flow import Flow, WorkerProcess, await_all
from sender import Sender

from store.influx import InfluxStore

pytestmark = [pytest.mark.broker, pytest.mark.influx]


@pytest.mark.parametrize(
    ("kills", "count"),
    [pytest.param(2, 4_000, id="short"), pytest.param(50, 200_000, id="long", marks=pytest.mark.chaos)],
)
def test_ingest_killed_at_random_moments_loses_nothing(
    flow: Flow, worker: WorkerProcess, store: InfluxStore, sender: Sender, kills: int, count: int
) -> None:
    moments = random.Random(50)  # the same ones every time, in another place of the flow
    worker.start()
    portions = [count * part // kills for part in range(kills + 1)]
    for begin, end in pairwise(portions):
        sending = threading.Thread(target=sender.send, args=(flow.messages(begin, end),))
        sending.start()
        time.sleep(moments.uniform(0.0, 0.8))
        worker.kill()
        sending.join()
        worker.start()
    census = await_all(flow, store, sender, count)
    assert census.accounts["redelivered"] > 0  # the kills did hit something
    worker.stop()
