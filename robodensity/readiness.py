"""Whether the system takes work: the store answers a write and a read, and the subscription is granted."""

import threading
from collections.abc import Callable

from api.options import Readiness
from ingest.state import IngestState
from store.base import Store
from store.errors import StoreError
from store.schema import CURSOR, STATE

FRESH_S = 1.0


class Probe:
    """Asks the store at most once in FRESH_S, and the ingest worker where there is one."""

    def __init__(
        self, store: Store, monotonic_s: Callable[[], float], ingest: Callable[[], IngestState] | None = None
    ) -> None:
        self._store, self._monotonic_s, self._ingest = store, monotonic_s, ingest
        self._lock = threading.Lock()
        self._asked_s = float("-inf")
        self._trouble: tuple[str, ...] = ()

    def __call__(self) -> Readiness:
        """The readiness now."""
        reasons = [*self._store_trouble(), *self._ingest_trouble()]
        return Readiness(ready=not reasons, reasons=tuple(reasons))

    def _ingest_trouble(self) -> tuple[str, ...]:
        if self._ingest is None:
            return ()
        state = self._ingest()
        if state.trouble:
            return state.trouble
        return () if state.subscribed else ("The broker has not granted the subscription yet; wait.",)

    def _store_trouble(self) -> tuple[str, ...]:
        with self._lock:
            if self._monotonic_s() - self._asked_s >= FRESH_S:
                self._trouble = self._ask()
                self._asked_s = self._monotonic_s()
            return self._trouble

    def _ask(self) -> tuple[str, ...]:
        row = {"time": 0, "consumer": "readyz", "writer": "readyz", "through": 0}
        try:
            self._store.write(STATE, {CURSOR: CURSOR.frame([row])})
            answer = self._store.read(STATE, CURSOR, where={"consumer": "readyz"})
        except StoreError as error:
            return (str(error),)
        return () if answer.height else ("The store did not give back what was written to it; look at its log.",)
