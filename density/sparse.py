"""Figures of many small groups (factories, crossings), as rows on the days when one changed."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from density.arrays import Counts, Flags, Ratios
from density.changes import COLUMN, COLUMNS, SUMMED
from density.cube import ratio, running
from density.days import month_ends
from density.definition import MIN_PERSONS
from density.ratios import PER, SHARES, density_annual, mean_at_month_ends, share


@dataclass(frozen=True)
class Rows:
    """What stands in each group on the days when something changed, and on every month-end.

    Attributes:
        group: array [row], ascending.
        day: array [row], from the first day on, ascending within a group.
        figures: array [COLUMNS, row].
    """

    group: Counts
    day: Counts
    figures: Counts

    def column(self, name: str) -> Counts:
        """One figure of every row."""
        figure: Counts = self.figures[COLUMN[name]]
        return figure

    def counts(self) -> pl.DataFrame:
        """The figures that are shown, as columns."""
        return pl.DataFrame({name: self.column(name) for name in SUMMED})


def rows(group: Counts, day: Counts, amount: Counts) -> Rows:
    """Changes, one row for each group and day in their order, as what stands after them."""
    return Rows(group, day, running(amount.astype(np.int32), np.flatnonzero(np.diff(group, prepend=-1))))


def worth_keeping(group: Counts, day: Counts, amount: Counts, first_day: int) -> Flags:
    """Where something changes, and each group's first row, every month-end and each first of January.

    Readers carry rows forward: on 1 January the annual figure of 31 December is over.
    """
    following = (day + first_day + 1).astype("M8[D]")
    month_end = following.astype("M8[M]").astype("M8[D]") == following
    today = following - np.timedelta64(1, "D")
    new_year = today.astype("M8[Y]").astype("M8[D]") == today
    first = np.diff(group, prepend=-1) != 0
    worth: Flags = first | month_end | new_year | amount.any(axis=0)
    return worth


def densities(told: Rows, first_day: int, last_day: int) -> dict[str, Ratios]:
    """The densities of every row; NaN is null."""
    stock, persons = told.column("stock_counted"), told.column("persons_counted")
    year = ratio(stock, _annual_means(told, first_day, last_day), at_least=MIN_PERSONS, times=PER)
    return {
        "density": ratio(stock, persons, at_least=MIN_PERSONS, times=PER),
        "density_12m": year,
        "density_annual": density_annual(year, told.day + first_day, first_day),
        "density_ifr": ratio(told.column("ifr_counted"), persons, at_least=MIN_PERSONS, times=PER),
    }


def area_ratios(told: Rows) -> dict[str, Ratios]:
    """How complete the rows of groups of several factories are."""
    sums = {name: told.column(name) for name in COLUMNS}
    return {name: share(sums, name) for name in SHARES}


def _annual_means(told: Rows, first_day: int, last_day: int) -> Ratios:
    """For each row the mean of its group's counted persons at the last 12 month-ends."""
    ends = month_ends(first_day, last_day) - first_day
    group = np.cumsum(np.diff(told.group, prepend=-1) != 0) - 1
    at_end: Counts = np.zeros((int(group[-1]) + 1 if group.size else 0, ends.size), dtype=np.int64)
    is_end = np.isin(told.day, ends)
    at_end[group[is_end], np.searchsorted(ends, told.day[is_end])] = told.column("persons_counted")[is_end]
    means: Ratios = mean_at_month_ends(at_end)[group, np.searchsorted(ends, told.day, side="right")]
    return means
