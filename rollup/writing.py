"""What is in the store already, so that only what changed is written."""

from collections.abc import Callable, Collection, Sequence

import polars as pl

from density.arrays import Flags
from density.city import Told
from density.figures import Figures
from density.standing import Progress
from rollup.alerts import Alerts
from rollup.causes import Causes
from rollup.leftovers import Leftovers
from rollup.outbox import ROWS, Outbox
from rollup.points import factory_points, figure_points, flow_points, row_points
from rollup.restatement import restatements
from rollup.standings import Standings
from rollup.stored import stored_factories, stored_figures, stored_rows, vanished
from store.base import Store
from store.known import with_flags
from store.schema import (
    ALERT,
    COMPARISON,
    CROSSING,
    FACTORY_FIGURE,
    FIGURE,
    FIGURES,
    FLOW,
    FORECAST,
    PLAN_STATUS,
    RESTATEMENT,
    ROLLUP,
    SMART_FACTORY,
    STATE,
    Measurement,
    district_database,
)

_BY = {
    CROSSING: ["scope", "series"],
    COMPARISON: ["scope", "series", "base"],
    SMART_FACTORY: ["scope", "kind", "scheme", "grade"],
}


class Written:
    """The figures that the store holds; what is told anew as a whole is held beside what the store says."""

    def __init__(self, store: Store, districts: Collection[str], clock_ns: Callable[[], int]) -> None:
        self._store, self._districts, self._clock_ns = store, districts, clock_ns
        self._outbox = Outbox(store, ahead=RESTATEMENT)
        self._standings = Standings(store)
        self._alerts = Alerts(store, clock_ns)
        self._rows: dict[Measurement, pl.DataFrame] = {}
        self._moment: int | None = None
        self._factory_rows = Leftovers(["factory"])
        self._sparse = {kind: Leftovers(by) for kind, by in _BY.items()}

    def update(
        self,
        figures: Figures,
        told: Told,
        standing: Sequence[Progress],
        forecast: pl.DataFrame,
        *,
        causes: Causes,
        published: int,
    ) -> int:
        """Write every point that differs; answers how many that were.

        Args:
            figures: all of them.
            told: which of them may differ.
            standing: of every target.
            forecast: points of the measurement `forecast`.
            causes: the reports that came since.
            published: the last day of the last published month.
        """
        if told.before is None or told.after is None:
            points = sum(self._whole(figures, kind, causes, published) for kind in sorted(set(figures.scopes.kinds)))
            points += self._crossings(figures) + self._factories(figures)
        else:
            points = self._part(told.before, told.after, causes, published)
        points += self._comparisons(figures.comparisons) + self._grades(figures.grades)
        for frame in self._standings.points(standing, figures.first_day, figures.last_day):
            points += self._put(FIGURES, PLAN_STATUS, frame)
        points += self._put(FIGURES, FORECAST, self._new(with_flags(FORECAST, forecast)))
        points += self._put(FIGURES, ALERT, self._alerts.points(standing, forecast, figures.first_day))
        self._outbox.send()
        return points

    def _whole(self, figures: Figures, kind: str, causes: Causes, published: int) -> int:
        """The figures of one kind of scopes; few days at a time: a store appends faster than it merges."""
        new = figures.of_kind(kind)
        gone = vanished(self._store, new)
        told = [each for each in (new, gone) if each.scopes.names]
        return sum(self._beside_stored(part, causes, published) for each in told for part in each.portions(ROWS))

    def _beside_stored(self, new: Figures, causes: Causes, published: int) -> int:
        stored = stored_figures(self._store, new)
        return self._areas(new, stored.figures, causes, published, stored.outdated)

    def _areas(self, new: Figures, old: Figures, causes: Causes, published: int, outdated: Flags | None = None) -> int:
        moment = self._redefined() if outdated is not None and outdated.any() else 0
        restated = restatements(new, old, causes, published=published, now_ns=moment, outdated=outdated)
        points = self._put(FIGURES, RESTATEMENT, restated) + self._put(
            FIGURES, FIGURE, figure_points(new, old, outdated)
        )
        return points + self._put(FIGURES, FLOW, flow_points(new, old))

    def _redefined(self) -> int:
        """When another definition was first found: a restatement that is written again stands where it stood."""
        if self._moment is None:
            folded = self._store.read(STATE, ROLLUP)["folded_us"].to_list() or [0]
            told = self._store.read(FIGURES, RESTATEMENT, after=folded[0] * 1_000, where={"why": "definition"})
            first = told["time"].to_list() or [self._clock_ns()]
            self._moment = first[0] // 1_000 * 1_000
        return self._moment

    def part(self, told: Told, *, causes: Causes, published: int) -> int:
        """Write what was told anew and differs; answers how many points that were."""
        if told.before is None or told.after is None:
            return 0
        points = self._part(told.before, told.after, causes, published)
        self._outbox.send()
        return points

    def _part(self, before: Figures, after: Figures, causes: Causes, published: int) -> int:
        portions = zip(after.portions(ROWS), before.portions(ROWS), strict=True)
        points = sum(self._areas(new, old, causes, published) for new, old in portions)
        crossings = [each.crossings for each in (after, before)]
        for kind in ("district", "park"):
            new, old = (each.filter(pl.col("kind") == kind) for each in crossings)
            changed = self._sparse[CROSSING].part(kind, new, old, new, old)
            points += self._put(FIGURES, CROSSING, row_points(CROSSING, changed))
        districts = {*before.factories["district"].unique(), *after.factories["district"].unique()}
        for adcode in sorted(districts | self._factory_rows.places()):
            new, old = (each.factories.filter(pl.col("district") == adcode) for each in (after, before))
            changed = self._factory_rows.part(adcode, new, old, after.factories, before.factories)
            points += self._put(district_database(adcode), FACTORY_FIGURE, factory_points(changed))
        return points

    def _crossings(self, figures: Figures) -> int:
        points = 0
        for kind in ("district", "park"):
            new = figures.crossed.of_kind(kind).figures()
            old = stored_rows(self._store, CROSSING, new, {"kind": kind})
            changed = self._sparse[CROSSING].whole(kind, new, old, new)
            points += self._put(FIGURES, CROSSING, row_points(CROSSING, changed))
        return points

    def _factories(self, figures: Figures) -> int:
        points = 0
        for adcode in self._districts:
            new = figures.factories.filter(pl.col("district") == adcode)
            old = stored_factories(self._store, adcode, figures.factories)
            changed = self._factory_rows.whole(adcode, new, old, figures.factories)
            points += self._put(district_database(adcode), FACTORY_FIGURE, factory_points(changed))
        return points

    def _grades(self, rows: pl.DataFrame) -> int:
        known, left = self._rows.get(SMART_FACTORY), self._sparse[SMART_FACTORY]
        self._rows[SMART_FACTORY] = rows
        if known is None:
            changed = left.whole("", rows, stored_rows(self._store, SMART_FACTORY, rows), rows)
        else:
            changed = left.part("", rows, known, rows, known)
        return self._put(FIGURES, SMART_FACTORY, row_points(SMART_FACTORY, changed))

    def _comparisons(self, rows: pl.DataFrame) -> int:
        """Of a day that is not compared any more the row stays; one with nothing left to compare becomes nothing."""
        known = self._rows.get(COMPARISON)
        old = stored_rows(self._store, COMPARISON, rows) if known is None else known
        self._rows[COMPARISON] = rows
        compared = old.filter(pl.col("day").is_in(rows["day"].unique().implode()))
        changed = self._sparse[COMPARISON].whole("", rows, compared, rows.clear())
        return self._put(FIGURES, COMPARISON, row_points(COMPARISON, changed))

    def _new(self, points: pl.DataFrame) -> pl.DataFrame:
        if FORECAST not in self._rows:
            known = with_flags(FORECAST, self._store.read(FIGURES, FORECAST))
            self._rows[FORECAST] = known.select(points.columns)
        old, self._rows[FORECAST] = self._rows[FORECAST], points
        return points.join(old, on=points.columns, how="anti", nulls_equal=True)

    def _put(self, database: str, kind: Measurement, frame: pl.DataFrame) -> int:
        return self._outbox.put(database, kind, frame)
