"""Several writers that write to a new shard at the same moment, again and again.

Without `store.shards` about one shard in a thousand misses a point that the server had acknowledged.
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest
from services import InfluxServer

from store.influx import InfluxStore
from store.schema import INVENTORY, REPORTS

pytestmark = pytest.mark.influx

WRITERS = 8
SHARD_NS = 364 * 86_400 * 10**9


@contextmanager
def writers(server: InfluxServer) -> Iterator[list[InfluxStore]]:
    """Stores that have written nothing yet, to a database that is not there yet."""
    server.empty()
    with ExitStack() as stack:
        yield [stack.enter_context(closing(server.store())) for _ in range(WRITERS)]


@pytest.mark.parametrize(
    ("databases", "shards"),
    [pytest.param(1, 20, id="short"), pytest.param(5, 200, id="long", marks=pytest.mark.chaos)],
)
def test_first_writes_at_the_same_moment_lose_nothing(server: InfluxServer, databases: int, shards: int) -> None:
    for _ in range(databases):
        with writers(server) as stores:
            assert write_at_once(stores, shards) == []
            found = stores[0].read(REPORTS, INVENTORY).group_by("writer").len()
        assert dict(found.rows()) == {f"w{number}": shards for number in range(WRITERS)}


def write_at_once(stores: list[InfluxStore], shards: int) -> list[BaseException]:
    """Write one point of each writer to each shard, all writers at the same moment; what went wrong is answered."""
    errors: list[BaseException] = []
    together = threading.Barrier(WRITERS)

    def write(store: InfluxStore, writer: str) -> None:
        try:
            for shard in range(shards):
                rows = INVENTORY.frame([{"time": shard * SHARD_NS, "writer": writer, "factory": "F", "stock": shard}])
                together.wait()
                store.write(REPORTS, {INVENTORY: rows})
        except BaseException as error:  # noqa: BLE001 - carried to the test's own thread
            errors.append(error)
            together.abort()

    threads = [threading.Thread(target=write, args=(store, f"w{number}")) for number, store in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors
