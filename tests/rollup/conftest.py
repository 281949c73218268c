from collections.abc import Iterator
from pathlib import Path

import pytest
from cities import DAY0
from rolling import Clock, Ledger

from store.embedded import EmbeddedStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path)
    opened.prepare(simulated=True)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(DAY0 + 45)


@pytest.fixture
def ledger(store: EmbeddedStore, clock: Clock) -> Ledger:
    return Ledger(store, clock)
