"""The marks of robots' days, followed from the store into memory."""

import time

import polars as pl

from density.activity import WINDOW_DAYS
from density.days import start_ns
from density.marks import DAYS, Marks
from store.base import Store
from store.retention import retention_days
from store.schema import ACTIVITY, ROBOT_DAY, SILENT, STATE

LATE_DAYS = 2 * WINDOW_DAYS - 1  # the figures of WINDOW_DAYS are made of so many days


class MarkReader:
    """Marks up to a day, gone on with a day at a time; a new one starts from the store.

    Args:
        store: holds the marks.
        through_day: the figures up to this day are written; reading begins as early as the next ones need.
    """

    def __init__(self, store: Store, through_day: int) -> None:
        self._store = store
        self._older = LATE_DAYS
        self._due: list[int] = []
        self.marks = Marks(through_day - DAYS)
        self.marks.know(store.read(STATE, SILENT))

    def advance(self) -> None:
        """Go on by one day."""
        self.marks.slide()
        self._read(self.marks.last_day)
        self.note_silent()

    def renew(self, until_s: float) -> bool:
        """Read what may have come since: the last two days, and an earlier one in turn.

        While the earlier one brings news, the one before it follows at once, since late statuses come in floods.

        Args:
            until_s: of time.perf_counter: when to break off; at least one day is read.

        Returns:
            Whether it came to an end; the next call goes on.
        """
        self._due = self._due or [0, 1, self._earlier()]
        while self._due:
            back, *self._due = self._due
            if self._read(self.marks.last_day - back) and back > 1 and self._older > 2:
                self._due.append(self._earlier())
            if self._due and time.perf_counter() > until_s:
                return False
        self.note_silent()
        return True

    def _earlier(self) -> int:
        """How many days back the next of the earlier days lies, round and round."""
        self._older = self._older + 1 if self._older < LATE_DAYS - 1 else 2
        return self._older

    def note_silent(self) -> None:
        """Write when robots were seen last whose marks will soon be gone."""
        silent = self.marks.fallen_silent(WINDOW_DAYS)
        if silent.height:
            self._store.write(STATE, {SILENT: silent.with_columns(time=pl.lit(0, pl.Int64))})
            self.marks.know(silent)

    def _read(self, day: int) -> bool:
        rows = self._store.read(ACTIVITY, ROBOT_DAY, after=start_ns(day) - 1, through=start_ns(day))
        return self.marks.take(day, rows)


def day_to_begin(store: Store, last_day: int) -> int | None:
    """The first day with a mark, or a day before it that is no more than DAYS from the last; None without any mark.

    Older first days are found by halving, since all marks are many.
    """
    if not _marked(store, last_day):
        return None
    low, high = last_day - retention_days(0)[ACTIVITY], last_day - DAYS
    if not _marked(store, high):
        return high + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if _marked(store, middle) else (middle + 1, high)
    return low


def _marked(store: Store, through_day: int) -> bool:
    return store.read(ACTIVITY, ROBOT_DAY, through=start_ns(through_day), newest=1).height > 0
