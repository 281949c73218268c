"""A store that need not answer yet when a process starts: a wrong token is put right while the broker keeps all."""

import threading
import time
from collections.abc import Callable

import structlog

from api.options import Readiness
from robodensity.errors import Refusal
from store.base import Store
from store.errors import StoreMismatch, StoreUnavailable

Run = Callable[[threading.Event], None]

_BACK_OFF_S = (0.5, 10.0)

_log = structlog.get_logger("store")


class Preparation:
    """Prepares a store as soon as it answers, and says once why it does not.

    Args:
        store: what the process works with.
        simulated: what the store is to hold.
        probe: whether the store answers, once it is prepared.
    """

    def __init__(self, store: Store, probe: Callable[[], Readiness], *, simulated: bool) -> None:
        self._store, self._probe, self._simulated = store, probe, simulated
        self._trouble: str | None = None
        self._done = threading.Event()
        self._preparing = threading.Lock()

    def __call__(self) -> Readiness:
        """Whether the store is prepared and answers."""
        if self._done.is_set():
            return self._probe()
        return Readiness(ready=False, reasons=(self._trouble or "The store is being prepared; wait.",))

    def before(self, run: Run) -> Run:
        """What runs once the store is prepared, or not at all when stopped before."""

        def prepared_first(stop: threading.Event) -> None:
            if self._await(stop):
                run(stop)

        return prepared_first

    def _await(self, stop: threading.Event) -> bool:
        pause_s, longest_s = _BACK_OFF_S
        with self._preparing:
            while not (self._done.is_set() or stop.is_set()):
                if self._prepare():
                    self._done.set()
                    break
                stop.wait(pause_s)
                pause_s = min(2 * pause_s, longest_s)
        return self._done.is_set()

    def _prepare(self) -> bool:
        try:
            self._store.prepare(simulated=self._simulated)
            self._store.expire(time.time_ns())
        except StoreMismatch as error:
            raise Refusal(str(error)) from error
        except StoreUnavailable as error:
            if self._trouble is None:
                _log.warning("The store cannot be prepared; waiting for it.", reason=str(error))
            self._trouble = str(error)
            return False
        if self._trouble is not None:
            _log.info("The store is prepared.")
        return True
