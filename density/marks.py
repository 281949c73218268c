"""On which of the last 64 days each robot sent a status, and was seen executing: one bit a day."""

import numpy as np
import numpy.typing as npt
import polars as pl

DAYS = 64
LONG_AGO = -(10**9)  # a robot that was never seen was seen last on this day

Bits = npt.NDArray[np.uint64]
DayNumbers = npt.NDArray[np.int64]

_NAMES = ("factory", "robot")
_ONE = np.uint64(1)


def day_bits(days: int) -> np.uint64:
    """The bits of the newest days."""
    return np.uint64((1 << days) - 1)


class Marks:
    """The marks of every asset number that was ever seen; the row of `assets` is its place in the arrays.

    Attributes:
        last_day: the day of bit 0; bit k is k days earlier.
        assets: factory, robot and place.
        seen: the days with a status.
        executed: the days on which it was seen executing.
        before_day: the last known day with a status that no bit stands for.
    """

    def __init__(self, last_day: int) -> None:
        self.last_day = last_day
        self.assets = pl.DataFrame(schema={"factory": pl.String, "robot": pl.String, "place": pl.Int64})
        self.seen: Bits = np.zeros(0, np.uint64)
        self.executed: Bits = np.zeros(0, np.uint64)
        self.before_day: DayNumbers = np.zeros(0, np.int64)
        self._noted: DayNumbers = np.zeros(0, np.int64)

    def slide(self) -> None:
        """Go on by one day."""
        leaves = (self.seen >> np.uint64(DAYS - 1)).astype(np.bool_)
        self.before_day[leaves] = self.last_day - DAYS + 1
        self.seen <<= _ONE
        self.executed <<= _ONE
        self.last_day += 1

    def take(self, day: int, rows: pl.DataFrame) -> bool:
        """Set the marks of a day; answers whether any of them is new.

        Args:
            day: at most 63 days before `last_day`.
            rows: factory, robot and executed; each was seen.
        """
        places = self._places(rows)
        bit = _ONE << np.uint64(self.last_day - day)
        executed = places[rows["executed"].fill_null(value=False).to_numpy()]
        news = bool(((self.seen[places] & bit) == 0).any() or ((self.executed[executed] & bit) == 0).any())
        self.seen[places] |= bit
        self.executed[executed] |= bit
        return news

    def know(self, silent: pl.DataFrame) -> None:
        """Take in when silent robots were seen last: factory, robot, last_day."""
        places, last = self._places(silent), silent["last_day"].to_numpy()
        self.before_day[places] = np.maximum(self.before_day[places], last)
        self._noted[places] = last

    def fallen_silent(self, days: int) -> pl.DataFrame:
        """The robots without a mark in so many days, with their newest one: factory, robot, last_day.

        Those that `know` was told of in the same words are left out.
        """
        places = np.flatnonzero((self.seen != 0) & ((self.seen & day_bits(days)) == 0))
        seen = self.seen[places]
        lowest = seen & (~seen + _ONE)
        last = self.last_day - np.bitwise_count(lowest - _ONE).astype(np.int64)
        fresh = last != self._noted[places]
        names = {name: self.assets[name].gather(places[fresh]) for name in _NAMES}
        return pl.DataFrame({**names, "last_day": last[fresh]})

    def earliest_day(self) -> int | None:
        """The first of the 64 days on which any robot was seen."""
        any_seen = int(np.bitwise_or.reduce(self.seen))
        return self.last_day - any_seen.bit_length() + 1 if any_seen else None

    def _places(self, rows: pl.DataFrame) -> DayNumbers:
        found = rows.select(_NAMES).join(self.assets, on=_NAMES, how="left", maintain_order="left")["place"]
        if not found.null_count():
            return found.to_numpy()
        new = rows.filter(found.is_null()).select(_NAMES).unique()
        first = self.assets.height
        numbered = new.with_columns(place=pl.int_range(first, first + new.height, dtype=pl.Int64))
        self.assets = pl.concat([self.assets, numbered])
        self.seen = np.append(self.seen, np.zeros(new.height, np.uint64))
        self.executed = np.append(self.executed, np.zeros(new.height, np.uint64))
        self.before_day = np.append(self.before_day, np.full(new.height, LONG_AGO))
        self._noted = np.append(self._noted, np.full(new.height, LONG_AGO))
        return self._places(rows)
