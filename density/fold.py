"""Reports in, figures out: the same reports always give the same figures, in whatever order they came.

reports ─► sites, stays, headcounts ─► spans ─► sums [scope, series, day] ─► ratios ─► figures
                                         └────► single factories, installations
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from density.cube import Cells, Counts, Ratios, Scopes, scopes
from density.days import to_day
from density.definition import Definition
from density.factories import factory_figures
from density.grades import grade_counts
from density.measures import derived, measures
from density.ratios import density, density_12m, responses
from density.register import Reference
from density.reports import Reports
from density.sites import sites

COUNTS = ("stock", "gross_new", "stock_counted", "persons", "persons_counted", "factories", "smart_factories")


@dataclass(frozen=True)
class Figures:
    """All figures of a city on every day.

    Attributes:
        scopes: what the first axis stands for; the second is SERIES, the third the days from `first_day` on.
        first_day: integer day of the first column.
        last_day: integer day of the last column.
        counts: by figure, array [scope, series, day].
        ratios: by figure, array of the same shape; NaN is null.
        factories: as `factory_figures` gives them.
        grades: as `grade_counts` gives them.
        installed: robots new to the city as factory and from_day: the install batches of the plan's test.
        undated: first days that may lie before or after the baseline.
    """

    scopes: Scopes
    first_day: int
    last_day: int
    counts: Mapping[str, Counts]
    ratios: Mapping[str, Ratios]
    factories: pl.DataFrame
    grades: pl.DataFrame
    installed: pl.DataFrame
    undated: int

    def narrowed(self, kinds: Collection[str]) -> "Figures":
        """The same figures for the scopes of some kinds alone."""
        places = [place for place, kind in enumerate(self.scopes.kinds) if kind in kinds]
        return replace(
            self,
            scopes=Scopes(
                tuple(self.scopes.names[place] for place in places), tuple(self.scopes.kinds[place] for place in places)
            ),
            counts={name: values[places] for name, values in self.counts.items()},
            ratios={name: values[places] for name, values in self.ratios.items()},
        )


def fold(reports: Reports, reference: Reference, definition: Definition, today: date) -> Figures:
    """Compute every figure of every day from the definition's first day to today, both inclusive."""
    first_day, last_day = to_day(definition.first_day), to_day(today)
    placed = sites(reports, definition)
    measured = measures(reports, placed, definition)
    known = scopes(reference, placed)
    cells = Cells(placed, known)
    sums = derived({name: cells.sums(spans, first_day, last_day) for name, spans in measured.spans.items()})
    robots, persons = sums["stock_counted"], sums["persons_counted"]
    return Figures(
        scopes=known,
        first_day=first_day,
        last_day=last_day,
        counts={name: sums[name] for name in COUNTS},
        ratios={
            "density": density(robots, persons),
            "density_12m": density_12m(robots, persons, first_day),
            **responses(sums),
        },
        factories=factory_figures(measured, placed, first_day=first_day, last_day=last_day),
        grades=grade_counts(reports, placed, first_day=first_day, last_day=last_day),
        installed=measured.installed.select("factory", "from_day"),
        undated=measured.undated,
    )
