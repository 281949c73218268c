"""A month and a year before: the same factories then and now, and what moved density.

Both days are looked up in the rows of the factories, so that "matched" means one thing for every scope.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts
from density.cores import on_cores
from density.cube import Lines, Scopes
from density.days import month_ends, months_before
from density.effects import Sums, split
from density.sites import Sites

BASES = {"mom": 1, "yoy": 12}  # months before
_MATCHED = ("matched", "stock_then", "stock_now", "persons_then", "persons_now")


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


def comparisons(
    factories: pl.DataFrame, sites: Sites, lines: Lines, scopes: Scopes, sums: Mapping[str, Counts], first_day: int
) -> pl.DataFrame:
    """Every scope and series on each pair of days; those with no counting factory on either are left out.

    Args:
        factories: rows of `factory_figures`, sorted by factory and day.
        sites: the sites.
        lines: which scopes and series each belongs to.
        scopes: the order of the sums' first axis.
        sums: stock_counted, persons_counted, counting_factories, arrays [scope, series, day].
        first_day: integer day of their first column.

    Returns:
        scope, kind, series, base, day and the fields of the measurement `comparison` (NaN is null).
    """
    last_day = first_day + sums["stock_counted"].shape[2] - 1

    def told(base: str) -> pl.DataFrame:
        return _compared(factories, sites, lines, scopes, sums, pairs(base, first_day, last_day), first_day)

    return pl.concat(on_cores(told, BASES))


def _compared(
    factories: pl.DataFrame,
    sites: Sites,
    lines: Lines,
    scopes: Scopes,
    sums: Mapping[str, Counts],
    compared: Pairs,
    first_day: int,
) -> pl.DataFrame:
    shape = (len(scopes.names), sums["stock_counted"].shape[1], compared.now.size)
    matched = _matched(_counting(factories, sites, compared), lines, shape)
    then, now = compared.then - first_day, compared.now - first_day
    stock, persons, counting = (
        [sums[name][..., day].astype(np.int64) for day in (then, now)]
        for name in ("stock_counted", "persons_counted", "counting_factories")
    )
    columns = {
        **matched,
        "joined": counting[1] - matched["matched"],
        "left": counting[0] - matched["matched"],
        **split(
            Sums(stock[0], persons[0], stock[1], persons[1]),
            Sums(matched["stock_then"], matched["persons_then"], matched["stock_now"], matched["persons_now"]),
        ),
    }
    return _frame(columns, (counting[0] > 0) | (counting[1] > 0), scopes, compared, tuple(lines.series))


@dataclass(frozen=True)
class _Counting:
    """Factories that count on both days of a pair: pair, site then, site now, and _MATCHED [figure, row]."""

    pair: Counts
    site_then: Counts
    site_now: Counts
    amount: Counts


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


def _matched(both: _Counting, lines: Lines, shape: tuple[int, int, int]) -> dict[str, Counts]:
    """Sums over the factories that are in a scope and series on both days, by name, arrays of `shape`."""
    out = np.zeros((len(_MATCHED), *shape), dtype=np.int64)
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
    return dict(zip(_MATCHED, out, strict=True))


def _frame(
    columns: Mapping[str, np.ndarray], kept: np.ndarray, scopes: Scopes, compared: Pairs, series: tuple[str, ...]
) -> pl.DataFrame:
    scope, line, pair = np.nonzero(kept)
    return pl.DataFrame(
        {
            "scope": pl.Series(scopes.names, dtype=pl.String).gather(scope),
            "kind": pl.Series(scopes.kinds, dtype=pl.String).gather(scope),
            "series": pl.Series(series, dtype=pl.String).gather(line),
            "base": pl.repeat(compared.base, pair.size, dtype=pl.String, eager=True),
            "day": compared.now[pair].astype(np.int32),
            **{name: values[scope, line, pair] for name, values in columns.items()},
        }
    )
