"""A process that drains a session as `robodensity ingest` does: prints a line when it has begun, then what it took."""

import json
import sys
import threading
import time
from collections.abc import Callable

import psutil

from bench import memory
from bench.sampling import Sampling
from ingest.options import IngestOptions
from ingest.pipeline import Ingest
from ingest.state import IngestState
from store.influx import InfluxStore

_POLL_S = 0.02


def main(mqtt_port: int, influx_url: str, token: str, worker: str, messages: int) -> dict[str, object]:
    """Take so many messages of the session of a worker, and stop cleanly."""
    store = InfluxStore(influx_url, token=token, flavour="influx1")
    ingest, stop = Ingest(store, IngestOptions(port=mqtt_port, worker=worker), clock_ns=time.time_ns), threading.Event()
    thread = threading.Thread(target=ingest.run, args=(stop,), name="ingest")
    thread.start()
    _await(ingest, lambda state: state.connected)
    began_s, before = time.monotonic(), psutil.Process().cpu_times()
    with Sampling() as sampling:
        _await(ingest, lambda state: state.counters["batches"] > 0)
        print("begun", flush=True)
        _await(ingest, lambda state: state.counters["messages"] >= messages)
    seconds, after = time.monotonic() - began_s, psutil.Process().cpu_times()
    stop.set()
    thread.join()
    store.close()
    return {
        "seconds": seconds,
        "cpu_s": after.user + after.system - before.user - before.system,
        "system_s": after.system - before.system,
        "peak_mib": memory.peak_mib(),
        "stored": ingest.state.counters["stored"],
        "batches": ingest.state.counters["batches"],
        "shares": sampling.shares(),
    }


def _await(ingest: Ingest, holds: Callable[[IngestState], bool]) -> None:
    while not holds(ingest.state):
        time.sleep(_POLL_S)


if __name__ == "__main__":
    port, url, key, name, count = sys.argv[1:]
    print(json.dumps(main(int(port), url, key, name, int(count))))
