import base64
import json
import time
from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from sparkplug_plant import (
    COMMISSIONED,
    NODE,
    NOW_MS,
    Message,
    by_alias,
    dbirth,
    ddata,
    metric,
    nbirth,
    ndeath,
    payload,
    topic,
)
from workers import register_nodes

from ingest.arrival import Arrival
from ingest.batch import MEASUREMENT_OF, Batch
from ingest.register import Register
from ingest.sparkplug.intake import SparkplugIntake
from ingest.wire.sparkplug.host import Host
from ingest.wire.sparkplug.payloads import decode_payload
from ingest.wire.sparkplug.rebirth import CONTROL, Rebirths
from store.embedded import EmbeddedStore
from store.schema import LIFECYCLE, REFUSAL, ROBOT_STATUS, STATE, WORKFORCE

STATUS = {"Status/Operation": "IDLE", "Counter/PowerOnHours": 10.5}
BORN = (nbirth(), dbirth("R-1", STATUS, seq=1))


class Worker:
    """A Sparkplug intake with its clock, whose batches are written as a worker's writer does."""

    def __init__(self, store: EmbeddedStore, rebirths: Rebirths | None = None, host: Host | None = None) -> None:
        self.store, self.now_s = store, 0.0
        self.register = Register(store)
        self.register.refresh(0.0)
        self.intake = SparkplugIntake(self.register, 90, rebirths=rebirths, host=host)
        self.intake.restore(store)

    def take(self, *messages: Message, qos: int = 0) -> Batch:
        batch = Batch()
        for name, raw in messages:
            arrival = Arrival(name, raw, NOW_MS * 1_000_000, dup=False, mid=qos, generation=0, received_s=self.now_s)
            self.intake.take(arrival, batch)
        return self._kept(batch)

    def wait(self, seconds: float, *, finishing: bool = False) -> Batch:
        self.now_s += seconds
        batch = Batch()
        self.intake.release(self.now_s, batch, finishing=finishing)
        return self._kept(batch)

    def _kept(self, batch: Batch) -> Batch:
        self.intake.keep(batch, time.time_ns())
        if batch.state:
            self.store.write(STATE, batch.state)
        return batch


def columns(batch: Batch, measurement: Any, *names: str) -> list[tuple[object, ...]]:
    frames = batch.frames()
    return frames[measurement].select(names).rows() if measurement in frames else []


def refused(batch: Batch) -> list[dict[str, Any]]:
    frames = batch.frames()
    return frames[REFUSAL].rows(named=True) if REFUSAL in frames else []


@pytest.fixture
def worker(store: EmbeddedStore) -> Worker:
    register_nodes(store, "F00001", NODE)
    return Worker(store)


def test_take_stores_the_columns_that_json_would(worker: Worker) -> None:
    batch = worker.take(*BORN, dbirth("R-2", COMMISSIONED, seq=2))
    assert columns(batch, ROBOT_STATUS, "time", "factory", "robot", "state", "power_on_hours", "at_is_arrival") == [
        (NOW_MS * 1_000_000, "F00001", "R-1", "idle", 10.5, None)
    ]
    assert columns(batch, LIFECYCLE, "factory", "robot", "event", "at", "serial", "category") == [
        ("F00001", "R-2", "commissioned", "2026-11-02", "E21503127", "articulated")
    ]
    assert refused(batch) == []
    assert {key[:2]: (totals.arrived, totals.stored) for key, totals in batch.tally.items()} == {
        ("F00001", "status"): (1, 1), ("F00001", "lifecycle"): (1, 1),
    }  # fmt: skip


def test_take_a_repeated_birth_is_the_same_report(worker: Worker) -> None:
    born = (nbirth(), dbirth("R-1", COMMISSIONED, seq=1))
    batch = worker.take(*born, nbirth(at_ms=NOW_MS + 9_000), dbirth("R-1", COMMISSIONED, seq=1, at_ms=NOW_MS + 9_001))
    frame = batch.frames()[LIFECYCLE]
    assert frame.height == 2
    assert frame.unique().height == 1


def test_take_refuses_what_json_refuses_in_words_of_sparkplug(worker: Worker) -> None:
    batch = worker.take(
        nbirth(metric("Workforce/Average", 508)),
        dbirth("R-1", {**COMMISSIONED, "Nameplate/ArmSerial": "n/a"}, seq=1),
        dbirth("R-2", {**COMMISSIONED, "Lifecycle/CommissionedAt": None}, seq=2),
        dbirth("R-3", {"Status/Operation": "running"}, seq=3),
        dbirth("R-4", {"Status/Operation": "idle", "Counter/PowerOnHours": "9"}, seq=4),
        dbirth("R 5", {"Status/Operation": "idle"}, seq=5),
        dbirth("R-6", {"Status/Operation": b"idle"}, seq=6),
        (topic("NDATA"), payload(metric("Status/Operation", "idle"), seq=7)),
    )
    assert batch.frames().keys() == {REFUSAL}
    assert [(row["reason"], row["path"]) for row in refused(batch)] == [
        ("invalid_field", "Workforce/Period"), ("placeholder_serial", "R-1/Nameplate/ArmSerial"),
        ("invalid_field", "R-2/Lifecycle/CommissionedAt"), ("invalid_field", "R-3/Status/Operation"),
        ("invalid_field", "R-4/Counter/PowerOnHours"), ("invalid_field", "R 5"),
        ("invalid_field", "R-6/Status/Operation"), ("invalid_field", ""),
    ]  # fmt: skip
    details = [str(row["detail"]) for row in refused(batch)]
    assert details[1].startswith('Nameplate/ArmSerial is "n/a"')
    assert details[2] == "Lifecycle/CommissionedAt is missing: it is required."
    assert details[7].startswith("A metric of a robot stands at the edge node")
    assert {row["factory"] for row in refused(batch)} == {"F00001"}
    verdicts = [json.loads(verdict) for name, verdict in batch.verdicts if name == "robodensity/v1/F00001/verdict"]
    assert [verdict["path"] for verdict in verdicts] == [row["path"] for row in refused(batch)]
    assert sum(totals.refused for totals in batch.tally.values()) == 8


def test_take_keeps_the_good_items_of_a_message(worker: Worker) -> None:
    values = {"R-1/Status/Operation": "idle", "R-2/Status/Operation": "sleeping", "R-3/Status/Operation": 3}
    batch = worker.take(nbirth(), dbirth("cell", values, seq=1))
    assert columns(batch, ROBOT_STATUS, "robot", "state") == [("R-1", "idle"), ("R-3", "executing")]
    assert [row["path"] for row in refused(batch)] == ["R-2/Status/Operation"]
    assert [(t.arrived, t.stored, t.refused) for t in batch.tally.values()] == [(3, 2, 1)]


def test_take_unreadable_messages_are_kept_whole(worker: Worker) -> None:
    batch = worker.take(
        (topic("NDATA"), b"\xff\xff"), ("spBv1.0/F00001/XDATA/line1", b"x"), (topic("NDATA", node="F9/l"), b"\xff")
    )
    assert [(row["reason"], row["factory"], row["whole"]) for row in refused(batch)] == [
        ("invalid_field", "F00001", True), ("unknown_kind", "", True), ("invalid_field", "", True),
    ]  # fmt: skip
    assert [base64.b64decode(row["payload"]) for row in refused(batch)] == [b"\xff\xff", b"x", b"\xff"]
    assert {key[:2] for key in batch.tally} == {("F00001", "?"), ("?", "?")}


def test_take_ignores_commands_and_states_of_hosts(worker: Worker) -> None:
    batch = worker.take(
        (topic("NCMD"), payload(metric(CONTROL, value=True))), (topic("DCMD", "R-1"), b"\xff"),
        ("spBv1.0/STATE/scada", b'{"online":true,"timestamp":1}'), ("STATE/scada", b"OFFLINE"),
    )  # fmt: skip
    assert batch.ignored == 4
    assert batch.frames() == {}


def test_take_a_node_of_no_factory_is_refused_with_all_that_it_stood_on(store: EmbeddedStore) -> None:
    worker = Worker(store)
    batch = worker.take(*BORN, ddata("R-1", by_alias(2, 11.0), seq=2))
    assert [(row["reason"], row["kind"], row["items"]) for row in refused(batch)] == [
        ("identity_mismatch", "status", 1)
    ] * 2
    last = decode_payload(base64.b64decode(refused(batch)[1]["payload"]))
    assert {each.name: each.value for each in last.metrics} == {
        "R-1/Status/Operation": "IDLE", "R-1/Counter/PowerOnHours": 11.0,
    }  # fmt: skip
    assert batch.verdicts == []
    assert {key[:2] for key in batch.tally} == {("?", "status")}


def test_take_a_node_that_two_factories_claim_is_refused(store: EmbeddedStore) -> None:
    register_nodes(store, "F00001", NODE)
    register_nodes(store, "F00002", NODE)
    (row, *_) = refused(Worker(store).take(*BORN))
    assert row["reason"] == "identity_mismatch"
    assert row["detail"].startswith("2 factories claim the edge node F00001/line1")


def test_restore_knows_aliases_seq_and_values(worker: Worker, store: EmbeddedStore) -> None:
    worker.take(*BORN, dbirth("手臂 2", {f"Metric {i}": i for i in range(1200)}, seq=2, first_alias=100))
    again = Worker(store)
    batch = again.take(ddata("R-1", by_alias(2, 12.0), seq=3), ddata("手臂 2", by_alias(1299, 5), seq=4))
    assert columns(batch, ROBOT_STATUS, "robot", "state", "power_on_hours") == [("R-1", "idle", 12.0)]
    assert refused(batch) == []
    assert again.intake.counts.sparkplug_missing == 0


def test_restore_notices_what_was_missed_meanwhile(worker: Worker, store: EmbeddedStore) -> None:
    worker.take(*BORN)
    again = Worker(store)
    assert again.take(ddata("R-1", by_alias(2, 12.0), seq=7)).frames() == {}
    assert columns(again.wait(5.0), ROBOT_STATUS, "power_on_hours") == [(12.0,)]
    assert again.intake.counts.sparkplug_missing == 5


def test_take_numbers_messages_for_the_accounts_of_the_factory(worker: Worker, store: EmbeddedStore) -> None:
    first = worker.take(*BORN, (topic("NDATA", node="F00009/line1"), payload(seq=3)))
    again = Worker(store)
    later = again.take(ddata("R-1", by_alias(2, 12.0), seq=4)), again.wait(5.0)
    rows = [
        batch.deliveries.frame().select("factory", "kind", "messages", "numbers").rows() for batch in (first, *later)
    ]
    assert rows == [
        [("F00001", "sparkplug", 2, "[[0,1]]"), ("F00001", "status", 1, None)], [],
        [("F00001", "sparkplug", 1, "[[4,4]]"), ("F00001", "status", 1, None)],
    ]  # fmt: skip
    boots = {batch.deliveries.frame().filter(kind="sparkplug")["boot"].item() for batch in (first, later[1])}
    assert len(boots) == 1


def test_restore_takes_the_death_of_the_session_that_it_knew(worker: Worker, store: EmbeddedStore) -> None:
    worker.take(nbirth(bd_seq=7), dbirth("R-1", STATUS, seq=1))
    again = Worker(store)
    again.take(ndeath(6))
    assert again.intake.counts.sparkplug_deaths == 0
    again.take(ndeath(7))
    assert again.intake.counts.sparkplug_deaths == 1
    later = Worker(store)
    (row,) = refused(later.take(ddata("R-1", by_alias(2, 12.0), seq=2)))
    assert row["path"] == "R-1/Status/Operation"  # stale: it is not known how the robot is


def test_restore_forgets_devices_of_an_earlier_session(worker: Worker, store: EmbeddedStore) -> None:
    worker.take(*BORN, nbirth(at_ms=NOW_MS + 1_000))
    (row,) = refused(Worker(store).take(ddata("R-1", by_alias(2, 12.0), seq=1)))
    assert "aliases that no birth named" in row["detail"]


def test_rebirth_is_asked_for_seldom_and_by_name(store: EmbeddedStore) -> None:
    register_nodes(store, "F00001", NODE)
    worker = Worker(store, rebirths=Rebirths(lambda: 0.5))
    asked: list[tuple[float, str, bytes]] = []
    for round_ in range(40):
        worker.take(ddata("R-1", by_alias(2, 12.0), seq=round_))
        worker.take((topic("NDATA", node="F00009/line1"), payload(by_alias(1, 1), seq=round_)))
        worker.now_s += 3.0
        asked += [(worker.now_s, *each) for each in worker.intake.requests(worker.now_s, NOW_MS)]
    assert [name for _, name, _ in asked] == ["spBv1.0/F00001/NCMD/line1"] * 4  # and none to a stranger
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(asked)]
    assert min(gaps) >= 30
    request = decode_payload(asked[0][2])
    assert [(each.name, each.value, each.alias) for each in request.metrics] == [(CONTROL, True, None)]
    assert request.seq is None
    worker.take(*BORN)
    worker.now_s += 60
    assert worker.intake.requests(worker.now_s, NOW_MS) == []


def test_rebirth_is_off_by_default(worker: Worker) -> None:
    worker.take(ddata("R-1", by_alias(2, 12.0), seq=9))
    worker.now_s += 60
    assert worker.intake.requests(worker.now_s, NOW_MS) == []
    assert worker.intake.counts.sparkplug_unnamed == 1


def test_take_what_is_acknowledged_waits_for_nothing(worker: Worker) -> None:
    worker.take(*BORN)
    batch = worker.take(ddata("R-1", by_alias(2, 12.0), seq=4), qos=1)
    assert columns(batch, ROBOT_STATUS, "power_on_hours") == [(12.0,)]
    assert worker.intake.counts.sparkplug_missing == 2


def test_release_at_the_end_leaves_nothing_waiting(worker: Worker) -> None:
    worker.take(*BORN, ddata("R-1", by_alias(2, 12.0), seq=4))
    assert worker.intake.due(0.0, finishing=True)
    batch = worker.wait(0.0, finishing=True)
    assert columns(batch, ROBOT_STATUS, "power_on_hours") == [(12.0,)]
    assert not worker.intake.due(0.0, finishing=True)


def test_take_more_nodes_than_are_remembered(store: EmbeddedStore) -> None:
    nodes = [f"F00001/line{i}" for i in range(5)]
    register_nodes(store, "F00001", *nodes)
    worker = Worker(store, host=Host(most_nodes=3))
    for node in nodes:
        worker.take((topic("NBIRTH", node=node), payload(metric("R-1/Status/Operation", "idle", 1), seq=0)))
    assert worker.intake.counts.sparkplug_nodes == 3
    (row,) = refused(worker.take((topic("NDATA", node=nodes[0]), payload(by_alias(1, "off"), seq=1))))
    assert "no birth named" in row["detail"]


def test_take_workforce_is_stored_as_json_would(worker: Worker) -> None:
    parts = (metric("Workforce/Period", "2026-10"), metric("Workforce/Average", 508))
    batch = worker.take(nbirth(), (topic("NDATA"), payload(*parts, seq=1)))
    assert columns(batch, WORKFORCE, "factory", "period", "average", "end_of_period", "basis") == [
        ("F00001", "2026-10", 508, None, "site")
    ]


def test_keep_states_are_of_the_schema(worker: Worker) -> None:
    batch = worker.take(*BORN)
    for measurement, frame in batch.state.items():
        assert dict(frame.schema) == measurement.columns
        assert frame.select(pl.struct(measurement.key).is_unique().all()).item()
    assert MEASUREMENT_OF["status"] in batch.frames()
