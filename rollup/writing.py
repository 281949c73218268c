"""What is in the store already, so that only what changed is written."""

from collections.abc import Collection, Sequence

import polars as pl

from density.figures import Figures
from density.progress import Progress
from rollup.points import factory_frame, factory_points, figure_points, grade_frame, grade_points, plan_points
from rollup.stored import stored_factories, stored_figures, stored_grades
from store.base import Store
from store.schema import FACTORY_FIGURE, FIGURE, FIGURES, PLAN_STATUS, SMART_FACTORY, Measurement, district_database

ROWS = 100_000  # a frame of so many rows bounds the memory of a write


class Written:
    """The figures that the store holds; before the first update it asks the store."""

    def __init__(self, store: Store, districts: Collection[str]) -> None:
        self._store, self._districts = store, districts
        self._figures: Figures | None = None
        self._standing: Sequence[Progress] | None = None
        self._factories: pl.DataFrame | None = None
        self._grades: pl.DataFrame | None = None

    def update(self, figures: Figures, standing: Sequence[Progress]) -> int:
        """Write every point that differs; answers how many that were."""
        before = self._comparable(figures)
        known_factories = self._factories
        if known_factories is None:
            known_factories = stored_factories(self._store, figures.factories, self._districts)
        known_grades = stored_grades(self._store, figures.grades) if self._grades is None else self._grades
        factories, all_factories = factory_points(figures.factories, known_factories)
        grades, all_grades = grade_points(figures.grades, known_grades)
        points = sum(self._put(FIGURES, FIGURE, frame) for frame in figure_points(figures, before, rows=ROWS))
        points += self._put(FIGURES, PLAN_STATUS, plan_points(figures.first_day, standing, self._standing))
        points += self._put(FIGURES, SMART_FACTORY, grade_frame(grades))
        for (adcode,), rows in factories.partition_by("district", as_dict=True).items():
            points += self._put(district_database(str(adcode)), FACTORY_FIGURE, factory_frame(rows))
        self._figures, self._standing = figures, standing
        self._factories, self._grades = all_factories, all_grades
        return points

    def _comparable(self, figures: Figures) -> Figures:
        """The figures that were written, for the same scopes from the same day on."""
        old = self._figures
        if old is not None and (old.scopes, old.first_day) == (figures.scopes, figures.first_day):
            return old
        self._standing = None
        return stored_figures(self._store, figures)

    def _put(self, database: str, kind: Measurement, frame: pl.DataFrame) -> int:
        if frame.height:
            self._store.write(database, {kind: frame})
        return frame.height
