"""How many items arrived, were stored and refused; sums of the stored counts, quick enough to be polled."""

import threading
from collections.abc import Callable, Mapping

import polars as pl

from density.days import day_of_ns, start_ns
from store.base import Store
from store.ledger import REPLAY_WRITER
from store.schema import ACCOUNTING, REPORTS

COUNTS = ("messages", "arrived", "stored", "refused", "redelivered")

_MONTH = 31
_ARRIVED = pl.col("writer") != REPLAY_WRITER


class Accounts:
    """Sums over factories and writers by day of arrival and kind.

    The counts of a day are running totals of that day. So days before yesterday stand, are read once and kept;
    yesterday is read again with today, since a report that came at midnight may still be on its way to the store.
    What replays move concerns any day: it is read each time.
    """

    def __init__(self, store: Store, *, clock_ns: Callable[[], int], first_day: int) -> None:
        self._store, self._clock_ns = store, clock_ns
        self._lock = threading.Lock()
        self._kept = _sums(ACCOUNTING.frame())
        self._next_day = first_day

    def sums(self) -> pl.DataFrame:
        """day, kind and the counts, of all factories."""
        with self._lock:
            settled = day_of_ns(self._clock_ns()) - 1
            while self._next_day < settled:
                until = min(self._next_day + _MONTH, settled)
                frame = self._read(self._next_day, until - 1, {})
                self._kept, self._next_day = pl.concat([self._kept, _sums(frame.filter(_ARRIVED))]), until
            recent = _sums(self._read(self._next_day, None, {}).filter(_ARRIVED))
            moved = _sums(self._read(None, None, {"writer": REPLAY_WRITER}))
            return _added(pl.concat([self._kept, recent, moved]))

    def of_factory(self, factory: str) -> pl.DataFrame:
        """day, kind and the counts, of one factory."""
        return _sums(self._read(None, None, {"factory": factory}))

    def _read(self, first: int | None, last: int | None, where: Mapping[str, str]) -> pl.DataFrame:
        after = None if first is None else start_ns(first) - 1
        through = None if last is None else start_ns(last)
        return self._store.read(REPORTS, ACCOUNTING, after=after, through=through, where=where)


def totals(sums: pl.DataFrame) -> dict[str, int]:
    """The counts over all days and kinds of a frame."""
    return {name: int(sums[name].sum()) for name in COUNTS}


def _sums(frame: pl.DataFrame) -> pl.DataFrame:
    days = (pl.col("time") - start_ns(0)) // (start_ns(1) - start_ns(0))
    return _added(frame.with_columns(days.alias("day")))


def _added(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("day", "kind").agg(pl.col(name).sum() for name in COUNTS).sort("day", "kind")
