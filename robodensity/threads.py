"""A named thread whose failure is not lost."""

import threading
import time
from collections.abc import Callable

STOP_S = 30.0
POLL_S = 0.05


class Part:
    """One long-running part of a process; it is told to stop by an event."""

    def __init__(self, name: str, run: Callable[[threading.Event], None]) -> None:
        self.name = name
        self.failure: BaseException | None = None
        self._run = run
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._guarded, name=name, daemon=True)

    def start(self) -> "Part":
        """Start the thread."""
        self._thread.start()
        return self

    def _guarded(self) -> None:
        try:
            self._run(self._stop)
        except BaseException as error:  # noqa: BLE001 - kept for whoever waits on this part
            self.failure = error

    @property
    def ended(self) -> bool:
        """Whether it runs no more."""
        return not self._thread.is_alive()

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._stop.set()
        self._thread.join(STOP_S)


def after(
    happened: threading.Event, run: Callable[[threading.Event], None], *, patience_s: float
) -> Callable[[threading.Event], None]:
    """The same work, begun when something has happened, or when that took too long.

    Args:
        happened: what comes first.
        run: the work of a part.
        patience_s: how long it is waited for.
    """

    def begin(stop: threading.Event) -> None:
        late_s = time.monotonic() + patience_s
        while not (happened.wait(POLL_S) or stop.is_set() or time.monotonic() >= late_s):
            pass
        run(stop)

    return begin
