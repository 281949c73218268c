"""Payloads and topics that no factory should send, over a real broker into a real store."""

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

import psutil
import pytest
from flow import FACTORY, PATIENCE_S, Flow, wait_for
from fuzz import fuzzed
from sender import Message, Sender
from shipped import ShippedBroker
from sparkplug_plant import NODE
from workers import register_nodes, running

from ingest.options import IngestOptions
from ingest.register import Register
from ingest.wire.admission import judge
from ingest.wire.receipt import Receipt
from ingest.wire.topics import Role, parse_topic
from store.base import Store
from store.influx import InfluxStore
from store.schema import ACCOUNTING, INVENTORY, REFUSAL, REPORTS

pytestmark = [pytest.mark.broker, pytest.mark.influx]

MIB = 1024**2
GOOD = 1_000_008  # the number of an inventory
PLANT = "F00002"  # whose edge node speaks Sparkplug, so that it is accounted for apart


def _messages(count: int) -> Iterator[Message]:
    """The same ones every time; not those that the broker takes for too large, of which ingest hears nothing."""
    noise = random.Random(100_000)
    messages = (fuzzed(noise) for _ in range(count))
    return ((topic, payload) for topic, payload in messages if len(payload) <= 4 * MIB - 1024)


def _items(messages: Iterable[Message], register: Register, arrived_us: int) -> Counter[str]:
    """What the messages of the factory bring when each is judged by itself."""
    told: Counter[str] = Counter()
    for topic, payload in messages:
        parsed = parse_topic(topic)
        if parsed.role not in {Role.OWN, Role.CHECK} and parsed.factory == FACTORY:
            decoded = judge(parsed, payload, Receipt(FACTORY, arrived_us, 90), register)
            told += Counter(arrived=decoded.items, refused=decoded.items - len(decoded.positions), messages=1)
    return told


def _accounts(store: Store, factory: str) -> Counter[str]:
    frame = store.read(ACCOUNTING.database, ACCOUNTING, where={"factory": factory})
    return Counter({name: frame[name].sum() for name in ("messages", "arrived", "stored", "refused", "redelivered")})


def _is_stored(store: Store, stock: int) -> bool:
    return stock in store.read(REPORTS, INVENTORY, newest=1_000)["stock"]


@pytest.mark.parametrize(
    "count", [pytest.param(3_000, id="short"), pytest.param(100_000, id="long", marks=pytest.mark.chaos)]
)
def test_fuzzed_messages_are_stored_or_refused(
    flow: Flow, broker: ShippedBroker, store: InfluxStore, sender: Sender, count: int
) -> None:
    register_nodes(store, PLANT, NODE)
    register = Register(store)
    register.refresh(0.0)
    options = IngestOptions(port=broker.port, worker="ingest-1", linger_s=0.02, sparkplug=True)
    with running(store, options) as worker:
        before = psutil.Process().memory_info().rss
        sender.send(enumerate(_messages(count)))
        sender.send([(count, flow.message(GOOD))])  # after all of them
        wait_for(sender.settled, "every message is acknowledged")
        patience_s = max(PATIENCE_S, count / 100)
        wait_for(lambda: _is_stored(store, GOOD), "the good one is stored", patience_s=patience_s, every_s=1.0)
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
        state = worker.state
        assert (state.waiting, state.in_flight_bytes) == (0, 0)
        assert state.counters["unstorable"] == 0
        assert psutil.Process().memory_info().rss - before < 250 * MIB
    expected = _items(chain(_messages(count), [flow.message(GOOD)]), register, time.time_ns() // 1000)
    accounts = _accounts(store, FACTORY)
    assert {name: accounts[name] for name in expected} == dict(expected)
    for factory in (FACTORY, PLANT, "?"):
        each = _accounts(store, factory)
        assert each["arrived"] == each["stored"] + each["refused"] > 0, factory
    refused = store.read(REFUSAL.database, REFUSAL)
    assert refused["reason"].null_count() == refused["detail"].null_count() == 0
    assert refused.height > count / 3
