"""How often an address presented what was wrong: whoever guesses waits."""

import threading
import time
from collections import OrderedDict, deque

from api.errors import ApiError

WINDOW_S = 60.0
ADDRESSES = 10_000


class Failures:
    """Counts them for a minute.

    Args:
        most: so many a minute and address.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def demand_patience(self, address: str) -> None:
        """Refuse to look at anything further from an address that was wrong too often.

        Raises:
            ApiError: 429 `too_many_wrong_keys`.
        """
        with self._lock:
            times = self._times.get(address, deque())
            while times and times[0] < time.monotonic() - WINDOW_S:
                times.popleft()
            if len(times) < self._most:
                return
            wait_s = int(times[0] + WINDOW_S - time.monotonic()) + 1
        sentence = f"{self._most} wrong keys came from this address within a minute; try again in {wait_s} s."
        raise ApiError(429, "too_many_wrong_keys", sentence, headers={"Retry-After": str(wait_s)})

    def count(self, address: str) -> None:
        """One more."""
        with self._lock:
            self._times.setdefault(address, deque()).append(time.monotonic())
            self._times.move_to_end(address)
            while len(self._times) > ADDRESSES:
                self._times.popitem(last=False)
