"""The API's own readiness: the store has answered a write and a read."""

import threading
from collections.abc import Callable

from api.options import Readiness
from store.base import Store
from store.errors import StoreUnavailable
from store.schema import CURSOR, STATE

VALID_NS = 5_000_000_000


class StoreProbe:
    """Writes and reads one point; an answer holds for five seconds."""

    def __init__(self, store: Store, *, writer: str, clock_ns: Callable[[], int]) -> None:
        self._store, self._writer, self._clock_ns = store, writer, clock_ns
        self._lock = threading.Lock()
        self._last: tuple[int, Readiness] | None = None

    def __call__(self) -> Readiness:
        """The store's readiness, at most five seconds old."""
        with self._lock:
            now = self._clock_ns()
            if self._last is None or now - self._last[0] >= VALID_NS or not self._last[1].ready:
                self._last = (now, self._ask(now))
            return self._last[1]

    def _ask(self, now: int) -> Readiness:
        where = {"consumer": "probe", "writer": self._writer}
        try:
            self._store.write(STATE, {CURSOR: CURSOR.frame([{"time": 0, **where, "through": now}])})
            self._store.read(STATE, CURSOR, where=where)
        except StoreUnavailable as error:
            return Readiness(ready=False, reasons=(f"The store does not answer: {error}",))
        return Readiness(ready=True)
