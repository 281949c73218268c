"""A store that counts how often it was asked and did not answer."""

import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import polars as pl

from store.base import Store
from store.errors import StoreUnavailable
from store.schema import Measurement

Result = TypeVar("Result")


class WatchedStore:
    """Another store, call by call.

    Attributes:
        calls: since the start.
        errors: of these, not answered.
    """

    def __init__(self, store: Store) -> None:
        self.calls = 0
        self.errors = 0
        self._store = store
        self._counting = threading.Lock()

    def prepare(self, *, simulated: bool) -> None:
        """As the store does."""
        self._counted(lambda: self._store.prepare(simulated=simulated))

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """As the store does."""
        self._counted(lambda: self._store.write(database, frames))

    def read(self, database: str, measurement: Measurement, **bounds: Any) -> pl.DataFrame:  # noqa: ANN401 - the store's
        """As the store does."""
        return self._counted(lambda: self._store.read(database, measurement, **bounds))

    def expire(self, now_ns: int) -> None:
        """As the store does."""
        self._counted(lambda: self._store.expire(now_ns))

    def close(self) -> None:
        """As the store does."""
        self._store.close()

    def _counted(self, call: Callable[[], Result]) -> Result:
        with self._counting:
            self.calls += 1
        try:
            return call()
        except StoreUnavailable:
            with self._counting:
                self.errors += 1
            raise
