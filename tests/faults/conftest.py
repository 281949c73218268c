from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from flow import FACTORY, Flow, WorkerProcess
from sender import Sender
from services import InfluxServer
from shipped import ShippedBroker
from workers import register_factories

from store.influx import InfluxStore


@pytest.fixture
def flow() -> Flow:
    return Flow()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[InfluxServer]:
    """A database of one's own, that may be killed."""
    own = InfluxServer(tmp_path / "influx")
    own.start()
    yield own
    own.stop()


@pytest.fixture
def store(server: InfluxServer) -> Iterator[InfluxStore]:
    opened = server.store()
    opened.prepare(simulated=False)
    register_factories(opened, FACTORY)
    yield opened
    opened.close()


@pytest.fixture
def proxy(server: InfluxServer, store: InfluxStore) -> Iterator[FaultProxy]:
    """Before the real server, which is prepared; without a fault."""
    opened = FaultProxy(server.port)
    opened.start()
    yield opened
    opened.stop()


@pytest.fixture
def through(proxy: FaultProxy, server: InfluxServer) -> Iterator[InfluxStore]:
    """The store as a worker sees it."""
    opened = server.store(url=f"http://127.0.0.1:{proxy.port}", timeout_s=0.5)
    yield opened
    opened.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[ShippedBroker]:
    """A broker as it is shipped, that may be killed."""
    own = ShippedBroker(tmp_path / "broker")
    own.start()
    yield own
    own.stop()


@pytest.fixture
def worker(tmp_path: Path, broker: ShippedBroker, server: InfluxServer, store: InfluxStore) -> Iterator[WorkerProcess]:
    """A worker of the deployment that is not started yet; the store is prepared."""
    process = WorkerProcess(tmp_path, broker.port, server.url, server.token)
    yield process
    if process.process is not None:
        process.kill()


@pytest.fixture
def sender(broker: ShippedBroker) -> Iterator[Sender]:
    opened = Sender(broker.port)
    yield opened
    opened.close()
