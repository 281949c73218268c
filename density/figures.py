"""All figures of a city on every day."""

from collections.abc import Collection, Mapping
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

    def narrowed(self, kinds: Collection[str]) -> "Figures":
        """The same figures for the scopes of some kinds alone."""
        return self.only([place for place, kind in enumerate(self.scopes.kinds) if kind in kinds])

    def only(self, places: Collection[int]) -> "Figures":
        """A copy of the figures for some scopes alone."""
        chosen = list(places)
        names, kinds = (tuple(each[place] for place in chosen) for each in (self.scopes.names, self.scopes.kinds))
        return replace(
            self,
            scopes=Scopes(names, kinds),
            counts={name: values[chosen] for name, values in self.counts.items()},
            ratios=self.ratios.only(chosen)
            if isinstance(self.ratios, AreaRatios)
            else {name: values[chosen] for name, values in self.ratios.items()},
        )
