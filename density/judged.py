"""The figures that a plan is judged by, one figure and series at a time, in the scopes that it is followed in."""

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from density.arrays import Ratios
from density.cube import Scopes
from density.days import Days, months_before
from density.figures import Figures

MEMORY_MONTHS = 24  # so long install batches tell how machines come


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
    _told: dict[str, Ratios] = field(default_factory=dict, repr=False)

    def values(self, name: str, series: str) -> Ratios:
        """A figure, array [scope, day]."""
        places, line = list(self.places), self.figures.series.index(series)
        if name in self.figures.counts:
            return self.figures.counts[name][places, line].astype(np.float64)
        if name not in self._told:  # a ratio is made when it is asked for: once for all targets
            self._told[name] = self.figures.ratios[name][places]
        return self._told[name][:, line]

    def column(self, day: int) -> int:
        """The column of a day, or the nearest one."""
        return int(np.clip(day - self.figures.first_day, 0, self.days.size - 1))


def judged(figures: Figures, kinds: Collection[str]) -> Judged:
    """The scopes of some kinds."""
    places = tuple(place for place, kind in enumerate(figures.scopes.kinds) if kind in kinds)
    names, of_kinds = (tuple(each[place] for place in places) for each in (figures.scopes.names, figures.scopes.kinds))
    return Judged(figures, places, Scopes(names, of_kinds), np.arange(figures.first_day, figures.last_day + 1))


def clustering(figures: Figures) -> Ratios:
    """D = Σb² ÷ Σb over the city's install batches b (factory, day) of the trailing 24 months, for each day."""
    days = np.arange(figures.first_day, figures.last_day + 1)
    batches = figures.installed.group_by("factory", "from_day").len()
    day = np.clip(batches["from_day"].to_numpy() - figures.first_day, 0, None)
    size = batches["len"].to_numpy().astype(np.float64)
    since = np.clip(months_before(days, MEMORY_MONTHS) - figures.first_day + 1, 0, None)
    squares, sizes = (
        _trailing(np.bincount(day, weights=each, minlength=days.size)[: days.size].astype(np.float64), since)
        for each in (size**2, size)
    )
    return np.divide(squares, sizes, out=np.ones(days.size), where=sizes > 0)


def _trailing(amounts: Ratios, since: Days) -> Ratios:
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    trailing: Ratios = sums[1:] - sums[since]
    return trailing
