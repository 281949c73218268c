import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import polars as pl
import pytest
from services import free_port

from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from robodensity.up import ports
from robodensity.up.platform import Place, Platform
from simulators.run import SimulateOptions, simulate
from simulators.timeline import build_timeline
from store.schema import LIFECYCLE, ROBOT_STATUS

pytestmark = pytest.mark.broker

PATIENCE_S = 30.0
SCALE = 0.003


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    first_day = datetime.now(UTC).date() - timedelta(days=60)  # fewer days to write
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True, first_day=first_day))
    http, _ = ports.claim("127.0.0.1", free_port(), 0, purpose="a test")
    opened = Platform(Place(tmp_path, http, free_port(), "key", simulated=True), law)
    opened.start()
    yield opened
    opened.stop()


def _options(platform: Platform, cursor: Path, **changed: Any) -> SimulateOptions:
    place = platform.place
    settings = {"scale": SCALE, "once": True, "json_progress": True, "cursor_path": cursor, **changed}
    protocol = platform.broker.protocol
    return SimulateOptions(port=place.mqtt_port, protocol=protocol, api_url=place.url, admin_key="key", **settings)


def _totals(platform: Platform) -> dict[str, int]:
    totals: dict[str, int] = httpx.get(f"{platform.place.url}/v1/accounting").raise_for_status().json()["totals"]
    return totals


def _await_arrived(platform: Platform, items: int) -> dict[str, int]:
    deadline = time.monotonic() + PATIENCE_S
    while _totals(platform)["arrived"] < items:
        assert time.monotonic() < deadline, _totals(platform)
        time.sleep(0.02)
    return _totals(platform)


def _published(said: str) -> dict[str, int]:
    found: dict[str, int] = json.loads(said.splitlines()[-1])["published"]
    return found


def test_simulate_publishes_every_item_once_and_goes_on_where_it_stopped(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cursor, started = tmp_path / "cursor.json", datetime.now(UTC)
    simulate(_options(platform, cursor), now=lambda: started, stop=threading.Event())
    said = capsys.readouterr()
    items = _published(said.out)["items"]
    totals = _await_arrived(platform, items)
    assert totals["stored"] == items > 1_000
    assert totals["refused"] == 0
    assert all("simulated" in line for line in said.err.splitlines())
    steps = [json.loads(line) for line in said.out.splitlines() if line.startswith('{"progress"')]
    phases = [step["progress"]["phase"] for step in steps]
    assert list(dict.fromkeys(phases)) == [
        "registrations", "workforce", "lifecycle", "inventory", "assessment", "designations", "status",
    ]  # fmt: skip
    simulate(_options(platform, cursor), now=lambda: started, stop=threading.Event())
    assert _published(capsys.readouterr().out)["items"] == 0
    assert _totals(platform)["arrived"] == items


class _StopAfter(threading.Event):
    """Set after so many looks at it: in the midst of the history on any machine."""

    def __init__(self, *, looks: int) -> None:
        super().__init__()
        self.looks, self.since_s = looks, 0.0

    def is_set(self) -> bool:
        self.looks -= 1
        if self.looks == 0:
            self.since_s = time.monotonic()
            self.set()
        return super().is_set()


def test_simulate_stops_at_once_and_a_second_run_brings_what_is_missing(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cursor, started, stop = tmp_path / "cursor.json", datetime.now(UTC), _StopAfter(looks=20)
    options = _options(platform, cursor, scale=0.02)
    simulate(options, now=lambda: started, stop=stop)
    assert time.monotonic() - stop.since_s < 5  # a second, and more on a busy machine
    assert "published" not in capsys.readouterr().out
    simulate(options, now=lambda: started, stop=threading.Event())
    _await_arrived(platform, _published(capsys.readouterr().out)["items"])
    slots = ("factory", "robot", "event", "at_us", "reported_at_us")
    events = platform.store.read(LIFECYCLE.database, LIFECYCLE).select(slots)
    expected = build_timeline(seed=options.seed, scale=options.scale).events.due_s <= int(started.timestamp())
    assert events.unique().height == expected.sum()


def test_simulate_goes_on_live_with_a_status_of_each_factory_in_five_minutes(
    platform: Platform, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    began, clock = datetime.now(UTC) - timedelta(minutes=10), [0.0]
    step_s = 40  # of the city in half a second of the test
    stop = threading.Event()

    def now() -> datetime:
        clock[0] += step_s
        return began + timedelta(seconds=clock[0])

    options = _options(platform, tmp_path / "cursor.json", once=False)
    run = threading.Thread(target=simulate, args=(options,), kwargs={"now": now, "stop": stop})
    run.start()
    deadline = time.monotonic() + PATIENCE_S
    started_ns = int((began + timedelta(seconds=step_s)).timestamp()) * 10**9

    def live() -> pl.DataFrame:
        """What came of the first five minutes, and some seconds that a busy machine is late."""
        samples = platform.store.read(ROBOT_STATUS.database, ROBOT_STATUS)
        return samples.filter(pl.col("time").is_between(started_ns + 1, started_ns + 360 * 10**9))

    senders = set()
    while clock[0] < 360 + step_s or set(live()["factory"]) != senders:
        assert time.monotonic() < deadline, senders - set(live()["factory"])
        senders = set(platform.store.read(ROBOT_STATUS.database, ROBOT_STATUS)["factory"])
        time.sleep(0.2)
    stop.set()
    run.join(PATIENCE_S)
    assert not run.is_alive()
    assert len(senders) > 3
    assert live().select("factory", "robot", "time").is_unique().all()
    capsys.readouterr()


def test_simulate_waits_for_an_api_that_is_not_there_and_stops_when_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    api_url = f"http://127.0.0.1:{free_port()}"
    options = SimulateOptions(scale=SCALE, port=free_port(), api_url=api_url, cursor_path=tmp_path / "c.json")
    stop = threading.Event()
    threading.Timer(0.8, stop.set).start()
    simulate(options, now=lambda: datetime.now(UTC), stop=stop)
    said = capsys.readouterr().err
    assert said.count("does not take requests") == 1
    assert json.loads((tmp_path / "c.json").read_text())["through_s"] == {}
