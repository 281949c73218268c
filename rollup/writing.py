"""What is in the store already, so that only what changed is written."""

from collections.abc import Sequence

import polars as pl

from density.fold import Figures
from density.progress import Progress
from rollup.points import factory_frame, factory_points, figure_points, grade_frame, grade_points, plan_points
from store.base import Store
from store.schema import FACTORY_FIGURE, FIGURE, FIGURES, PLAN_STATUS, SMART_FACTORY, Measurement, district_database

ROWS = 100_000  # a frame of so many rows bounds the memory of a write


class Written:
    """The figures that the store holds since this was made; before the first update it assumes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._figures: Figures | None = None
        self._standing: Sequence[Progress] | None = None
        self._factories: pl.DataFrame | None = None
        self._grades: pl.DataFrame | None = None

    def update(self, figures: Figures, standing: Sequence[Progress]) -> int:
        """Write every point that differs; answers how many that were."""
        if self._figures and (self._figures.scopes, self._figures.first_day) != (figures.scopes, figures.first_day):
            self._figures = self._standing = None
        plan = plan_points(figures.first_day, standing, self._standing)
        factories, all_factories = factory_points(figures.factories, self._factories)
        grades, all_grades = grade_points(figures.grades, self._grades)
        points = sum(self._put(FIGURES, FIGURE, frame) for frame in figure_points(figures, self._figures, rows=ROWS))
        points += self._put(FIGURES, PLAN_STATUS, plan)
        points += self._put(FIGURES, SMART_FACTORY, grade_frame(grades))
        for (adcode,), rows in factories.partition_by("district", as_dict=True).items():
            points += self._put(district_database(str(adcode)), FACTORY_FIGURE, factory_frame(rows))
        self._figures, self._standing = figures, standing
        self._factories, self._grades = all_factories, all_grades
        return points

    def _put(self, database: str, kind: Measurement, frame: pl.DataFrame) -> int:
        if frame.height:
            self._store.write(database, {kind: frame})
        return frame.height
