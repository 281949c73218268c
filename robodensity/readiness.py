"""Whether the system takes work: the store answers a write and a read, and the subscription is granted."""

from collections.abc import Callable

from api.options import Readiness
from ingest.state import IngestState


class WorkerProbe:
    """The readiness of a store together with that of the ingest worker beside it."""

    def __init__(self, store: Callable[[], Readiness], worker: Callable[[], IngestState]) -> None:
        self._store, self._worker = store, worker

    def __call__(self) -> Readiness:
        """The readiness now; never raises."""
        reasons = (*self._store().reasons, *self._trouble())
        return Readiness(ready=not reasons, reasons=reasons)

    def _trouble(self) -> tuple[str, ...]:
        state = self._worker()
        if state.trouble:
            return state.trouble
        return () if state.subscribed else ("The broker has not granted the subscription yet; wait.",)
