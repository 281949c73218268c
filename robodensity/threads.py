"""A named thread whose failure is not lost."""

import threading
from collections.abc import Callable

STOP_S = 30.0


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
