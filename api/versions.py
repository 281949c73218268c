"""What answers are made of, as one word that differs whenever any of them may."""

import threading
import time
from collections.abc import Callable

from api.figures import Folded, Shelf
from api.ledger import Ledger
from density.days import day_of_ns


class Versions:
    """The version of figures, ledger and day; the store is asked by one reader at a time, whoever wants to know.

    Args:
        shelf: says how far the figures go.
        ledger: says what officials wrote last.
        clock_ns: the day of now.
        fresh_s: for so long an answer of the store holds; 0 asks it every time.
    """

    def __init__(self, shelf: Shelf, ledger: Ledger, *, clock_ns: Callable[[], int], fresh_s: float) -> None:
        self._shelf, self._ledger, self._clock_ns, self._fresh_s = shelf, ledger, clock_ns, fresh_s
        self._lock = threading.Lock()
        self._folded = Folded()
        self._until_s = -1.0
        # Another process may run other code or other seeds: what it answered says nothing of what this one does.
        self._process = f"{clock_ns():x}"

    def known(self) -> str | None:
        """The tag of now where that takes no reading; else none."""
        return self._tag() if time.monotonic() < self._until_s else None

    def tag(self) -> str:
        """The tag of now: what was answered under it is answered again as long as it stays.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        return self.known() or self._read()

    def folded(self) -> Folded:
        """How far the figures go.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        self.tag()
        return self._folded

    def _read(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until_s:  # else another thread has read meanwhile
                began_s = time.monotonic()
                self._ledger.registry()
                self._folded = self._shelf.folded()
                self._until_s = began_s + self._fresh_s
            return self._tag()

    def _tag(self) -> str:
        today = day_of_ns(self._clock_ns())
        return f"{self._process}-{self._folded.version}-{self._ledger.version}-{today}"
