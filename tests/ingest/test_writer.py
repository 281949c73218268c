import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import polars as pl
import pytest
from workers import all_points, wait_for

from ingest.batch import Batch
from ingest.patience import Patience, StoppedError
from ingest.wire.receipt import Receipt
from ingest.wire.status import status_columns
from ingest.writer import Writer
from store.embedded import EmbeddedStore
from store.errors import PointsRejected, StoreUnavailable
from store.schema import ACCOUNTING, MARK, REFUSAL, REPORTS, ROBOT_STATUS, Measurement


class Gate:
    """The real store, whose reports are away until it is open."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self.open = threading.Event()

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        if database == REPORTS and not self.open.is_set():
            raise StoreUnavailable("Reports are away: wait.")
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Refusing(Gate):
    """A server that refuses whatever it is sent, until it is open."""

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        if not self.open.is_set():
            rows = {kind.name: frame for kind, frame in frames.items() if frame.height}
            raise PointsRejected("Everything is refused.", rows)
        self._store.write(database, frames)


def batch(robot: str) -> Batch:
    made = Batch()
    arrived_us = time.time_ns() // 1000
    made.take("status", status_columns([{"robot": robot, "state": "idle"}], {}, Receipt("F1", arrived_us)))
    made.count(("F1", "status", 20_780), arrived=1, refused=0, redelivered=False)
    return made


def writer(store: Gate) -> Writer:
    return Writer(store, "w", time.time_ns, Patience())


def robots(store: EmbeddedStore) -> list[str]:
    return sorted(all_points(store, ROBOT_STATUS)["robot"])


def test_write_stores_samples_before_its_turn_and_all_else_in_turn(store: EmbeddedStore) -> None:
    gate = Gate(store)
    writes = writer(gate)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(writes.write, batch("R-1"))
        second = threads.submit(writes.write, batch("R-2"), first)
        wait_for(lambda: robots(store) == ["R-1", "R-2"], "the samples of both are stored")
        assert all_points(store, MARK).is_empty()
        assert not first.done()
        assert not second.done()
        gate.open.set()
        second.result(timeout=10)
    assert first.done()
    assert all_points(store, ACCOUNTING)["stored"].to_list() == [2]


def test_write_after_one_that_was_stopped_is_stopped_too(store: EmbeddedStore) -> None:
    gate, patience = Gate(store), Patience()
    writes = Writer(gate, "w", time.time_ns, patience)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(writes.write, batch("R-1"))
        second = threads.submit(writes.write, batch("R-2"), first)
        wait_for(lambda: robots(store) == ["R-1", "R-2"], "the samples of both are stored")
        patience.stop.set()
        for each in (first, second):
            with pytest.raises(StoppedError):
                each.result(timeout=10)
    assert all_points(store, ACCOUNTING).is_empty()


def test_write_does_not_believe_a_server_that_refuses_everything(store: EmbeddedStore) -> None:
    refusing = Refusing(store)
    writes = writer(refusing)
    with ThreadPoolExecutor(1) as threads:
        written = threads.submit(writes.write, batch("R-1"))
        time.sleep(0.3)
        refusing.open.set()
        written.result(timeout=10)
    assert robots(store) == ["R-1"]
    assert all_points(store, REFUSAL).is_empty()
