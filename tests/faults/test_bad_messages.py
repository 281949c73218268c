"""Bad messages, and rows that a store refuses for ever, hold up nobody else."""

import json
import random

import pytest
from fault_proxy import FaultProxy
from flow import FACTORY, Flow, wait_for
from sender import Sender
from shipped import ShippedBroker
from workers import running

from ingest.options import IngestOptions
from store.influx import InfluxStore
from store.schema import ACCOUNTING, INVENTORY, LIFECYCLE, REFUSAL, REFUSED, REPORTS

pytestmark = [pytest.mark.broker, pytest.mark.influx]

WINDOW = 100


@pytest.fixture
def options(broker: ShippedBroker) -> IngestOptions:
    return IngestOptions(port=broker.port, worker="ingest-1", linger_s=0.02, receive_maximum=WINDOW)


def test_ten_times_the_window_of_bad_messages_stops_no_good_one(
    flow: Flow, store: InfluxStore, options: IngestOptions, sender: Sender
) -> None:
    bad = [9 + 10 * place for place in range(10 * WINDOW)]  # each of them is refused
    with running(store, options) as worker:
        sender.send((place, flow.message(place)) for place in bad)
        sender.send((place, flow.message(place)) for place in range(8, 500, 10))
        wait_for(lambda: store.read(REPORTS, INVENTORY).height == 50, "the good ones are stored", every_s=0.2)
        wait_for(lambda: not worker.state.in_flight_bytes, "all is acknowledged")
    census = flow.census(store)
    assert set(census.refused) == set(bad)
    assert set(census.stored) == set(range(8, 500, 10))


def _event(place: int, record: str) -> bytes:
    plate = {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": f"E2150{place:04d}"}
    event = {"robot": f"R-{place}", "event": "commissioned", "at": "2025-03-01", "category": "articulated"}
    return json.dumps({"events": [event | {"nameplate": plate, "record": record}]}).encode()


def test_row_that_the_server_refuses_for_ever_blocks_nobody_else(
    store: InfluxStore, through: InfluxStore, proxy: FaultProxy, options: IngestOptions, sender: Sender
) -> None:
    proxy.poison = b"POISON"
    places, topic = range(200), f"robodensity/v1/{FACTORY}/lifecycle"
    poisoned = set(random.Random(1).sample(places, 3))
    with running(through, options) as worker:
        sender.send((place, (topic, _event(place, "POISON" if place in poisoned else "paper"))) for place in places)
        wait_for(sender.settled, "every message is acknowledged")
        wait_for(lambda: worker.state.counters["arrived"] == len(places), "every message is done")
        assert worker.state.trouble == ()
        assert worker.state.counters["unstorable"] == 0
    stored = {int(robot[2:]) for robot in store.read(REPORTS, LIFECYCLE)["robot"]}
    assert stored == set(places) - poisoned
    refused = store.read(REFUSED, REFUSAL)
    assert refused.height == len(poisoned)
    assert set(refused["reason"]) == {"invalid_field"}
    accounts = store.read(REPORTS, ACCOUNTING)
    assert accounts.select("arrived", "stored", "refused").row(-1) == (200, 197, 3)
