"""The factories that count on both days of a comparison: sums that further factories only add to."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts
from density.cores import on_cores
from density.cube import Lines
from density.days import month_ends, months_before
from density.sites import Sites

BASES = {"mom": 1, "yoy": 12}  # months before
MATCHED = ("matched", "stock_then", "stock_now", "persons_then", "persons_now")


@dataclass(frozen=True)
class Pairs:
    """The days that are compared.

    Attributes:
        base: a name of BASES.
        then: array [pair]: integer day.
        now: array [pair]: integer day.
    """

    base: str
    then: Counts
    now: Counts


def pairs(base: str, first_day: int, last_day: int) -> Pairs:
    """Each month-end and the last day, beside the same day of the month a month or a year before.

    The month-end before 30 April is 31 March.
    """
    ends = month_ends(first_day, last_day)
    days = np.unique([*ends, last_day])
    before = months_before(days, BASES[base])
    then = np.where(np.isin(days, ends), _month_end(before), before)
    return Pairs(base, then[then >= first_day], days[then >= first_day])


def _month_end(day: Counts) -> Counts:
    end: Counts = (day.astype("M8[D]").astype("M8[M]") + 1).astype("M8[D]").astype(np.int64) - 1
    return end


@dataclass(frozen=True)
class _Counting:
    """Factories that count on both days of a pair: pair, site then, site now, and MATCHED [figure, row]."""

    pair: Counts
    site_then: Counts
    site_now: Counts
    amount: Counts


@dataclass(frozen=True)
class Matched:
    """Sums over the factories that are in a scope and series on both days of a pair.

    Attributes:
        pairs: the days that are compared.
        sums: array [figure of MATCHED, scope, series, pair].
    """

    pairs: Pairs
    sums: Counts

    def with_(self, gone: "Matched", come: "Matched") -> "Matched":
        """The sums with some factories told anew."""
        return Matched(self.pairs, self.sums - gone.sums + come.sums)


def matched(factories: pl.DataFrame, sites: Sites, lines: Lines, scopes: int, days: tuple[int, int]) -> list[Matched]:
    """What factories add, with each base.

    Args:
        factories: rows of `factory_figures`, sorted by factory and day.
        sites: the sites.
        lines: which scopes and series each belongs to.
        scopes: how many there are.
        days: first and last integer day of the figures.
    """

    def told(base: str) -> Matched:
        compared = pairs(base, *days)
        shape = (scopes, len(lines.series), compared.now.size)
        return Matched(compared, _matched(_counting(factories, sites, compared), lines, shape))

    return on_cores(told, BASES)


def _counting(factories: pl.DataFrame, sites: Sites, compared: Pairs) -> _Counting:
    days, at = np.unique(np.concatenate([compared.then, compared.now]), return_inverse=True)
    then, now = at.reshape(2, -1)
    number = factories["factory"].rle_id().to_numpy().astype(np.int64)
    total = int(number[-1]) + 1 if number.size else 0
    row = _rows(number, factories["day"].to_numpy().astype(np.int64), total, days)
    counts = (factories["headcount_valid"] & factories["robots_reported"]).to_numpy()
    both = counts[row[:, then]] & counts[row[:, now]] if total else np.zeros((0, then.size), dtype=np.bool_)
    factory, pair = np.nonzero(both)
    row_then, row_now = row[factory, then[pair]], row[factory, now[pair]]
    stock, persons = (factories[name].to_numpy() for name in ("stock_counted", "persons_counted"))
    ones = np.ones_like(stock[row_then])
    amount = np.stack([ones, stock[row_then], stock[row_now], persons[row_then], persons[row_now]])
    known = sites.rows.filter("registered")["factory"].unique(maintain_order=True)
    place = known.search_sorted(factories["factory"].unique(maintain_order=True)).to_numpy() if total else np.array([])
    site_of = sites.in_force(place[factory].astype(np.int64), np.stack([compared.then, compared.now])[:, pair])
    return _Counting(pair, site_of[0], site_of[1], amount)


def _rows(number: Counts, day: Counts, total: int, days: Counts) -> Counts:
    """The row that holds for each factory on each of some days, array [factory, day]."""
    span = 1 << 32
    wanted = np.arange(total)[:, np.newaxis] * span + days
    rows: Counts = np.searchsorted(number * span + day, wanted, side="right") - 1
    return rows


def _matched(both: _Counting, lines: Lines, shape: tuple[int, int, int]) -> Counts:
    """The sums, array [figure, *shape]."""
    out = np.zeros((len(MATCHED), *shape), dtype=np.int64)
    cell_then, cell_now = lines.cell[both.site_then], lines.cell[both.site_now]
    stayed = cell_then == cell_now
    key = cell_now[stayed] * shape[2] + both.pair[stayed]
    cell, pair = np.divmod(np.flatnonzero(np.bincount(key)), shape[2])
    spread = lines.scatter(cell, pair, shape[2])
    for place, amount in enumerate(both.amount):
        summed = np.bincount(key, amount[stayed])
        out[place, spread.scopes] = spread.changes(summed[cell * shape[2] + pair])
    for row in np.flatnonzero(~stayed):
        scopes, series = lines.shared(int(cell_then[row]), int(cell_now[row]))
        out[:, scopes[:, np.newaxis], series, both.pair[row]] += both.amount[:, row, np.newaxis, np.newaxis]
    return out
