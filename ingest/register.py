"""Which factories are registered, and how many sites share a credit code."""

from collections import Counter

import polars as pl

from store.base import Store
from store.ledger import LedgerReader
from store.schema import REGISTRATION

_ALWAYS = -(2**31)  # a first registration is in force before any day
_INTERVAL_S = 1.0


class Register:
    """The register as far as the store's registration reports have been read.

    Args:
        store: holds the registrations of every writer.
    """

    def __init__(self, store: Store) -> None:
        self._reader = LedgerReader(store, [REGISTRATION])
        self._standing: dict[str, tuple[int, int, str]] = {}  # from day, stamp, credit code
        self._sites: Counter[str] = Counter()
        self._next_s = float("-inf")

    def may_refresh(self, now_s: float) -> bool:
        """Whether the last reading is a second ago."""
        return now_s >= self._next_s

    def refresh(self, now_s: float) -> None:
        """Read what was registered since.

        Raises:
            StoreUnavailable: nothing was read.
        """
        self._next_s = now_s + _INTERVAL_S
        frames = self._reader.poll()
        if REGISTRATION in frames:
            self._take(frames[REGISTRATION])

    def _take(self, frame: pl.DataFrame) -> None:
        columns = frame.select("factory", "from_day", "time", "credit_code").rows()
        for factory, from_day, stamp, credit_code in columns:
            entry = (_ALWAYS if from_day is None else from_day, stamp, credit_code or "")
            self._standing[factory] = max(entry, self._standing.get(factory, entry))
        self._sites = Counter(code for _, _, code in self._standing.values() if code)

    def __contains__(self, factory: str) -> bool:
        return factory in self._standing

    def sites(self, factory: str) -> int:
        """How many registered sites have the credit code of this one; 1 where it has none."""
        code = self._standing[factory][2] if factory in self._standing else ""
        return self._sites[code] if code else 1
