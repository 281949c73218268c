"""The same city twice: once all JSON, once with some factories behind Sparkplug gateways. The reports are the same."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import polars as pl
import pytest
from services import free_port

from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from robodensity.up import ports
from robodensity.up.platform import Place, Platform
from simulators.plants import registered, speaks
from simulators.run import SimulateOptions, simulate
from store.schema import INVENTORY, LIFECYCLE, REFUSAL, ROBOT_STATUS, WORKFORCE, Measurement

pytestmark = pytest.mark.broker

PATIENCE_S = 60.0
SCALE = 0.003
COMPARED = {
    LIFECYCLE: ("factory", "robot", "event", "at_us", "manufacturer", "model", "serial", "category", "purpose",
                "record", "voids_event", "voids_at_us", "reported_at_us"),
    WORKFORCE: ("factory", "period", "basis", "average", "end_of_period"),
    INVENTORY: ("factory", "as_of_day", "stock", "complete"),
    ROBOT_STATUS: ("time", "factory", "robot", "state", "power_on_hours"),
}  # fmt: skip


@pytest.fixture
def platforms(tmp_path: Path) -> Iterator[tuple[Platform, Platform]]:
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    opened = []
    for name in ("json", "sparkplug"):
        folder = tmp_path / name
        folder.mkdir()
        http, _ = ports.claim("127.0.0.1", free_port(), 0, purpose="a test")
        opened.append(Platform(Place(folder, http, free_port(), "key", simulated=True), law))
        opened[-1]._parts = [part for part in opened[-1]._parts if part.name != "rollup"]  # reports alone are compared
        opened[-1].start()
    yield opened[0], opened[1]
    for platform in opened:
        platform.stop()


def _play(platform: Platform, started: datetime, *, sparkplug: bool) -> None:
    place = platform.place
    options = SimulateOptions(
        scale=SCALE, once=True, port=place.mqtt_port, protocol=platform.broker.protocol, api_url=place.url,
        admin_key="key", sparkplug=sparkplug,
    )  # fmt: skip
    simulate(options, now=lambda: started, stop=threading.Event())


def _reports(platform: Platform, measurement: Measurement) -> pl.DataFrame:
    names = COMPARED[measurement]
    return platform.store.read(measurement.database, measurement).select(names).unique().sort(names)


def _await_same(one: Platform, other: Platform, measurement: Measurement) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while _reports(other, measurement).height < _reports(one, measurement).height:
        assert time.monotonic() < deadline, (measurement.name, other.ingest.state)
        time.sleep(0.1)


def _speaking(reports: pl.DataFrame) -> int:
    """How many of the reports are of factories with a Sparkplug gateway."""
    return sum(speaks(int(factory[1:]) - 1) for factory in reports["factory"])


def test_simulate_sparkplug_gives_the_reports_that_json_gives(
    platforms: tuple[Platform, Platform], capsys: pytest.CaptureFixture[str]
) -> None:
    started = datetime.now(UTC)
    told, heard = platforms
    for platform in platforms:
        _play(platform, started, sparkplug=platform is heard)
    for measurement in COMPARED:
        _await_same(told, heard, measurement)
        ours, theirs = _reports(told, measurement), _reports(heard, measurement)
        assert theirs.equals(ours), measurement.name
        assert _speaking(ours) > 0, measurement.name
    assert heard.store.read(REFUSAL.database, REFUSAL).is_empty()
    counters = heard.ingest.state.counters
    assert counters["sparkplug_messages"] > 100
    assert counters["sparkplug_missing"] == counters["sparkplug_unnamed"] == 0
    nodes = httpx.get(f"{heard.place.url}/v1/factories/F00001", headers={"Authorization": "Bearer key"}).json()
    assert "F00001/gateway" in str(nodes)
    assert "simulated" in capsys.readouterr().err


def test_registered_names_the_edge_nodes_of_those_who_speak() -> None:
    assert registered({"factory": "F00001"}) == {"factory": "F00001", "edge_nodes": ["F00001/gateway"]}
    assert registered({"factory": "F00002"}) == {"factory": "F00002"}
    assert [place for place in range(400) if speaks(place)][-1] == 156
