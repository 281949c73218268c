"""What an edge node of no factory said, stored once it is registered; killed at each write of the replay."""

import itertools
import time
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from sparkplug_plant import (
    COMMISSIONED,
    NODE,
    Message,
    by_alias,
    dbirth,
    ddata,
    metric,
    nbirth,
    payload,
    topic,
)
from workers import all_points, register_nodes

from ingest.arrival import Arrival
from ingest.batch import Batch
from ingest.patience import Patience
from ingest.register import Register
from ingest.replay import Replayer
from ingest.sparkplug.intake import SparkplugIntake
from ingest.writer import Writer
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import ACCOUNTING, INVENTORY, LIFECYCLE, REFUSAL, ROBOT_STATUS, WORKFORCE

NOW_MS = time.time_ns() // 1_000_000
STATUS = {"Status/Operation": "IDLE", "Counter/PowerOnHours": 10.5}
SENT = (
    nbirth(at_ms=NOW_MS),
    dbirth("R-1", STATUS, seq=1, at_ms=NOW_MS),
    dbirth("R-2", COMMISSIONED, seq=2, first_alias=50, at_ms=NOW_MS),
    ddata("R-1", by_alias(2, 11.0, timestamp_ms=NOW_MS + 1), by_alias(1, "fault", timestamp_ms=NOW_MS - 9_000,
          is_historical=True), by_alias(1, "sleeping", timestamp_ms=NOW_MS + 2), seq=3, at_ms=NOW_MS),
    ddata("R-2", by_alias(55, "2026-11-03", is_historical=True), seq=4, at_ms=NOW_MS),
    (topic("NDATA"), payload(metric("Workforce/Period", "2026-10"), metric("Workforce/Average", 508), seq=5)),
    (topic("NDATA"), payload(metric("Inventory/AsOf", "2026-10-31"), metric("Inventory/Stock", 3), seq=6)),
    (topic("NDATA"), payload(by_alias(77, 1), seq=7)),  # of no birth: nobody can read it later either
)  # fmt: skip


def take_in(store: EmbeddedStore, *messages: Message) -> None:
    register = Register(store)
    register.refresh(0.0)
    intake, batch = SparkplugIntake(register, 90), Batch()
    for name, raw in messages:
        arrived_ns = NOW_MS * 1_000_000
        intake.take(Arrival(name, raw, arrived_ns, dup=False, mid=0, generation=0, received_s=0.0), batch)
    intake.keep(batch, time.time_ns())
    Writer(store, "w", time.time_ns, Patience()).write(batch)


def replayer(store: Any) -> Replayer:
    return Replayer(store, telemetry_days=90, clock_ns=time.time_ns)


def reports(store: EmbeddedStore) -> list[list[tuple[object, ...]]]:
    wanted = {
        ROBOT_STATUS: ("time", "factory", "robot", "state", "power_on_hours"),
        LIFECYCLE: ("factory", "robot", "event", "at", "serial"),
        WORKFORCE: ("factory", "period", "average"),
        INVENTORY: ("factory", "as_of_day", "stock"),
    }
    return [all_points(store, kind).select(names).sort(names).rows() for kind, names in wanted.items()]


def account(store: EmbeddedStore) -> list[tuple[object, ...]]:
    frame = all_points(store, ACCOUNTING).group_by("factory", "kind").agg(pl.col("arrived", "stored", "refused").sum())
    return frame.sort("factory", "kind").filter(pl.col("arrived") != 0).rows()


@pytest.fixture
def direct(tmp_path: Path) -> EmbeddedStore:
    """What the same messages bring where the node is registered from the beginning."""
    opened = EmbeddedStore(tmp_path / "direct", telemetry_days=90)
    opened.prepare(simulated=True)
    register_nodes(opened, "F00001", NODE)
    take_in(opened, *SENT)
    return opened


def test_step_stores_what_a_node_said_before_it_was_registered(store: EmbeddedStore, direct: EmbeddedStore) -> None:
    take_in(store, *SENT)
    assert [each for each in reports(store) if each] == []
    replays = replayer(store)
    replays.step()
    register_nodes(store, "F00001", NODE)
    replays.step()
    assert reports(store) == reports(direct)
    assert account(store) == [("?", "?", 1, 0, 1), *[row for row in account(direct) if row[1] != "?"]]
    standing = all_points(store, REFUSAL).filter(pl.col("settled_us").is_null())
    assert standing.select("reason", "path").sort("reason").rows() == [
        ("identity_mismatch", None), ("invalid_field", "R-1/Status/Operation"),
    ]  # fmt: skip


class Dying:
    """The real store, whose process dies before a write."""

    def __init__(self, store: EmbeddedStore, write: int) -> None:
        self._store, self._left = store, write

    def write(self, *args: Any) -> None:
        self._left -= 1
        if self._left < 0:
            raise StoreUnavailable("The process is dead.")
        self._store.write(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def test_step_killed_at_any_write_stores_everything_once(store: EmbeddedStore, direct: EmbeddedStore) -> None:
    take_in(store, *SENT)
    register_nodes(store, "F00001", NODE)
    for write in itertools.count():
        try:
            replayer(Dying(store, write % 12)).step()
        except StoreUnavailable:
            continue
        break
    assert write > 3
    assert reports(store) == reports(direct)
    assert account(store)[1:] == [row for row in account(direct) if row[1] != "?"]
