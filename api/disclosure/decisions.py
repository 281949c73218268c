"""The rollup's decisions on what is public, by month; read once for each version of the figures."""

import threading
from functools import lru_cache

from api.figures import Folded, Shelf
from density.cube import is_division
from density.days import day_of_ns, month_ends
from density.disclosure.decision import EMPTY, OPEN
from store.base import Store
from store.schema import DISCLOSURE, FIGURES, PUBLICATION, STATE

MONTHLY = frozenset({"park", "zone"})  # below district: the ends of published months alone
UNDECIDED, BY_MONTH, BY_ROLE = "undecided", "monthly", "role"

Cell = tuple[str, str]


@lru_cache(maxsize=4_096)
def _ends_around(day: int) -> tuple[int, int]:
    """The ends of the month before and of the day's own."""
    return int(month_ends(day - 31, day - 1)[-1]), int(month_ends(day, day + 31)[0])


class Decisions:
    """Whether a cell is public on a day; every call raises StoreUnavailable when the store does not answer."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store, self._shelf = store, shelf
        self._lock = threading.Lock()
        self._folded = Folded()
        self._months: dict[int, dict[Cell, str]] = {}
        self._published: int | None = None

    def follow(self, folded: Folded) -> None:
        """Read them anew if the figures moved on."""
        with self._lock:
            if folded.version == self._folded.version:
                return
            months: dict[int, dict[Cell, str]] = {}
            for row in self._store.read(FIGURES, DISCLOSURE).iter_rows(named=True):
                months.setdefault(day_of_ns(row["time"]), {})[row["scope"], row["series"]] = row["why"]
            through = self._store.read(STATE, PUBLICATION)["through_day"]
            self._months, self._published, self._folded = months, through[-1] if through.len() else None, folded

    def day_of(self, kind: str, day: int) -> int | None:
        """The newest day up to a day that the public is told of a kind of scope; none before there is any."""
        if kind not in MONTHLY:
            return day
        if self._published is None:
            return None
        through = min(self._published, day)
        ends = month_ends(through - 31, through)
        return int(ends[-1]) if ends.size else None

    def why_closed(self, scope: str, kind: str, series: str, day: int) -> str | None:
        """Why the public is not told of a cell on a day; none where it is.

        A cell is open on a day where it was at the end of the month before and is at the end of this one: so that no
        two days, of which one is told and the other is not, stand beside one another within a month.
        """
        if "/" in scope or kind == "factory" or (kind == "industry" and not is_division(scope)):
            return BY_ROLE
        if kind in MONTHLY and self.day_of(kind, day) != day:
            return BY_MONTH
        before, end = _ends_around(day)
        told = [self._months[each] for each in (before, end) if each in self._months]
        if end not in self._months:
            return UNDECIDED
        found = [month.get((scope, series), UNDECIDED) for month in told]
        return next((why for why in found if why not in {OPEN, EMPTY}), None)
