"""A worker that takes Sparkplug beside JSON, on a real broker."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from paho.mqtt.client import Client, MQTTMessage, MQTTv311
from paho.mqtt.enums import CallbackAPIVersion
from sparkplug_plant import by_alias, dbirth, ddata, nbirth, ndeath, payload, topic
from workers import (
    PATIENCE_S,
    Gateway,
    all_points,
    now_ms,
    register_factories,
    register_nodes,
    running,
    sample,
    wait_for,
)

from ingest.options import IngestOptions
from store.embedded import EmbeddedStore
from store.schema import ACCOUNTING, REFUSAL, ROBOT_STATUS

pytestmark = pytest.mark.broker

STATUS = {"Status/Operation": "IDLE", "Counter/PowerOnHours": 10.5}


class Plant:
    """An edge node of its own connection, whose death is its will."""

    def __init__(self, port: int, node: str, *, bd_seq: int = 0) -> None:
        self.node = node
        self.commands: list[bytes] = []
        ready = threading.Event()
        self._client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTv311)
        will_topic, will = ndeath(bd_seq)
        self._client.will_set(will_topic.replace("F00001/NDEATH/line1", self._of("NDEATH")), will, qos=1)
        self._client.on_message = self._hear
        self._client.on_subscribe = lambda *_: ready.set()
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        self._client.subscribe(f"spBv1.0/{self._of('NCMD')}", qos=1)
        assert ready.wait(PATIENCE_S)

    def _of(self, type_: str) -> str:
        group, name = self.node.split("/")
        return f"{group}/{type_}/{name}"

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.commands.append(message.payload)

    def say(self, *messages: tuple[str, bytes]) -> None:
        for name, raw in messages:
            parts = name.split("/")
            parts[1], parts[3] = self.node.split("/")
            self._client.publish("/".join(parts), raw, qos=0).wait_for_publish(PATIENCE_S)

    def break_off(self) -> None:
        """Leave without a word: the broker publishes the will."""
        self._client.loop_stop()
        sock = self._client.socket()
        assert sock is not None
        sock.close()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def factory(worker_name: str) -> str:
    return f"F{worker_name}"


@pytest.fixture
def plant(options: IngestOptions, factory: str) -> Iterator[Plant]:
    opened = Plant(options.port, f"{factory}/line1")
    yield opened
    opened.close()


@pytest.fixture
def taking(options: IngestOptions) -> IngestOptions:
    return replace(options, sparkplug=True, reorder_s=0.3)


def born(at_ms: int) -> tuple[tuple[str, bytes], ...]:
    return nbirth(at_ms=at_ms), dbirth("R-1", STATUS, seq=1, at_ms=at_ms + 1)


def samples(store: EmbeddedStore, factory: str) -> list[tuple[object, ...]]:
    frame = all_points(store, ROBOT_STATUS).sort("time")
    return frame.filter(frame["factory"] == factory).select("robot", "state", "power_on_hours").rows()


def test_run_takes_sparkplug_beside_json(
    store: EmbeddedStore, taking: IngestOptions, plant: Plant, factory: str
) -> None:
    register_nodes(store, factory, plant.node)
    at_ms = now_ms()
    with running(store, taking) as worker:
        gateway = Gateway(taking.port, factory)
        plant.say(*born(at_ms), ddata("R-1", by_alias(2, 11.0), seq=2, at_ms=at_ms + 2))
        gateway.report("status", {"robots": [sample("R-9", at_ms + 3)]})
        plant.say(ddata("R-1", by_alias(1, "sleeping"), seq=3, at_ms=at_ms + 4))
        wait_for(lambda: len(samples(store, factory)) == 3 and len(gateway.verdicts) == 1, "all is stored and answered")
        plant.say(ddata("R-1", by_alias(1, "off"), seq=5, at_ms=at_ms + 5))  # 4 never comes
        wait_for(lambda: worker.state.counters["sparkplug_missing"] == 1, "the gap is given up")
        wait_for(lambda: len(samples(store, factory)) == 4, "what came after it is stored")
        gateway.close()
    assert samples(store, factory) == [
        ("R-1", "idle", 10.5), ("R-1", "idle", 11.0), ("R-9", "executing", None), ("R-1", "off", None),
    ]  # fmt: skip
    assert gateway.verdicts[0]["path"] == "R-1/Status/Operation"
    counted = all_points(store, ACCOUNTING)
    (row,) = counted.filter(counted["factory"] == factory).select("kind", "arrived", "stored", "refused").rows()
    assert row == ("status", 5, 4, 1)


def test_run_knows_aliases_after_a_restart_and_counts_what_it_missed(
    store: EmbeddedStore, taking: IngestOptions, plant: Plant, factory: str
) -> None:
    register_nodes(store, factory, plant.node)
    at_ms = now_ms()
    with running(store, taking):
        plant.say(*born(at_ms))
        wait_for(lambda: len(samples(store, factory)) == 1, "the birth is stored")
    plant.say(ddata("R-1", by_alias(2, 11.0), seq=2, at_ms=at_ms + 2))  # at QoS 0 nobody keeps it
    with running(store, taking) as worker:
        plant.say(ddata("R-1", by_alias(2, 12.0), seq=3, at_ms=at_ms + 3))
        wait_for(lambda: len(samples(store, factory)) == 2, "data by alias is stored")
        assert worker.state.counters["sparkplug_missing"] == 1
    assert samples(store, factory)[1] == ("R-1", "idle", 12.0)


def test_run_a_will_is_a_death_and_removes_no_robot(
    store: EmbeddedStore, taking: IngestOptions, options: IngestOptions, factory: str
) -> None:
    plant = Plant(options.port, f"{factory}/line1")
    register_nodes(store, factory, plant.node)
    with running(store, taking) as worker:
        plant.say(*born(now_ms()))
        wait_for(lambda: len(samples(store, factory)) == 1, "the birth is stored")
        plant.break_off()
        wait_for(lambda: worker.state.counters["sparkplug_deaths"] == 1, "the will has come")
    assert len(samples(store, factory)) == 1


def test_run_asks_for_births_where_it_may(
    store: EmbeddedStore, taking: IngestOptions, plant: Plant, factory: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.wire.sparkplug.rebirth.JITTER_S", 0.1)
    register_nodes(store, factory, plant.node)
    with running(store, replace(taking, rebirth=True)) as worker:
        for seq in range(3):
            plant.say(ddata("R-1", by_alias(2, 11.0), seq=seq, at_ms=now_ms()))
        wait_for(lambda: len(plant.commands) == 1, "births are asked for")
        wait_for(lambda: worker.state.counters["sparkplug_messages"] >= 4, "its own command has come back")
    assert len(plant.commands) == 1


def test_run_without_the_setting_takes_no_sparkplug(
    store: EmbeddedStore, options: IngestOptions, plant: Plant, factory: str
) -> None:
    register_nodes(store, factory, plant.node)
    with running(store, replace(options, sparkplug=True)):
        pass
    with running(store, options) as worker:  # the same session, which had subscribed
        plant.say(*born(now_ms()), (topic("NDATA"), payload(seq=2)))
        gateway = Gateway(options.port, factory)
        gateway.report("status", {"robots": [sample("R-9", now_ms())]})
        wait_for(lambda: len(samples(store, factory)) == 1, "JSON is stored")
        gateway.close()
        wait_for(lambda: worker.state.counters["messages"] == 1, "it is counted, and nothing else")
    assert [robot for robot, *_ in samples(store, factory)] == ["R-9"]


def test_run_an_unregistered_node_is_refused_until_it_is_registered(
    store: EmbeddedStore, taking: IngestOptions, plant: Plant, factory: str
) -> None:
    with running(store, taking) as worker:
        plant.say(*born(now_ms()))
        wait_for(lambda: all_points(store, REFUSAL).height == 1, "it is refused")
        register_factories(store, factory)
        register_nodes(store, factory, plant.node)
        plant.say(ddata("R-1", by_alias(2, 11.0), seq=2, at_ms=now_ms()))
        wait_for(lambda: len(samples(store, factory)) == 1, "its aliases are known already")
        assert worker.state.counters["sparkplug_missing"] == 0
    (row,) = all_points(store, REFUSAL).select("reason", "topic", "items").rows()
    assert row == ("identity_mismatch", f"spBv1.0/{factory}/DBIRTH/line1/R-1", 1)
