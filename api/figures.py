"""The stored figures as the API reads them; nothing is computed here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from api.answer import shanghai_time
from api.points import FLOWS, SIGNALS, Row, point
from api.registry import Registry
from api.scopes import CROSSING, Scope
from density.days import to_date, to_day
from store.base import Store
from store.figures import (
    activity_on,
    compared_on,
    comparisons_on,
    crossings_on,
    daily_activity,
    daily_crossing,
    daily_factory,
    daily_figures,
    daily_flow,
    daily_plan,
    factories_on,
    figures_on,
    flow_on,
    forecasts_on,
    month_comparisons,
    plan_on,
    smart_factories_on,
    standings_on,
)
from store.schema import ROLLUP, STATE

Rows = dict[int, Row]
Holds = Callable[[Row, int], bool]


@dataclass(frozen=True)
class Folded:
    """How far the figures go.

    Attributes:
        day: the last day of the figures, as an integer; none before the first fold.
        data_until: arrival of the newest report in them.
        version: differs whenever the figures may.
    """

    day: int | None = None
    data_until: datetime | None = None
    definition_version: int | None = None
    version: str = "0"


class Shelf:
    """Reads figures from the store; every call raises StoreUnavailable when it does not answer."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def folded(self) -> Folded:
        """How far the figures go."""
        rows = self._store.read(STATE, ROLLUP, newest=1).rows(named=True)
        if not rows:
            return Folded()
        row = rows[0]
        return Folded(
            day=row["day"],
            data_until=shanghai_time(row["data_until_us"]),
            definition_version=row["definition_version"],
            version=f"{row['data_until_us']}-{row['written_us'] or row['folded_us']}",
        )

    def day_of(self, scope: str, day: int) -> int | None:
        """The newest day of a scope that is told, up to a day; none before there is any."""
        del scope
        return day

    def days_of(self, scopes: Iterable[str], day: int) -> dict[str, int | None]:
        """The same of many scopes."""
        return dict.fromkeys(scopes, day)

    def daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """The stored figures of a scope by day, both days inclusive."""
        where = {"scope": scope, "series": series, "first": first, "last": last}
        return _by_day(daily_figures(self._store, **where), "kind")  # type: ignore[arg-type] # as named

    def account_daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """The same with the account of each day as `flow`, and robots by what they sent where that is known."""
        rows = self.daily(scope, series, first, last)
        flows = _by_day(daily_flow(self._store, scope=scope, series=series, first=first, last=last), "scope")
        heard = _by_day(daily_activity(self._store, scope=scope, series=series, first=first, last=last), "kind")
        return {day: joined(row, flows.get(day), heard.get(day)) for day, row in rows.items()}

    def crossing_daily(self, scope: str, series: str, first: int, last: int) -> Rows:
        """A division within a district or park by day, carried forward from its first change on."""
        return _by_day(daily_crossing(self._store, scope=scope, series=series, first=first, last=last), "kind")

    def plan_daily(self, scope: str, target: str, first: int, last: int) -> Rows:
        """The stored standing of a target by day, both days inclusive."""
        return _by_day(daily_plan(self._store, scope=scope, target=target, first=first, last=last), "kind")

    def of_day(self, day: int, *, series: str, kind: str) -> dict[str, Row]:
        """The stored figures of every scope of a kind on one day, by scope, with the account and what robots sent."""
        flows, heard = (
            {row["scope"]: row for row in read(self._store, day, kind=kind, series=series).to_dicts()}
            for read in (flow_on, activity_on)
        )
        rows = figures_on(self._store, day, kind=kind, series=series).to_dicts()
        return {row["scope"]: joined(row, flows.get(row["scope"]), heard.get(row["scope"])) for row in rows}

    def plan_of_day(self, day: int, *, target: str, kind: str) -> dict[str, Row]:
        """The stored standing of every scope of a kind on one day, by scope."""
        return {row["scope"]: row for row in plan_on(self._store, day, kind=kind, target=target).to_dicts()}

    def standings(self, scope: str, day: int) -> dict[str, Row]:
        """How every target stands in a scope on one day, by target."""
        return {row["target"]: row for row in standings_on(self._store, day, scope=scope).to_dicts()}

    def forecasts(self, scope: str, day: int) -> dict[str, Row]:
        """What is foreseen for every target in a scope on one day, by target."""
        return {row["target"]: row for row in forecasts_on(self._store, day, scope=scope).to_dicts()}

    def comparisons(self, scope: str, day: int) -> list[Row]:
        """A day against a month and a year before, by series and base."""
        return list(comparisons_on(self._store, day, scope=scope).to_dicts())

    def compared(self, day: int, *, kind: str, series: str, base: str) -> dict[str, Row]:
        """A day against a month (mom) or a year (yoy) before, of every scope of a kind, by scope."""
        rows = compared_on(self._store, day, kind=kind, series=series, base=base)
        return {row["scope"]: row for row in rows.to_dicts()}

    def months(self, scope: str, series: str, first: int, last: int) -> Rows:
        """A scope against a month before, by day: the month-ends and the last day."""
        return _by_day(month_comparisons(self._store, scope=scope, series=series, first=first, last=last), "kind")

    def crossings(self, area: str, series: str, day: int) -> dict[str, Row]:
        """The divisions within a district or park on one day, by their codes."""
        rows = crossings_on(self._store, day, area=area, series=series).to_dicts()
        return {row["scope"].rpartition(":")[2]: row for row in rows}

    def factories(self, district: str, day: int) -> dict[str, Row]:
        """The figures of every factory that the database of a district holds, on one day."""
        return {row["factory"]: row for row in factories_on(self._store, district, day).to_dicts()}

    def grades(self, scope: str, day: int) -> list[Row]:
        """Smart factories of a scope by scheme and grade, carried forward to a day."""
        return list(smart_factories_on(self._store, day, scope=scope).to_dicts())

    def factory_daily(self, factory: str, registry: Registry, first: int, last: int) -> Rows:
        """A factory's figures, carried forward to every day from their first one on."""
        districts = {row.district for row in registry.spells(factory)}
        return _by_day(daily_factory(self._store, factory, districts=districts, first=first, last=last), "stock")

    def rows(self, scope: Scope, registry: Registry, *, series: str, holds: Holds, first: int, last: int) -> Rows:
        """The rows of any scope by day, without the days on which it has nothing in the series.

        Args:
            scope: of any kind.
            registry: says in which districts a factory stood.
            series: total, all, key, or key:<id>.
            holds: whether a factory is in the series on a day, told from its row.
            first: the first day.
            last: the last day.
        """
        if scope.kind == "factory":
            carried = self.factory_daily(scope.id, registry, first, last)
            return {day: factory_row(row) for day, row in carried.items() if holds(row, day)}
        if scope.kind == CROSSING:
            return self.crossing_daily(scope.name, series, first, last)
        return self.account_daily(scope.name, series, first, last)


def joined(row: Row, flow: Row | None, heard: Row | None) -> Row:
    """A row of figures with the account of its day and what robots sent on it."""
    account = dict.fromkeys(FLOWS, 0) if flow is None else {name: flow[name] for name in FLOWS}
    signals = {} if heard is None else {name: heard[name] for name in SIGNALS}
    return {**row, "flow": account, **signals}


def factory_row(row: Row) -> Row:
    """A factory's stored figures as those of a scope of one factory."""
    return {
        **row,
        "factories": 1,
        "response_headcount_factories": float(row["headcount_valid"]),
        "response_robots_factories": float(row["robots_reported"]),
    }


def day_points(rows: Mapping[int, Row], *, first: int, last: int, reached: int | None) -> list[dict[str, object]]:
    """Exactly one point a day, oldest first, both days inclusive.

    Args:
        rows: by day.
        first: the first day.
        last: the last day.
        reached: the last day of the figures.
    """
    return [
        {"day": to_date(day), **point(rows.get(day), folded=reached is not None and day <= reached)}
        for day in range(first, last + 1)
    ]


def _by_day(frame: pl.DataFrame, present: str) -> Rows:
    """The rows of a frame by integer day, without the days that nothing is stored for."""
    return {to_day(row["day"]): row for row in frame.drop_nulls(present).iter_rows(named=True)}
