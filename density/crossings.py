"""Divisions within districts and parks, as rows on the days when one of their figures changed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from density.arrays import Counts
from density.changes import COLUMN
from density.cores import on_cores
from density.cube import Lines, summed
from density.sparse import area_ratios, densities, rows, worth_keeping

BLOCK = 200  # crossings whose days are told at a time


def crossing_changes(
    lines: Lines, cell: Counts, day: Counts, amount: Counts, series: int
) -> tuple[Counts, Counts, Counts]:
    """Changes of cells as changes of crossings: line (crossing × series), day, amount, in that order."""

    def told(crossing: Counts) -> tuple[Counts, Counts, Counts]:
        number = crossing[cell]
        inside = [np.flatnonzero(lines.member[cell, each] & (number >= 0)) for each in range(series)]
        line = np.concatenate([number[rows_] * series + each for each, rows_ in enumerate(inside)])
        row = np.concatenate(inside)
        return summed(line, day[row], amount, row)

    line, days, amounts = (np.concatenate(each, axis=-1) for each in zip(*on_cores(told, lines.crossing), strict=True))
    return line, days, amounts


@dataclass(frozen=True)
class Crossed:
    """What changes in each crossing and series.

    Attributes:
        names: of the crossings.
        series: every series.
        first_day: the first day.
        last_day: the last day.
        line: array [row]: crossing × series; the rows of a line are together.
        day: array [row], from the first day on, ascending within a line.
        amount: array [figure, row].
    """

    names: tuple[str, ...]
    series: tuple[str, ...]
    first_day: int
    last_day: int
    line: Counts
    day: Counts
    amount: Counts

    def only(self, lines: Counts) -> "Crossed":
        """Some lines alone."""
        return self._where(np.isin(self.line, lines))

    def of_kind(self, kind: str) -> "Crossed":
        """Those within one kind of areas alone."""
        inside = np.array([name.startswith(f"{kind}:") for name in self.names], dtype=np.bool_)
        return self._where(inside[self.line // len(self.series)])

    def with_(self, line: Counts, day: Counts, amount: Counts) -> "Crossed":
        """These changes and further ones."""
        touched = np.isin(self.line, line)
        old, rest = self._where(touched), self._where(~touched)
        told = summed(
            np.concatenate([old.line, line]),
            np.concatenate([old.day, day]),
            np.concatenate([old.amount, amount], axis=1),
        )
        return replace(
            self,
            line=np.concatenate([rest.line, told[0]]),
            day=np.concatenate([rest.day, told[1]]),
            amount=np.concatenate([rest.amount, told[2]], axis=1),
        )

    def _where(self, rows_: npt.NDArray[np.bool_]) -> "Crossed":
        return replace(self, line=self.line[rows_], day=self.day[rows_], amount=self.amount[:, rows_])

    def daily(self, name: str) -> Iterator[tuple[str, Counts]]:
        """One figure of each crossing at the end of every day, array [series, day]; few at a time are in memory."""
        days, lines = self.last_day - self.first_day + 1, len(self.series)
        for first in range(0, len(self.names), BLOCK):
            names = self.names[first : first + BLOCK]
            inside = np.flatnonzero((self.line >= first * lines) & (self.line < (first + len(names)) * lines))
            standing = np.zeros((len(names), lines, days), dtype=np.int32)
            at = (self.line[inside] - first * lines) * days + self.day[inside]
            np.add.at(standing.reshape(-1), at, self.amount[COLUMN[name], inside])
            yield from zip(names, np.cumsum(standing, axis=2, out=standing), strict=True)

    def figures(self) -> pl.DataFrame:
        """One row for each crossing, series and day on which a figure changed, and for every month-end.

        Returns:
            scope, kind, series, day, the sums, the densities and the responses (NaN is null).
        """
        kept = worth_keeping(self.line, self.day, self.amount, self.first_day)
        told = rows(self.line[kept], self.day[kept], self.amount[:, kept])
        scope = pl.Series("scope", self.names, dtype=pl.String).gather(told.group // len(self.series))
        ratios = densities(told, self.first_day, self.last_day) | area_ratios(told)
        return pl.DataFrame(
            {
                "scope": scope,
                "kind": scope.str.split(":").list.first(),
                "series": pl.Series(self.series, dtype=pl.String).gather(told.group % len(self.series)),
                "day": (told.day + self.first_day).astype(np.int32),
                **told.counts().to_dict(),
                **{name: pl.Series(values) for name, values in ratios.items()},
            }
        )
