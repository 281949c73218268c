"""Waiting for a store that is away: the same action again and again, said once."""

import threading
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from store.errors import StoreUnavailable

_BACK_OFF_S: Final = (0.1, 5.0)

_log = structlog.get_logger("ingest")

Result = TypeVar("Result")


class StoppedError(Exception):
    """Asked to stop while the store is away: what is in hand stays unacknowledged."""


class Patience:
    """Tries until the store answers, for any number of threads.

    Attributes:
        stop: where it is set and the store is still away, the waiting ends.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self._troubles: dict[int, str] = {}  # of each thread that waits

    @property
    def trouble(self) -> str | None:
        """Why the store does not answer somebody; None while it answers all."""
        return next(iter(list(self._troubles.values())), None)

    def insist(self, action: Callable[[], Result]) -> Result:
        """What the action answers, however long that takes.

        Raises:
            StoppedError: asked to stop.
        """
        pause_s, longest_s = _BACK_OFF_S
        while True:
            try:
                result = action()
            except StoreUnavailable as error:
                self._say(str(error))
                if self.stop.wait(pause_s):
                    raise StoppedError from error
                pause_s = min(2 * pause_s, longest_s)
            else:
                self._troubles.pop(threading.get_ident(), None)
                return result

    def _say(self, trouble: str) -> None:
        if not self._troubles:
            _log.warning("The store does not answer; waiting for it.", reason=trouble)
        self._troubles[threading.get_ident()] = trouble
