"""Which robots work, day by day, kept up in the store beside the figures.

robot_day, silent ─► marks of 64 days ─► counts of the last 30 days ─► robot_activity, only what differs
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from density.activity import WINDOW_DAYS, Population, activity
from density.cube import Scopes
from density.days import DAY_NS, day_of_ns, start_ns
from density.marks import Marks
from rollup.marks import MarkReader, day_to_begin
from store.base import Store
from store.schema import FIGURES, ROBOT_ACTIVITY

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Summing:
    """How spans become figures of scopes.

    Attributes:
        scopes: the first axis of the sums.
        series: the second.
        sums: from spans, a first and a last day to an array [scope, series, day].
    """

    scopes: Scopes
    series: Sequence[str]
    sums: Callable[[pl.DataFrame, int, int], Counts]


class ActivityStep:
    """Reads marks, counts and writes: as often as it is due, and in portions, so that nobody waits for it.

    Days that are older than WINDOW_DAYS stay as they were written; after a pause it goes on where the store ends.

    Args:
        store: holds the marks and takes the figures.
        period_s: the time between two counts.
        budget_s: a call that has read for so long ends, and the next one goes on.
    """

    def __init__(self, store: Store, *, period_s: float = 60.0, budget_s: float = 0.15) -> None:
        self._store, self._period_s, self._budget_s = store, period_s, budget_s
        self._reader: MarkReader | None = None
        self._renewed = False
        self._next_s = -np.inf
        self._through = 0
        self._listening: int | None = None
        self._rows = ROBOT_ACTIVITY.frame()

    def update(self, population: Population, summing: Summing, *, day: int, now_s: float) -> int:
        """Write every point of the last days that differs, if it is time; answers how many that were.

        Args:
            population: the robots of the newest figures.
            summing: their scopes.
            day: the last day.
            now_s: of a clock that never goes back [s].

        Raises:
            StoreUnavailable: nothing is known of what was written; a new step starts from the store.
        """
        if now_s < self._next_s:
            return 0
        reader = self._reader = self._reader or self._begun(day)
        if reader is None:
            self._next_s = now_s + self._period_s
            return 0
        until_s = time.perf_counter() + self._budget_s
        points = 0
        while reader.marks.last_day < day:
            reader.advance()
            if (reader.marks.last_day - self._through) % WINDOW_DAYS == 0 and reader.marks.last_day > self._through:
                points += self._count(reader.marks, population, summing)
            if time.perf_counter() > until_s:
                return points
        if not self._renewed:
            self._renewed = reader.renew(until_s)
            return points
        self._next_s, self._renewed = now_s + self._period_s, False
        return points + self._count(reader.marks, population, summing)

    def _begun(self, day: int) -> MarkReader | None:
        """Begin after the last day that is written, or with the first mark; None while there is neither."""
        where = {"scope": "city", "series": "total"}
        written = self._store.read(FIGURES, ROBOT_ACTIVITY, where=where)["time"]
        if written.len():
            self._listening = day_of_ns(written[0])
            self._through = min(day_of_ns(written[-1]), day)
        else:
            begin = day_to_begin(self._store, day)
            if begin is None:
                return None
            self._through = begin - 1
        self._rows = self._store.read(FIGURES, ROBOT_ACTIVITY, after=start_ns(self._through - WINDOW_DAYS) - 1)
        return MarkReader(self._store, self._through)

    def _count(self, marks: Marks, population: Population, summing: Summing) -> int:
        """Count the last days, from the first on which any robot spoke, and write what differs."""
        heard = [day for day in (self._listening, marks.earliest_day()) if day is not None]
        if not heard or min(heard) > marks.last_day:
            return 0
        self._listening = min(heard)
        first = max(self._listening, marks.last_day - WINDOW_DAYS + 1)
        days = marks.last_day - first + 1
        spans = activity(population, marks, listening_day=self._listening, days=days)
        sums = {name: summing.sums(frame, first, marks.last_day) for name, frame in spans.items()}
        rows = _points(sums, summing, first)
        changed = rows.join(self._rows, on=rows.columns, how="anti")
        if changed.height:
            self._store.write(FIGURES, {ROBOT_ACTIVITY: changed})
        self._rows = rows
        return changed.height


def _points(sums: Mapping[str, Counts], summing: Summing, first_day: int) -> pl.DataFrame:
    """A row for each scope, series and day."""
    shape = next(iter(sums.values())).shape
    scope, line, day = (places.ravel() for places in np.indices(shape))
    names, kinds, series = (pl.Series(each) for each in (summing.scopes.names, summing.scopes.kinds, summing.series))
    return pl.DataFrame(
        {
            "time": start_ns(0) + (day + first_day) * DAY_NS,
            "scope": names.gather(scope),
            "kind": kinds.gather(scope),
            "series": series.gather(line),
            **{name: array.ravel() for name, array in sums.items()},
        },
        schema=ROBOT_ACTIVITY.columns,
    )
