import getpass
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from services import free_port, listens, spawn, stop, wait_until
from workers import wait_for

from ingest.options import IngestOptions
from robodensity.vitals.broker import BrokerWatch, hours_until_full
from store.schema import BROKER_VITALS

GIB = 1024**3


def test_hours_until_full_is_the_room_left_over_the_rate() -> None:
    assert hours_until_full(36_000_000, 0, 1_000) == 10
    assert hours_until_full(36_000_000, 18_000_000, 1_000) == 5
    assert hours_until_full(1, 2, 1_000) == 0  # over-full: none left


@pytest.mark.parametrize(("limit", "queued", "rate"), [(0, 0, 1_000), (GIB, None, 1_000), (GIB, 0, None), (GIB, 0, 0)])
def test_hours_until_full_is_unknown_without_limit_or_rate(
    limit: int, queued: float | None, rate: float | None
) -> None:
    assert hours_until_full(limit, queued, rate) is None


@pytest.fixture
def telling_broker(tmp_path: Path) -> Iterator[int]:
    """A mosquitto that tells of itself every second."""
    port, conf = free_port(), tmp_path / "conf"
    conf.write_text(f"user {getpass.getuser()}\nlistener {port} 127.0.0.1\nallow_anonymous true\nsys_interval 1\n")
    process = spawn(["mosquitto", "-c", str(conf)], tmp_path / "log")
    wait_until(lambda: listens(port), process, tmp_path / "log")
    yield port
    stop(process)


@pytest.mark.broker
def test_row_tells_what_a_real_broker_says(telling_broker: int) -> None:
    watch, ended = BrokerWatch(IngestOptions(port=telling_broker), limit_bytes=GIB), threading.Event()
    thread = threading.Thread(target=watch.run, args=(ended,))
    thread.start()
    try:
        wait_for(lambda: bool(watch.row().get("uptime_s")), "the broker has told its uptime")
        row = watch.row()
        assert row["dropped"] == 0
        assert row["limit_bytes"] == GIB
        fields = {field.name for field in BROKER_VITALS.fields}
        assert set(row) == fields
        frame = BROKER_VITALS.frame([{"time": 1, "process": "ingest-1", **row}])
        assert frame["heap_bytes"].item() > 0
    finally:
        ended.set()
        thread.join()
    assert watch.row() == {}  # what was told is not true for ever
