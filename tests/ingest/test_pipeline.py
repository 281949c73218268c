import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from services import free_port, listens, spawn, stop, wait_until
from workers import FailingStore, Gateway, all_points, now_ms, register_factories, running, sample, sums, wait_for

from ingest.options import IngestOptions
from ingest.wire.topics import check_topic
from store.embedded import EmbeddedStore
from store.errors import PointsRejected
from store.schema import (
    ACCOUNTING,
    ASSESSMENT,
    INVENTORY,
    LIFECYCLE,
    REFUSAL,
    ROBOT_DAY,
    ROBOT_STATUS,
    WORKFORCE,
    Measurement,
)  # fmt: skip

pytestmark = pytest.mark.broker


def test_run_every_kind_is_stored_as_sent(store: EmbeddedStore, options: IngestOptions, gateway: Gateway) -> None:
    register_factories(store, "F00001")
    at = now_ms()
    sent = [sample(f"R-{i}", at + i, power_on_hours=i / 2, fault_code="E1" if i % 2 else None) for i in range(50)]
    events = [
        {
            "robot": "R-1", "event": "commissioned", "at": "2025-03", "category": "scara",
            "nameplate": {"manufacturer": "FANUC", "model": "SR-6", "serial": "E2150312"},
        },
        {"robot": "R-1", "event": "changed", "at": "2025-04-01", "category": "other"},
    ]  # fmt: skip
    with running(store, options) as worker:
        for first in range(0, 50, 10):
            gateway.report("status", {"robots": sent[first : first + 10]})
        gateway.report("lifecycle", {"events": events, "seq": 3, "boot": "b"})
        gateway.report("workforce", {"periods": [{"period": "2025-Q1", "average": 508}]})
        gateway.report("inventory", {"as_of": "2025-10-31", "stock": 0, "complete": True})
        gateway.report("assessment", {"standard": "GB/T 39116-2020", "level": 3, "on": "2025-05-01"})
        wait_for(lambda: worker.state.counters["messages"] == 9 and not worker.state.in_flight_bytes, "all is stored")
    stored = all_points(store, ROBOT_STATUS).select("time", "robot", "state", "power_on_hours", "fault_code")
    assert stored.sort("time").rows() == [
        (s["at"] * 1_000_000, s["robot"], s["state"], s["power_on_hours"], s["fault_code"]) for s in sent
    ]
    lifecycle = all_points(store, LIFECYCLE).select("robot", "event", "at", "serial", "purpose", "seq", "boot")
    assert lifecycle.rows() == [
        ("R-1", "commissioned", "2025-03", "E2150312", None, 3, "b"),
        ("R-1", "changed", "2025-04-01", None, None, 3, "b"),
    ]
    headcount = all_points(store, WORKFORCE).select("factory", "period", "basis", "average", "end_of_period")
    assert headcount.rows() == [("F00001", "2025-Q1", "site", 508, None)]
    assert all_points(store, INVENTORY).select("stock", "complete").rows() == [(0, True)]
    assert all_points(store, ASSESSMENT).select("level", "score").rows() == [(3, None)]
    assert sums(store) == (9, 55, 55, 0, 0)  # 50 samples, 2 events, 1 period, 1 inventory, 1 assessment
    days = all_points(store, ROBOT_DAY)
    assert days["robot"].n_unique() == 50
    assert days["seen"].all()
    assert days["executed"].all()


def test_run_bad_items_are_refused_alone(store: EmbeddedStore, options: IngestOptions, gateway: Gateway) -> None:
    register_factories(store, "F00001")
    at = now_ms()
    with running(store, options) as worker:
        gateway.report("status", {"robots": [sample("R-1", at), sample("R-2", at) | {"state": "asleep"}]})
        gateway.publish("robodensity/v1/F00001/status", b"\xff{")
        gateway.publish("robodensity/v1/F00001/robots", b"{}")
        gateway.report("status", {"robots": [sample("R-3", at)]})
        wait_for(lambda: len(gateway.verdicts) == 3 and worker.state.counters["messages"] == 4, "verdicts came")
    assert all_points(store, ROBOT_STATUS)["robot"].sort().to_list() == ["R-1", "R-3"]
    refused = all_points(store, REFUSAL).sort("reason").select("reason", "path", "whole").rows()
    assert refused == [
        ("invalid_field", "robots.1.state", False),
        ("not_json", None, True),
        ("unknown_kind", None, True),
    ]
    verdicts = {(verdict["kind"], verdict["reason"], verdict["path"]) for verdict in gateway.verdicts}
    assert verdicts == {
        ("status", "invalid_field", "robots.1.state"),
        ("status", "not_json", ""),
        ("", "unknown_kind", ""),
    }
    assert sums(store) == (4, 5, 2, 3, 0)


def test_run_checks_are_answered_and_never_stored(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    topic = check_topic("F00001", "status")
    with running(store, options):
        gateway.publish(topic, json.dumps({"robots": [sample("R-1", now_ms())]}).encode())
        gateway.publish(topic, b"{")
        wait_for(lambda: len(gateway.verdicts) == 2, "both are answered")
    assert [(verdict["reason"], verdict["check"]) for verdict in gateway.verdicts] == [("ok", True), ("not_json", True)]
    assert all_points(store, ROBOT_STATUS).is_empty()
    assert all_points(store, REFUSAL).is_empty()
    assert all_points(store, ACCOUNTING).is_empty()


def test_run_many_refusals_give_twenty_verdicts_and_a_count(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    with running(store, options):
        gateway.report("status", {"robots": [{"robot": f"R-{i}", "state": "?"} for i in range(30)]})
        wait_for(lambda: len(gateway.verdicts) == 21, "verdicts came")
    assert gateway.verdicts[-1]["detail"].startswith("10 more items")
    assert all_points(store, REFUSAL).height == 30


def test_run_knows_a_factory_from_the_moment_of_its_registration(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    with running(store, options):
        gateway.report("inventory", {"as_of": "2025-10-31", "stock": 1, "complete": True})
        wait_for(lambda: len(gateway.verdicts) == 1, "the unknown factory is refused")
        register_factories(store, "F00001")
        gateway.report("inventory", {"as_of": "2025-10-31", "stock": 2, "complete": True})
        wait_for(lambda: all_points(store, INVENTORY).height == 1, "the known one is stored")
    assert gateway.verdicts[0]["reason"] == "unknown_factory"
    assert all_points(store, INVENTORY)["stock"].to_list() == [2]
    by_factory = all_points(store, ACCOUNTING).select("factory", "arrived", "stored", "refused").sort("factory").rows()
    assert by_factory == [("?", 1, 0, 1), ("F00001", 1, 1, 0)]


def test_run_unknown_factories_do_not_hold_up_known_ones(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    stranger = Gateway(options.port, "F00009")
    count = 40
    with running(store, replace(options, batch_bytes=150)) as worker:  # far more batches than seconds
        for number in range(count):
            for each in (gateway, stranger):
                each.report("status", {"robots": [sample("R-1", now_ms() - number)]})
        wait_for(lambda: worker.state.counters["messages"] == 2 * count, "all is judged")
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    stranger.close()
    by_factory = all_points(store, ACCOUNTING).select("factory", "stored", "refused").sort("factory").rows()
    assert by_factory == [("?", 0, count), ("F00001", count, 0)]


def test_run_rows_that_the_store_turns_down_are_refused(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")

    class Picky(FailingStore):
        def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
            bad = frames.get(INVENTORY, pl.DataFrame({"stock": []})).filter(pl.col("stock") == 7)
            kept = {
                kind: frame.filter(pl.col("stock") != 7) if kind is INVENTORY else frame
                for kind, frame in frames.items()
            }
            self._store.write(database, kept)
            if bad.height:
                raise PointsRejected("stock is too lucky", {"inventory": bad})

    with running(Picky(store), options) as worker:
        for stock in (6, 7):
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": stock, "complete": True})
        wait_for(lambda: len(gateway.verdicts) == 1, "the verdict came")
        wait_for(lambda: worker.state.counters["stored"] == 1, "both are judged")
    assert all_points(store, INVENTORY)["stock"].to_list() == [6]
    assert all_points(store, REFUSAL)["reason"].to_list() == ["invalid_field"]
    assert sums(store) == (2, 2, 1, 1, 0)


def test_run_continues_the_totals_of_the_day(store: EmbeddedStore, options: IngestOptions, gateway: Gateway) -> None:
    register_factories(store, "F00001")
    for round_ in (1, 2):
        with running(store, options) as worker:
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": round_, "complete": True})
            wait_for(lambda: worker.state.counters["stored"] == 1, "it is stored")
    assert sums(store) == (2, 2, 2, 0, 0)


def test_run_retained_messages_are_taken_like_others(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway
) -> None:
    register_factories(store, "F00001")
    topic = "robodensity/v1/F00001/inventory"
    with running(store, options):
        gateway.publish(topic, b'{"as_of":"2025-10-31","stock":3,"complete":true}', retain=True)
        wait_for(lambda: all_points(store, INVENTORY).height == 1, "it is stored")
    gateway.publish(topic, b"", retain=True)


def test_run_two_workers_share_the_subscription(
    store: EmbeddedStore, options: IngestOptions, gateway: Gateway, worker_name: str
) -> None:
    register_factories(store, "F00001")
    shared = [replace(options, worker=f"{worker_name}-{number}", shared=True) for number in (1, 2)]
    with running(store, shared[0]) as first, running(store, shared[1]) as second:
        for stock in range(20):
            gateway.report("inventory", {"as_of": "2025-10-31", "stock": stock, "complete": True})
        wait_for(lambda: all_points(store, INVENTORY).height == 20, "all are stored")
        wait_for(lambda: all(worker.state.counters["stored"] for worker in (first, second)), "both took some")
    assert all_points(store, INVENTORY)["stock"].sort().to_list() == list(range(20))
    assert sums(store) == (20, 20, 20, 0, 0)


def test_run_over_amqtt_in_mqtt_3(store: EmbeddedStore, tmp_path: Path, worker_name: str) -> None:
    register_factories(store, "F00001")
    port, log = free_port(), tmp_path / "amqtt.log"
    broker = spawn([sys.executable, "-m", "robodensity.up.amqtt_broker", str(port)], log)
    try:
        wait_until(lambda: listens(port), broker, log)
        options = IngestOptions(port=port, protocol="3.1.1", worker=worker_name, linger_s=0.02)
        with running(store, options) as worker:
            gateway = Gateway(port, "F00001")
            at = now_ms()
            for i in range(50):
                gateway.report("status", {"robots": [sample("R-1", at + i), sample("R-2", at + i)]})
            gateway.publish("robodensity/v1/F00001/status", b"{")
            wait_for(lambda: len(gateway.verdicts) == 1, "the verdict came")
            wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
            gateway.close()
    finally:
        stop(broker)
    assert all_points(store, ROBOT_STATUS).height == 100
    assert [verdict["reason"] for verdict in gateway.verdicts] == ["not_json"]
    assert sums(store) == (51, 101, 100, 1, 0)
