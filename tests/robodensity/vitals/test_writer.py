import threading
import time
from pathlib import Path

import pytest
from workers import FailingStore, all_points, wait_for

from api.options import Readiness
from robodensity.metrics import vital_metrics
from robodensity.vitals.rows import ProcessRow
from robodensity.vitals.watched_store import WatchedStore
from robodensity.vitals.writer import Vital, VitalsWriter
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import API_VITALS, ROLLUP_VITALS, VITALS


def test_run_writes_what_a_process_is(store: EmbeddedStore) -> None:
    watched = WatchedStore(store)
    process = ProcessRow(watched, lambda: Readiness(ready=False, reasons=("The store is away.", "Wait.")))
    vital = Vital(API_VITALS, "api-1", (process, lambda: {"answers": 7, "failures": 1}))
    writer = VitalsWriter(watched, [vital], clock_ns=time.time_ns)
    writer.write(vital)
    (point,) = all_points(store, API_VITALS).to_dicts()
    assert (point["process"], point["answers"], point["failures"]) == ("api-1", 7, 1)
    assert (point["ready"], point["trouble"]) == (False, "The store is away. Wait.")
    assert point["rss_bytes"] > 1_000_000
    assert point["started_us"] < time.time_ns() // 1000
    assert point["figures_age_s"] is None
    assert vital_metrics(writer, API_VITALS)["api_rss_bytes"] == point["rss_bytes"]


def test_run_goes_on_after_an_outage_and_an_error_of_ours(store: EmbeddedStore) -> None:
    failing, asked, stop = FailingStore(store), [], threading.Event()
    failing.away.set()

    def broken() -> dict[str, object]:
        asked.append(1)
        raise ZeroDivisionError

    vitals = [Vital(API_VITALS, "a", (broken,)), Vital(ROLLUP_VITALS, "rollup", (lambda: {"folds": 1},))]
    watched = WatchedStore(failing)
    writer = VitalsWriter(watched, vitals, clock_ns=time.time_ns, every_s=0.01)
    thread = threading.Thread(target=writer.run, args=(stop,))
    thread.start()
    wait_for(lambda: watched.errors >= 2, "two rounds failed")
    failing.away.clear()
    wait_for(lambda: not all_points(store, ROLLUP_VITALS).is_empty(), "a point is written")
    stop.set()
    thread.join()
    assert len(asked) >= 3
    assert all_points(store, API_VITALS).is_empty()


def test_watched_store_counts_what_is_not_answered(store: EmbeddedStore, tmp_path: Path) -> None:
    failing = FailingStore(store)
    watched = WatchedStore(failing)
    watched.read(VITALS, API_VITALS, newest=1)
    failing.away.set()
    with pytest.raises(StoreUnavailable):
        watched.write(VITALS, {})
    assert (watched.calls, watched.errors) == (2, 1)
