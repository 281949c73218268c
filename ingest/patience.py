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
    """Tries until the store answers.

    Attributes:
        stop: where it is set and the store is still away, the waiting ends.
        trouble: why the store does not answer; None while it does.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.trouble: str | None = None

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
                self.trouble = None
                return result

    def _say(self, trouble: str) -> None:
        if self.trouble is None:
            _log.warning("The store does not answer; waiting for it.", reason=trouble)
        self.trouble = trouble
