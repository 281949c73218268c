import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from services import MosquittoServer
from workers import FailingStore, Gateway, all_points, now_ms, register_factories, running, sample, sums, wait_for

from ingest.options import IngestOptions
from store.embedded import EmbeddedStore
from store.schema import INVENTORY, ROBOT_STATUS

pytestmark = pytest.mark.broker


def test_run_acknowledges_nothing_before_the_write(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    failing = FailingStore(store)
    with running(failing, options) as worker:
        failing.away.set()
        at = now_ms()
        for i in range(20):
            gateway.report("status", {"robots": [sample("R-1", at + i)]})
        wait_for(lambda: failing.attempts >= 3, "the write was tried again")
        assert worker.state.in_flight_bytes > 0
        assert worker.state.oldest_unacknowledged_s > 0
        assert worker.state.trouble == ("The store is away: wait.",)
        assert all_points(store, ROBOT_STATUS).is_empty()
        failing.away.clear()
        wait_for(lambda: not worker.state.in_flight_bytes and not worker.state.waiting, "all is acknowledged")
        assert worker.state.trouble == ()
    assert all_points(store, ROBOT_STATUS).height == 20
    assert sums(store) == (20, 20, 20, 0, 0)


def test_run_stopped_while_the_store_is_away_gets_everything_again(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    failing = FailingStore(store)
    with running(failing, options):
        failing.away.set()
        for stock in range(5):
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": stock, "complete": True})
        wait_for(lambda: failing.attempts >= 2, "the write was tried")
    assert all_points(store, INVENTORY).is_empty()
    with running(store, options) as worker:
        wait_for(lambda: all_points(store, INVENTORY).height == 5, "the broker sent all again")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert all_points(store, INVENTORY)["stock"].sort().to_list() == [0, 1, 2, 3, 4]
    messages, arrived, stored, refused, redelivered = sums(store)
    assert (messages, arrived, stored, refused) == (5, 5, 5, 0)
    assert redelivered > 0


def test_run_keeps_its_connection_while_memory_is_full(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    failing = FailingStore(store)
    with running(failing, replace(options, max_bytes=300, keepalive_s=1)) as worker:
        failing.away.set()
        for stock in range(20):
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": stock, "complete": True})
        wait_for(lambda: worker.state.in_flight_bytes >= 300, "memory is full")
        time.sleep(3.5)  # the broker drops a silent client after 1.5 s, paho a silent broker after 2 s
        failing.away.clear()
        wait_for(lambda: all_points(store, INVENTORY).height >= 20, "all is stored")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
        assert worker.state.counters["connections"] == 1
    assert sums(store) == (20, 20, 20, 0, 0)


# A worker that takes messages and can never store them; it says how many it holds.
HOLDING = """
import sys, threading, time
from pathlib import Path
from ingest.options import IngestOptions
from ingest.pipeline import Ingest
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable

class Away(EmbeddedStore):
    def write(self, database, frames):
        raise StoreUnavailable("away")

options = IngestOptions(port=int(sys.argv[2]), worker=sys.argv[3])
worker = Ingest(Away(Path(sys.argv[1])), options, clock_ns=time.time_ns)
threading.Thread(target=worker.run, args=(threading.Event(),), daemon=True).start()
while True:
    print(worker.state.subscribed, worker.state.in_flight_bytes, flush=True)
    time.sleep(0.02)
"""


def test_run_killed_before_the_write_gets_everything_again(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway, tmp_path: Path
) -> None:
    register_factories(store, "F00001")
    command = [sys.executable, "-c", HOLDING, str(tmp_path / "elsewhere"), str(options.port), options.worker]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as doomed:
        assert doomed.stdout is not None
        while doomed.stdout.readline() != "True 0\n":
            assert doomed.poll() is None
        for stock in range(5):
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": stock, "complete": True})
        while doomed.stdout.readline() == "True 0\n":
            assert doomed.poll() is None
        doomed.kill()
    with running(store, options) as worker:
        wait_for(lambda: all_points(store, INVENTORY).height == 5, "the broker sent all again")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    assert all_points(store, INVENTORY)["stock"].to_list() == [0, 1, 2, 3, 4]  # in the order of their arrival
    with running(store, options) as worker:
        gateway.report("inventory", {"as_of": "2025-10-31", "stock": 5, "complete": True})
        wait_for(lambda: worker.state.counters["stored"] == 1, "the next one is stored")
        assert worker.state.counters["redelivered"] == 0  # what was acknowledged does not come back


def test_run_broker_restart_is_survived(store: EmbeddedStore, tmp_path: Path, worker_name: str) -> None:
    register_factories(store, "F00001")
    server = MosquittoServer(tmp_path / "broker")
    server.start()
    options = IngestOptions(port=server.port, worker=worker_name, linger_s=0.02)
    try:
        with running(store, options) as worker:
            server.stop()
            wait_for(lambda: not worker.state.connected, "the connection is gone")
            assert worker.state.trouble
            server.start()
            wait_for(lambda: worker.state.subscribed, "the worker is back")
            gateway = Gateway(server.port, "F00001")
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": 1, "complete": True})
            wait_for(lambda: all_points(store, INVENTORY).height == 1, "it is stored")
            gateway.close()
            assert worker.state.trouble == ()
            assert worker.state.counters["connections"] == 2
            assert worker.state.counters["sessions_lost"] == 0
    finally:
        server.stop()
