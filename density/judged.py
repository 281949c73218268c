"""The figures that a plan is judged by, one figure and series at a time, in the scopes that it is followed in."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from density.cube import Ratios, Scopes
from density.days import Days
from density.figures import Figures


@dataclass(frozen=True)
class Judged:
    """Some scopes of a city's figures.

    Attributes:
        figures: of every scope.
        places: which scopes of theirs.
        scopes: the same by name.
        days: integer days of their columns.
    """

    figures: Figures
    places: tuple[int, ...]
    scopes: Scopes
    days: Days

    def values(self, name: str, series: str) -> Ratios:
        """A figure, array [scope, day]."""
        source = self.figures.counts if name in self.figures.counts else self.figures.ratios
        values: Ratios = source[name][list(self.places), self.figures.series.index(series)].astype(np.float64)
        return values

    def column(self, day: int) -> int:
        """The column of a day, or the nearest one."""
        return int(np.clip(day - self.figures.first_day, 0, self.days.size - 1))


def judged(figures: Figures, kinds: Collection[str]) -> Judged:
    """The scopes of some kinds."""
    places = tuple(place for place, kind in enumerate(figures.scopes.kinds) if kind in kinds)
    names, of_kinds = (tuple(each[place] for place in places) for each in (figures.scopes.names, figures.scopes.kinds))
    return Judged(figures, places, Scopes(names, of_kinds), np.arange(figures.first_day, figures.last_day + 1))
