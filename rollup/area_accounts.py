"""From the accounts of factories to those of areas, day by day, kept up in the store beside the figures.

accounting, numbering (every factory) ─► sums of the city, districts, parks and zones ─► area_account, what differs
"""

import time
from collections.abc import Collection

import numpy as np
import polars as pl

from density.days import day_of_ns, start_ns
from density.sites import Sites
from rollup.activity import Counts, Summing
from store.base import Store
from store.ledger import REPLAY_WRITER
from store.schema import ACCOUNTING, AREA_ACCOUNT, FIGURES, NUMBERING, REPORTS, Measurement

KINDS = ("city", "district", "park", "zone")
ITEMS = ("messages", "arrived", "stored", "refused", "redelivered")
NUMBERS = ("numbered", "missing", "unnumbered")
_SUMMED = (*ITEMS, *NUMBERS)
_LATE_NS = 3_600 * 10**9  # what arrived just before midnight may be written after it
_FIRST_DAY = 0  # no account is of a day before 1970


class AreaAccounts:
    """Tells the days whose accounts may have changed, oldest first and few at a time, so that nobody waits for it.

    A day is told whole, so that areas always add up to the city, and by the register as it is then; where nothing
    came since, a day stays as it was told. A new one goes on from the last day that the store holds.

    Args:
        store: holds the accounts and takes the figures.
        budget_s: a call that has told for so long ends, and the next one goes on.

    Attributes:
        due: the days that are still to be told.
    """

    def __init__(self, store: Store, *, budget_s: float = 0.15) -> None:
        self._store, self._budget_s = store, budget_s
        self._begun = False
        self._replayed = ACCOUNTING.frame()
        self.due: set[int] = set()

    def note(self, days: Collection[int], now_ns: int, *, replayed: bool) -> None:
        """Take days whose accounts may have changed; today's always may, since not all that counts is logged.

        Args:
            days: of which something was logged.
            now_ns: the wall clock.
            replayed: whether a replay may have moved anything, on any day.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        today = day_of_ns(now_ns)
        if not self._begun:
            self.due |= set(range(self._begin(today), today))
            self._begun = True
        if replayed:
            self.due |= self._moved()
        self.due |= {*days, day_of_ns(now_ns - _LATE_NS), today}

    def update(self, sites: Sites, summing: Summing) -> int:
        """Write every point that differs of some of the due days; answers how many that were.

        Args:
            sites: where the factories are.
            summing: their scopes.

        Raises:
            StoreUnavailable: nothing is known of what was written; a new one starts from the store.
        """
        until_s, points = time.perf_counter() + self._budget_s, 0
        while self.due:
            day = min(self.due)
            points += self._tell(day, sites, summing)
            self.due.discard(day)
            if time.perf_counter() > until_s:
                break
        return points

    def _begin(self, today: int) -> int:
        """The last day that is told, else the first with an account, which is found by halving."""
        told = self._store.read(FIGURES, AREA_ACCOUNT, where={"scope": "city"}, newest=1)["time"]
        if told.len():
            return day_of_ns(told[0])
        if not self._counted_through(today):
            return today
        low, high = _FIRST_DAY, today
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._counted_through(middle) else (middle + 1, high)
        return low

    def _counted_through(self, day: int) -> bool:
        return self._store.read(REPORTS, ACCOUNTING, through=start_ns(day), newest=1).height > 0

    def _moved(self) -> set[int]:
        """The days on which replays have moved anything since the last look."""
        rows = self._store.read(REPORTS, ACCOUNTING, where={"writer": REPLAY_WRITER})
        fresh = rows.join(self._replayed, on=rows.columns, how="anti", nulls_equal=True)
        self._replayed = rows
        return {day_of_ns(moment) for moment in fresh["time"].unique()}

    def _tell(self, day: int, sites: Sites, summing: Summing) -> int:
        items = self._of(day, ACCOUNTING).select("factory", *ITEMS)
        numbers = self._of(day, NUMBERING).select("factory", *NUMBERS)
        told = self._of(day, AREA_ACCOUNT)
        if items.is_empty() and numbers.is_empty() and told.is_empty():
            return 0
        counted = pl.concat([items, numbers], how="diagonal").group_by("factory").agg(pl.col(_SUMMED).sum())
        rows = area_rows(counted, sites, summing, day)
        changed = rows.join(told, on=rows.columns, how="anti")
        if changed.height:
            self._store.write(FIGURES, {AREA_ACCOUNT: changed})
        return changed.height

    def _of(self, day: int, kind: Measurement) -> pl.DataFrame:
        return self._store.read(kind.database, kind, after=start_ns(day) - 1, through=start_ns(day))


def area_rows(counted: pl.DataFrame, sites: Sites, summing: Summing, day: int) -> pl.DataFrame:
    """A point of a day for the city and each district, park and zone.

    Args:
        counted: factory and its counts of the day: items and messages as `accounting` and `numbering` name them.
        sites: where the factories are; a closed one stays where it was last.
        summing: their scopes.
        day: integer day.

    Returns:
        Points of `area_account`. What came of nobody in the register is in the city's counts alone, and told as
        `unregistered` there.
    """
    placed = _placed(counted, sites, day)
    known, strangers = placed.drop_nulls("site"), placed.filter(pl.col("site").is_null())
    sums = _summed(known, summing)
    rows = pl.DataFrame(
        {"time": start_ns(day), "scope": summing.scopes.names, "kind": summing.scopes.kinds, **sums},
        schema_overrides={"time": pl.Int64},
    ).filter(pl.col("kind").is_in(KINDS))
    of_nobody = {name: int(strangers[name].sum()) for name in _SUMMED}
    in_city = pl.col("kind") == "city"
    return rows.with_columns(
        *(pl.col(name) + in_city * pl.lit(amount, pl.Int64) for name, amount in of_nobody.items()),
        unregistered=in_city * pl.lit(of_nobody["arrived"], pl.Int64),
    ).select(*AREA_ACCOUNT.columns)


def _summed(known: pl.DataFrame, summing: Summing) -> dict[str, Counts]:
    """Each count of every scope; they stand side by side as days do, so that sites are placed once for all."""
    counts = known.select("site", *_SUMMED).unpivot(index="site", variable_name="count", value_name="amount")
    place = pl.col("count").replace_strict(list(_SUMMED), list(range(len(_SUMMED))), return_dtype=pl.Int64)
    spans = counts.select("site", from_day=place, to_day=place + 1, amount="amount")
    of_all = summing.sums(spans, 0, len(_SUMMED) - 1)[:, list(summing.series).index("total")]
    return {name: of_all[:, column] for column, name in enumerate(_SUMMED)}


def _placed(counted: pl.DataFrame, sites: Sites, day: int) -> pl.DataFrame:
    """With the `site` that each factory was last on the day, null where the register does not know it."""
    names = sites.rows.select(pl.col("factory").unique(maintain_order=True)).with_row_index("number")
    numbered = counted.join(names, on="factory", how="left")
    site = sites.in_force(numbered["number"].fill_null(0).cast(pl.Int64).to_numpy(), np.array(day))
    return numbered.with_columns(site=pl.when(pl.col("number").is_not_null()).then(pl.Series(site, dtype=pl.Int64)))
