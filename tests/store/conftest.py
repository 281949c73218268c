from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from services import InfluxServer

from store.base import Store
from store.embedded import EmbeddedStore
from store.influx import InfluxStore

BACK_ENDS = ["embedded", pytest.param("influx", marks=pytest.mark.influx)]
Opener = Callable[[], Store]


def influx_store(server: InfluxServer, **settings: object) -> InfluxStore:
    return server.store(**{"timeout_s": 20.0, **settings})


@pytest.fixture(params=BACK_ENDS)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens one more store on the same, at first empty, data."""
    stores: list[Store] = []
    if request.param == "influx":
        server = request.getfixturevalue("influx_server")
        server.empty()

    def open_store() -> Store:
        stores.append(EmbeddedStore(tmp_path) if request.param == "embedded" else influx_store(server))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()


@pytest.fixture
def store(opener: Opener) -> Store:
    return opener()
