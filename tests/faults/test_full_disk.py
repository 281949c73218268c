"""A disk that is full under the store: a tmpfs of a few megabytes, which only root may mount."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flow import FACTORY, Flow, await_all, wait_for
from sender import Sender
from services import InfluxServer
from shipped import ShippedBroker
from workers import register_factories, running

from ingest.options import IngestOptions
from store.influx import InfluxStore

pytestmark = [
    pytest.mark.broker,
    pytest.mark.influx,
    pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root, which CI has"),
]

COUNT = 3_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def server(small_disk: Path) -> Iterator[InfluxServer]:
    own = InfluxServer(small_disk / "influx")
    own.start()
    yield own
    own.stop()


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            return


def test_full_disk_under_influxdb_loses_nothing(
    flow: Flow, small_disk: Path, server: InfluxServer, store: InfluxStore, broker: ShippedBroker, sender: Sender
) -> None:
    register_factories(store, FACTORY)
    ballast = small_disk / "ballast"
    options = IngestOptions(port=broker.port, worker="ingest-1", linger_s=0.02, receive_maximum=200)
    with running(store, options) as worker:
        sending = threading.Thread(target=sender.send, args=(flow.messages(0, COUNT),))
        sending.start()
        wait_for(lambda: worker.state.counters["stored"] > 0, "messages are stored")
        _fill(ballast)
        wait_for(lambda: bool(worker.state.trouble), "the full disk is told")
        assert "500" in worker.state.trouble[0]
        ballast.unlink()
        server.kill_database()  # influxd 1.6 answers 500 to every write until it is started again
        server.start_database()
        sending.join()
        await_all(flow, store, sender, COUNT)
        assert worker.state.trouble == ()
