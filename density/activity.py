"""Which robots work: connected, operating, undeclared and unseen, from the marks of their statuses.

marks ─┬─► each day: which asset numbers were seen, executing, silent ─► counts [site, day] ─► spans
robots ┘
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from density.marks import LONG_AGO, Bits, DayNumbers, Marks, day_bits
from density.sites import ALWAYS, NEVER, Sites

WINDOW_DAYS = 30  # a robot that spoke in so many days, the day itself among them, is connected
EXECUTING_DAYS = 5  # of these days it executes on, at least, to be operating
SILENT_DAYS = 365
FIGURES = ("connected_stock", "operating_stock", "undeclared", "unseen")

_Flags = npt.NDArray[np.bool_]
_ASSET = ["factory", "robot"]


@dataclass(frozen=True)
class Population:
    """The robots that activity is counted of.

    Attributes:
        assets: identity, factory, robot, from_day, to_day (exclusive) of every robot in stock.
        entered: factory, robot, from_day: every entering of an asset number, of whatever counts or not.
        sites: where the factories are.
    """

    assets: pl.DataFrame
    entered: pl.DataFrame
    sites: Sites


def activity(
    population: Population,
    marks: Marks,
    *,
    listening_day: int,
    days: int = WINDOW_DAYS,
    executing_days: int = EXECUTING_DAYS,
) -> Mapping[str, pl.DataFrame]:
    """The figures of the last days that the marks hold, as spans to be summed.

    Args:
        population: who could be active.
        marks: who was; the last day is theirs.
        listening_day: the first day on which any status came: nobody was heard to be silent before.
        days: how many days, at most WINDOW_DAYS: earlier ones need marks that are gone.
        executing_days: on how many different days of WINDOW_DAYS an operating robot executes.

    Returns:
        By figure: site, from_day, to_day (exclusive) and amount.
    """
    first, last = marks.last_day - days + 1, marks.last_day
    seen = _Seen.of(marks, population.sites)
    inside = (pl.col("to_day") > first) & (pl.col("from_day") <= last)
    standing = _Spans.of(population.sites.placed(population.assets.filter(inside)), seen)
    strangers = _Spans.of(_strangers(population, marks, first), seen)
    silent = _Spans.of(_silent(population, marks, first).filter(inside), seen)
    sites = population.sites.rows.height
    counts = {name: np.zeros((sites, days), np.int64) for name in FIGURES}
    for column, day in enumerate(range(first, last + 1)):
        connected, operating = seen.at_work(day, executing_days)
        here = standing.on(day) & connected[standing.place]
        counts["connected_stock"][:, column] = standing.count(here, sites)
        counts["operating_stock"][:, column] = standing.count(here & operating[standing.place], sites)
        unknown = strangers.on(day) & connected[strangers.place]
        counts["undeclared"][:, column] = strangers.count(unknown, sites)
        if day >= listening_day + SILENT_DAYS - 1:
            counts["unseen"][:, column] = silent.count(silent.on(day) & seen.alone_silent(silent, day), sites)
    return {name: _runs(array, first) for name, array in counts.items()}


@dataclass(frozen=True)
class _Seen:
    """The marks as arrays, with one asset number more at the end: the one that was never seen.

    `factory` is the factory of each of them, and `site_factory` of each site, as a number.
    """

    assets: pl.DataFrame
    factory: DayNumbers
    site_factory: DayNumbers
    last_day: int
    seen: Bits
    executed: Bits
    before_day: DayNumbers

    @classmethod
    def of(cls, marks: Marks, sites: Sites) -> "_Seen":
        named = pl.concat([marks.assets["factory"], sites.rows.sort("site")["factory"]])
        numbers = named.rank("dense").cast(pl.Int64).to_numpy()
        known = marks.assets.height
        return cls(
            marks.assets,
            numbers[:known],
            numbers[known:],
            marks.last_day,
            np.append(marks.seen, np.uint64(0)),
            np.append(marks.executed, np.uint64(0)),
            np.append(marks.before_day, LONG_AGO),
        )

    def at_work(self, day: int, executing_days: int) -> tuple[_Flags, _Flags]:
        """Which asset numbers are connected, and which execute often enough."""
        shift, window = np.uint64(self.last_day - day), day_bits(WINDOW_DAYS)
        connected = ((self.seen >> shift) & window) != 0
        return connected, np.bitwise_count((self.executed >> shift) & window) >= executing_days

    def alone_silent(self, spans: "_Spans", day: int) -> _Flags:
        """Which robots were silent for SILENT_DAYS while others of their factory spoke."""
        spoke = (self.seen >> np.uint64(self.last_day - day) != 0) | (self.before_day > day - SILENT_DAYS)
        talking = np.bincount(self.factory[spoke[:-1]], minlength=self.factories) > 0
        flags: _Flags = ~spoke[spans.place] & talking[self.site_factory[spans.site]]
        return flags

    @property
    def factories(self) -> int:
        return int(max(self.factory.max(initial=0), self.site_factory.max(initial=0))) + 1


@dataclass(frozen=True)
class _Spans:
    """Spans of asset numbers at sites."""

    site: DayNumbers
    place: DayNumbers
    from_day: DayNumbers
    to_day: DayNumbers

    @classmethod
    def of(cls, spans: pl.DataFrame, seen: _Seen) -> "_Spans":
        rows = spans.join(seen.assets, on=_ASSET, how="left")
        filled = rows.with_columns(pl.col("place").fill_null(seen.assets.height))
        return cls(*(filled[name].cast(pl.Int64).to_numpy() for name in ("site", "place", "from_day", "to_day")))

    def on(self, day: int) -> _Flags:
        """Which of them hold a day."""
        return (self.from_day <= day) & (day < self.to_day)

    def count(self, flags: _Flags, sites: int) -> DayNumbers:
        """How many of them at each site."""
        return np.bincount(self.site[flags], minlength=sites)


def _strangers(population: Population, marks: Marks, first: int) -> pl.DataFrame:
    """The asset numbers that sent anything, by site, up to their first entering."""
    early = pl.col("from_day") <= first
    unknown = marks.assets.filter(pl.Series(marks.seen != 0, dtype=pl.Boolean)).join(
        population.entered.filter(early), on=_ASSET, how="anti"
    )
    entered = population.entered.filter(~early).group_by(_ASSET).agg(to_day=pl.col("from_day").min())
    spans = unknown.join(entered, on=_ASSET, how="left").select(
        *_ASSET, from_day=pl.lit(ALWAYS, pl.Int64), to_day=pl.col("to_day").fill_null(NEVER)
    )
    return population.sites.placed(spans)


def _silent(population: Population, marks: Marks, first: int) -> pl.DataFrame:
    """The robots that may be silent, by site, from the day on which each has stood for SILENT_DAYS without a break."""
    spoke = (marks.seen >> np.uint64(marks.last_day - first) != 0) | (marks.before_day > marks.last_day - SILENT_DAYS)
    heard = marks.assets.filter(pl.Series(spoke, dtype=pl.Boolean))
    robots = [*_ASSET, "identity"]
    ordered = population.assets.join(heard, on=_ASSET, how="anti").sort(*robots, "from_day")
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in robots)
    begins = ~(same & (pl.col("from_day") <= pl.col("to_day").shift())).fill_null(value=False)
    since = pl.when(begins).then("from_day").forward_fill()
    ripe = ordered.with_columns(from_day=pl.max_horizontal("from_day", since + SILENT_DAYS - 1))
    return population.sites.placed(ripe.filter(pl.col("from_day") < pl.col("to_day")))


def _runs(counts: DayNumbers, first: int) -> pl.DataFrame:
    """Counts [site, day] as spans of days with one amount."""
    changes = np.ones(counts.shape, np.bool_)
    changes[:, 1:] = counts[:, 1:] != counts[:, :-1]
    site, day = np.nonzero(changes)
    end = np.where(np.append(site[1:], -1) == site, np.append(day[1:], 0), counts.shape[1])
    spans = pl.DataFrame({"site": site, "from_day": day + first, "to_day": end + first, "amount": counts[site, day]})
    return spans.filter(pl.col("amount") != 0)
