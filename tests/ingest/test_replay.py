"""Replays on a real store, killed at each of their writes."""

import base64
import json
import shutil
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from workers import all_points, register_factories

from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.intake import Intake
from ingest.patience import Patience
from ingest.register import Register
from ingest.replay import Replayer
from ingest.wire.topics import Kind, report_topic
from ingest.writer import Writer
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.ledger import LedgerReader
from store.schema import ACCOUNTING, LIFECYCLE, REFUSAL, REPLAY, ROBOT_DAY, ROBOT_STATUS, STATE, Measurement

COUNTS = ["messages", "arrived", "stored", "refused"]
PLATE = {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"}


def event(robot: str, **more: object) -> dict[str, object]:
    at = "2025-03-01T09:00:00+08:00"
    return {"robot": robot, "event": "commissioned", "at": at, "nameplate": PLATE, "category": "scara", **more}


def commissioned(*robots: str) -> dict[str, object]:
    events = [event(robot, nameplate={**PLATE, "serial": f"S-{robot}-77"}) for robot in robots]
    return {"events": events}


class Refusing:
    """Takes messages in as a worker does, without a broker."""

    def __init__(self, store: EmbeddedStore, worker: str = "w") -> None:
        self._register = Register(store)
        self._intake = Intake(self._register, 90)
        self._writer = Writer(store, worker, time.time_ns, Patience())

    def send(self, factory: str, kind: Kind, message: object, *, ago_s: float = 0.0) -> None:
        self.send_bytes(report_topic(factory, kind), json.dumps(message).encode(), ago_s=ago_s)

    def send_bytes(self, topic: str, payload: bytes, *, ago_s: float = 0.0) -> None:
        self._register.refresh(0.0)
        arrived_ns = time.time_ns() - int(ago_s * 1e9)
        arrival = Arrival(topic, payload, arrived_ns, dup=False, mid=1, generation=0, received_s=0.0)
        batch = Batch([arrival])
        self._intake.take(arrival, batch)
        self._writer.write(batch)


class Dying:
    """The real store, whose process dies when a write is done."""

    def __init__(self, store: EmbeddedStore, write: int) -> None:
        self._store, self._left = store, write
        self.died = False

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        self._left -= 1
        if self._left < 0 or self.died:
            if not self.died:
                self._store.write(database, frames)
            self.died = True
            raise StoreUnavailable("The process is dead.")
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path / "data", telemetry_days=90)
    opened.prepare(simulated=True)
    yield opened
    opened.close()


def replayer(store: Any) -> Replayer:
    return Replayer(store, telemetry_days=90, clock_ns=time.time_ns)


def ask(store: EmbeddedStore, *, factory: str = "", reason: str = "", name: str = "r1") -> None:
    now = time.time_ns()
    row = {"time": now, "replay": name, "factory": factory, "reason": reason, "state": "asked", "asked_us": now // 1000}
    store.write(STATE, {REPLAY: REPLAY.frame([row])})


def accounts(store: EmbeddedStore) -> dict[tuple[str, str], tuple[int, ...]]:
    """By factory and kind, over days and writers, without those of which nothing is left."""
    points = all_points(store, ACCOUNTING)
    assert (points["arrived"] == points["stored"] + points["refused"]).all()
    summed = points.group_by("factory", "kind").agg(pl.col(COUNTS).sum()).rows()
    return {(factory, kind): tuple(counts) for factory, kind, *counts in summed if any(counts)}


def still_refused(store: EmbeddedStore) -> pl.DataFrame:
    return all_points(store, REFUSAL).filter(pl.col("settled_us").is_null())


def events(store: EmbeddedStore) -> list[str]:
    """The robots of what a reader of the ledger sees."""
    frame = LedgerReader(store, [LIFECYCLE]).poll().get(LIFECYCLE, LIFECYCLE.frame())
    return sorted(frame["robot"])


def state_of(store: EmbeddedStore) -> tuple[object, ...]:
    statuses = all_points(store, ROBOT_STATUS).select("time", "factory", "robot", "state", "arrived_us").sort("robot")
    days = all_points(store, ROBOT_DAY).select("factory", "robot", "seen", "executed").sort("robot")
    refused = (
        still_refused(store).select("reason", "factory", "kind", "path", "items", "counted").sort("reason", "path")
    )
    return accounts(store), events(store), statuses.rows(), days.rows(), refused.rows()


def test_replay_of_a_registered_factory_stores_what_is_good_now(fresh: EmbeddedStore) -> None:
    worker = Refusing(fresh)
    worker.send("F1", "lifecycle", commissioned("R-1", "R-2"), ago_s=90_000)
    worker.send("F2", "lifecycle", commissioned("R-9"))
    assert accounts(fresh) == {("?", "lifecycle"): (2, 3, 0, 3)}
    register_factories(fresh, "F1")
    replayer(fresh).step()
    assert accounts(fresh) == {("F1", "lifecycle"): (1, 2, 2, 0), ("?", "lifecycle"): (1, 1, 0, 1)}
    assert events(fresh) == ["R-1", "R-2"]
    assert still_refused(fresh)["factory"].to_list() == ["F2"]
    (settled,) = all_points(fresh, REFUSAL).filter(pl.col("settled_us").is_not_null()).iter_rows(named=True)
    assert (settled["restored"], settled["items"], settled["reason"]) == (2, 2, "unknown_factory")


def test_replay_moves_items_to_the_day_of_their_arrival(fresh: EmbeddedStore) -> None:
    Refusing(fresh).send("F1", "lifecycle", commissioned("R-1"), ago_s=5 * 86_400)
    register_factories(fresh, "F1")
    replayer(fresh).step()
    points = all_points(fresh, ACCOUNTING)
    assert points["time"].n_unique() == 1
    assert points.filter(factory="?")["refused"].sum() == 0


def test_replay_judges_times_by_the_arrival(fresh: EmbeddedStore) -> None:
    worker = Refusing(fresh)
    ahead = {"at": (time.time_ns() // 10**6) + 3_600_000, "robots": [{"robot": "R-1", "state": "off"}]}
    worker.send("F1", "status", ahead, ago_s=7_200)
    register_factories(fresh, "F1")
    replayer(fresh).step()
    # Its hour ahead has passed by now, but it was ahead when it came.
    assert still_refused(fresh)["reason"].to_list() == ["clock_ahead"]
    assert all_points(fresh, ROBOT_STATUS).is_empty()


def test_replay_keeps_what_is_still_bad_with_its_own_reason(fresh: EmbeddedStore) -> None:
    worker = Refusing(fresh)
    bad = event("R-2", nameplate={**PLATE, "serial": "0000"})
    worker.send("F1", "lifecycle", {"events": [*commissioned("R-1")["events"], bad]})  # type: ignore[misc]
    register_factories(fresh, "F1")
    replayer(fresh).step()
    assert accounts(fresh) == {("F1", "lifecycle"): (1, 2, 1, 1)}
    (row,) = still_refused(fresh).iter_rows(named=True)
    assert (row["reason"], row["writer"], row["counted"], row["items"]) == ("placeholder_serial", "replay", "F1", 1)
    assert json.loads(base64.b64decode(row["payload"]))["events"] == [bad]


def test_replay_of_everything_leaves_what_no_register_helps(fresh: EmbeddedStore) -> None:
    register_factories(fresh, "F1")
    worker = Refusing(fresh)
    worker.send_bytes("robodensity/v1/F1/status", b"{")
    worker.send_bytes("robodensity/v1/F1/robots", b"{}")
    worker.send_bytes("robodensity/v1/F1/status", b"\xff" * 100_000)
    before = state_of(fresh)
    ask(fresh)
    replayer(fresh).step()
    assert state_of(fresh) == before
    (answer,) = all_points(fresh, REPLAY).iter_rows(named=True)
    assert [answer[name] for name in ("state", "rows", "settled", "cut", "stored")] == ["done", 3, 0, 2, 0]


def test_replay_by_factory_and_reason_touches_no_other(fresh: EmbeddedStore) -> None:
    worker = Refusing(fresh)
    for factory in ("F1", "F2"):
        worker.send(factory, "lifecycle", commissioned(f"R-{factory}"))
    running = replayer(fresh)
    running.step()
    register_factories(fresh, "F1", "F2")
    running._registered.due = lambda _now_s: []  # type: ignore[method-assign] # asked for alone
    ask(fresh, factory="F2", reason="unknown_factory")
    running.step()
    assert events(fresh) == ["R-F2"]


def test_replay_twice_changes_nothing(fresh: EmbeddedStore) -> None:
    Refusing(fresh).send("F1", "lifecycle", commissioned("R-1"))
    register_factories(fresh, "F1")
    replayer(fresh).step()
    before = state_of(fresh)
    for name in ("r1", "r2"):
        ask(fresh, name=name)
        replayer(fresh).step()
    assert state_of(fresh) == before


def test_replay_of_many_pages_is_whole(fresh: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.replay._PAGE", 4)
    worker = Refusing(fresh)
    for number in range(23):
        worker.send("F1", "lifecycle", commissioned(f"R-{number:02d}"))
    register_factories(fresh, "F1")
    replayer(fresh).step()
    assert len(events(fresh)) == 23
    assert accounts(fresh) == {("F1", "lifecycle"): (23, 23, 23, 0)}


def test_registered_factory_is_replayed_again_for_what_was_on_its_way(
    fresh: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = Refusing(fresh)
    worker.send("F1", "lifecycle", commissioned("R-1"))
    running = replayer(fresh)
    monkeypatch.setattr("ingest.registered._AGAIN_S", 0.2)
    register_factories(fresh, "F1")
    worker._register.refresh = lambda _now_s: None  # type: ignore[method-assign] # judged before the registration
    running.step()
    worker.send("F1", "lifecycle", commissioned("R-2"))
    time.sleep(0.25)
    running.step()
    assert events(fresh) == ["R-1", "R-2"]
    assert still_refused(fresh).is_empty()


def _prepare(store: EmbeddedStore) -> None:
    worker = Refusing(store)
    worker.send("F1", "lifecycle", commissioned("R-1", "R-2"))
    bad = event("R-3", nameplate={**PLATE, "serial": "0000"})
    worker.send("F1", "lifecycle", {"events": [*commissioned("R-4")["events"], bad]})  # type: ignore[misc]
    sample = {"robot": "R-1", "state": "executing"}
    worker.send("F1", "status", {"at": (time.time_ns() // 10**6) - 10 * 86_400_000, "robots": [sample]})
    register_factories(store, "F1")


def test_replay_killed_at_any_write_comes_to_the_same_end(fresh: EmbeddedStore, tmp_path: Path) -> None:
    _prepare(fresh)
    fresh.close()
    expected = _end_of(tmp_path / "data", tmp_path / "whole", 1_000)[1]
    ends = 0
    for write in range(40):  # after it; before it is after the one before
        died, found = _end_of(tmp_path / "data", tmp_path / f"{write}", write)
        assert found == expected, write
        if not died:
            break
        ends += 1
    assert ends >= 8


def _end_of(data: Path, folder: Path, write: int) -> tuple[bool, object]:
    """What a replay of a copy comes to that dies at a write and starts again; and whether it died."""
    shutil.copytree(data, folder)
    store = EmbeddedStore(folder, telemetry_days=90)
    dying = Dying(store, write)
    with suppress(StoreUnavailable):
        replayer(dying).step()
    if dying.died:
        replayer(store).step()
    found = state_of(store)
    store.close()
    shutil.rmtree(folder)
    return dying.died, found


def test_replay_killed_twice_in_one_portion_comes_to_the_same_end(fresh: EmbeddedStore) -> None:
    _prepare(fresh)
    for write in (4, 2, 3):
        with pytest.raises(StoreUnavailable):
            replayer(Dying(fresh, write)).step()
    replayer(fresh).step()
    assert accounts(fresh) == {("F1", "lifecycle"): (2, 4, 3, 1), ("F1", "status"): (1, 1, 1, 0)}
    assert events(fresh) == ["R-1", "R-2", "R-4"]


def test_run_waits_for_a_store_that_is_away(fresh: EmbeddedStore) -> None:
    Refusing(fresh).send("F1", "lifecycle", commissioned("R-1"))
    register_factories(fresh, "F1")
    dying, stop = Dying(fresh, 2), threading.Event()
    thread = threading.Thread(
        target=Replayer(dying, telemetry_days=90, clock_ns=time.time_ns, poll_s=0.01).run, args=(stop,)
    )  # type: ignore[arg-type]
    thread.start()
    deadline = time.monotonic() + 20
    while not dying.died and time.monotonic() < deadline:
        time.sleep(0.01)
    dying._left, dying.died = 10**9, False
    while not events(fresh) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(20)
    assert events(fresh) == ["R-1"]
    assert accounts(fresh) == {("F1", "lifecycle"): (1, 1, 1, 0)}
