"""The stored figures as one reader may see them: what their key opens whole, all else as the public is told."""

from collections.abc import Callable, Iterable, Mapping

from api.access.reach import Reach
from api.disclosure.decisions import MONTHLY, Decisions
from api.disclosure.told import closed, judged, softened
from api.figures import Rows, Shelf
from api.points import Row
from density.plan import Plan
from store.base import Store

Holds = Callable[[str], bool]


class DisclosedShelf(Shelf):
    """Reads as `Shelf` does, and tells no more than its reader may know.

    Args:
        store: holds the figures.
        decisions: what is public.
        holds: whether the reader sees a scope whole.
        series_of: by target the series that it is judged on.
    """

    def __init__(self, store: Store, decisions: Decisions, holds: Holds, series_of: Mapping[str, str]) -> None:
        super().__init__(store)
        self._decisions, self._holds, self._series_of = decisions, holds, series_of
        self._follows = False

    def day_of(self, scope: str, day: int) -> int | None:
        """The newest day of a scope that this reader is told of."""
        return self.days_of([scope], day)[scope]

    def days_of(self, scopes: Iterable[str], day: int) -> dict[str, int | None]:
        """As of `Shelf`."""
        self._follow()
        public = self._decisions.day_of
        return {each: day if self._holds(each) else public(each.partition(":")[0], day) for each in scopes}

    def daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """As of `Shelf`."""
        return self._by_day(super().daily(scope, series, first, last), scope, series)

    def account_daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """As of `Shelf`."""
        return self._by_day(super().account_daily(scope, series, first, last), scope, series)

    def crossing_daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """As of `Shelf`."""
        return self._by_day(super().crossing_daily(scope, series, first, last), scope, series)

    def plan_daily(self, scope: str, target: str, first: int, last: int) -> Rows:
        """As of `Shelf`."""
        rows = super().plan_daily(scope, target, first, last)
        return self._by_day(rows, scope, self._series(target), soften=judged)

    def of_day(self, day: int, *, series: str, kind: str) -> dict[str, Row]:
        """As of `Shelf`; a scope that is told by the month alone with the figures of its newest month."""
        read = super().of_day
        return self._of_day(lambda on: read(on, series=series, kind=kind), day, kind, series)

    def plan_of_day(self, day: int, *, target: str, kind: str) -> dict[str, Row]:
        """As of `Shelf`, in the same way."""
        read = super().plan_of_day
        series = self._series(target)
        return self._of_day(lambda on: read(on, target=target, kind=kind), day, kind, series, soften=judged)

    def standings(self, scope: str, day: int) -> dict[str, Row]:
        """As of `Shelf`."""
        rows = super().standings(scope, day)
        return {
            target: self._told(row, scope, self._series(target), day, soften=judged) for target, row in rows.items()
        }

    def comparisons(self, scope: str, day: int) -> list[Row]:
        """As of `Shelf`."""
        return [self._told(row, scope, row["series"], day) for row in super().comparisons(scope, day)]

    def compared(self, day: int, *, kind: str, series: str, base: str) -> dict[str, Row]:
        """As of `Shelf`, in the same way."""
        read = super().compared
        return self._of_day(lambda on: read(on, kind=kind, series=series, base=base), day, kind, series)

    def months(self, scope: str, series: str, first: int, last: int) -> Rows:
        """As of `Shelf`."""
        return self._by_day(super().months(scope, series, first, last), scope, series)

    def crossings(self, area: str, series: str, day: int) -> dict[str, Row]:
        """As of `Shelf`; none of an area that the reader does not see whole."""
        return super().crossings(area, series, day) if self._holds(area) else {}

    def grades(self, scope: str, day: int) -> list[Row]:
        """As of `Shelf`; none where the scope is closed."""
        rows = super().grades(scope, day)
        return rows if self._why(scope, "total", day) is None else []

    def _follow(self) -> None:
        """Once for a reader: an answer tells thousands of rows, and each look reads the store."""
        if not self._follows:
            self._decisions.follow(self.folded())
            self._follows = True

    def _series(self, target: str) -> str:
        name, colon, key_set = target.partition(":")
        series = self._series_of.get(name, "total")
        return f"{series}:{key_set}" if colon else series

    def _why(self, scope: str, series: str, day: int) -> str | None:
        self._follow()
        if self._holds(scope):
            return None
        return self._decisions.why_closed(scope, scope.partition(":")[0], series, day)

    def _told(self, row: Row, scope: str, series: str, day: int, *, soften: Callable[[Row], Row] = softened) -> Row:
        if self._holds(scope):
            return row
        why = self._why(scope, series, day)
        return soften(row) if why is None else closed(row, why)

    def _by_day(self, rows: Rows, scope: str, series: str, *, soften: Callable[[Row], Row] = softened) -> Rows:
        return {day: self._told(row, scope, series, day, soften=soften) for day, row in rows.items()}

    def _of_day(
        self,
        read: Callable[[int], dict[str, Row]],
        day: int,
        kind: str,
        series: str,
        *,
        soften: Callable[[Row], Row] = softened,
    ) -> dict[str, Row]:
        rows = read(day)
        self._follow()
        public = self._decisions.day_of(kind, day)
        monthly = read(public) if kind in MONTHLY and public is not None and public != day else rows
        on = day if public is None else public
        return {
            scope: row if self._holds(scope) else self._told(monthly.get(scope, row), scope, series, on, soften=soften)
            for scope, row in rows.items()
        }


def shelf_of(reach: Reach, shelf: Shelf, store: Store, decisions: Decisions, plan: Plan) -> Shelf:
    """The figures as a reader may see them: the stored ones themselves for whoever sees everything."""
    if reach.everything:
        return shelf
    return DisclosedShelf(store, decisions, reach.holds, {target.id: target.series for target in plan.targets})
