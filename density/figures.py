"""All figures of a city on every day."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from density.area_ratios import AreaRatios
from density.arrays import Counts, Ratios
from density.crossings import Crossed
from density.cube import Scopes


@dataclass(frozen=True)
class Figures:
    """All figures of a city on every day.

    Attributes:
        scopes: what the first axis stands for.
        series: what the second axis stands for; the third are the days from `first_day` on.
        first_day: integer day of the first column.
        last_day: integer day of the last column.
        counts: by figure, array [scope, series, day]; a `flow_` is what came or went on the day.
        ratios: by figure, array of the same shape; NaN is null.
        factories: as `density.factories.factory_figures` gives them.
        crossed: the divisions within districts and parks.
        grades: as `density.grades.grade_counts` gives them.
        comparisons: as `density.comparisons.comparisons` gives them.
        installed: robots new to the city as factory and from_day: the install batches of the plan's test.
    """

    scopes: Scopes
    series: tuple[str, ...]
    first_day: int
    last_day: int
    counts: Mapping[str, Counts]
    ratios: Mapping[str, Ratios]
    factories: pl.DataFrame
    crossed: Crossed
    grades: pl.DataFrame
    comparisons: pl.DataFrame
    installed: pl.DataFrame

    @property
    def crossings(self) -> pl.DataFrame:
        """The figures of divisions within districts and parks, as `density.crossings` gives them."""
        return self.crossed.figures()

    def at(self, scope: str, series: str, day: int, figure: str) -> float | None:
        """One figure of one of `scopes`; null is none.

        Raises:
            KeyError: there is no such figure.
            ValueError: there is no such scope or series.
        """
        values = self.counts[figure] if figure in self.counts else self.ratios[figure]
        value = float(values[self.scopes.names.index(scope), self.series.index(series), day - self.first_day])
        return None if np.isnan(value) else value

    def of_kind(self, kind: str) -> "Figures":
        """The same figures, not copied, for the scopes of one kind, which stand together."""
        first = self.scopes.kinds.index(kind)
        here = slice(first, first + self.scopes.kinds.count(kind))
        return self._at(here, Scopes(self.scopes.names[here], self.scopes.kinds[here]))

    def portions(self, cells: int) -> Iterator["Figures"]:
        """The same figures, not copied, for some days after the other, so many scopes × series × days at a time."""
        known = dict(self.ratios)  # each is made when it is asked for: once for all portions
        size = max(1, cells // max(1, len(self.scopes.names) * len(self.series)))
        for first in range(self.first_day, self.last_day + 1, size):
            last = min(first + size - 1, self.last_day)
            days = slice(first - self.first_day, last - self.first_day + 1)
            yield replace(
                self,
                first_day=first,
                last_day=last,
                counts={name: values[..., days] for name, values in self.counts.items()},
                ratios={name: values[..., days] for name, values in known.items()},
            )

    def only(self, places: Collection[int]) -> "Figures":
        """A copy of the figures for some scopes alone."""
        chosen = list(places)
        names, kinds = (tuple(each[place] for place in chosen) for each in (self.scopes.names, self.scopes.kinds))
        return self._at(chosen, Scopes(names, kinds))

    def _at(self, places: list[int] | slice, scopes: Scopes) -> "Figures":
        return replace(
            self,
            scopes=scopes,
            counts={name: values[places] for name, values in self.counts.items()},
            ratios=self.ratios.only(places)
            if isinstance(self.ratios, AreaRatios)
            else {name: values[places] for name, values in self.ratios.items()},
        )
