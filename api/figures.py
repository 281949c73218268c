"""The stored figures as the API shows them; nothing is computed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from api.answer import shanghai_time
from api.registry import Registry
from api.scopes import Scope
from density.days import to_date, to_day
from store.base import Store
from store.figures import daily_factory, daily_figures, daily_plan, figures_on, plan_on, smart_factories_on
from store.schema import ROLLUP, STATE

Row = Mapping[str, Any]

COUNTS = ("stock", "gross_new", "persons", "stock_counted", "persons_counted")
RATIOS = ("density", "density_12m")
STANDING = ("actual", "baseline", "planned", "progress", "planned_progress", "lead", "pace", "gap", "status")


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
            version=f"{row['data_until_us']}-{row['folded_us']}",
        )

    def daily(self, scope: str, series: str, first: int, last: int) -> dict[int, Row]:
        """The stored figures of a scope by day, both days inclusive."""
        return _by_day(daily_figures(self._store, scope=scope, series=series, first=first, last=last), "scope")

    def plan_daily(self, scope: str, target: str, first: int, last: int) -> dict[int, Row]:
        """The stored standing of a target by day, both days inclusive."""
        return _by_day(daily_plan(self._store, scope=scope, target=target, first=first, last=last), "scope")

    def of_day(self, day: int, *, series: str, kind: str) -> dict[str, Row]:
        """The stored figures of every scope of a kind on one day, by scope."""
        return {row["scope"]: row for row in figures_on(self._store, day, kind=kind, series=series).to_dicts()}

    def plan_of_day(self, day: int, *, target: str, kind: str) -> dict[str, Row]:
        """The stored standing of every scope of a kind on one day, by scope."""
        return {row["scope"]: row for row in plan_on(self._store, day, kind=kind, target=target).to_dicts()}

    def grades(self, scope: str, day: int) -> list[dict[str, object]]:
        """Smart factories of a scope by scheme and grade, carried forward to a day."""
        return smart_factories_on(self._store, day, scope=scope).to_dicts()

    def factory_daily(self, factory: str, registry: Registry, first: int, last: int) -> dict[int, Row]:
        """A factory's figures, carried forward to every day from their first one on."""
        districts = {row.district for row in registry.spells(factory)}
        return _by_day(daily_factory(self._store, factory, districts=districts, first=first, last=last), "stock")


def _by_day(frame: pl.DataFrame, present: str) -> dict[int, Row]:
    """The rows of a frame by integer day, without the days that nothing is stored for."""
    return {to_day(row["day"]): row for row in frame.drop_nulls(present).iter_rows(named=True)}


def point(row: Row | None, *, folded: bool) -> dict[str, object]:
    """The figures of one scope, series and day, each under its own name.

    Args:
        row: what is stored; none means that the scope has nothing in the series on that day.
        folded: whether the figures reach this day; beyond it everything is unknown.
    """
    nothing = 0 if folded else None
    stored = row or {}
    return {
        **{name: stored.get(name, nothing) for name in COUNTS},
        **{name: stored.get(name) for name in RATIOS},
        "response": {
            of: {by: stored.get(f"response_{of}_{by}") for by in ("factories", "persons")}
            for of in ("headcount", "robots")
        },
        "factories": stored.get("factories", nothing),
        "smart_factories": stored.get("smart_factories", nothing),
    }


def factory_row(row: Row | None, series: str) -> Row | None:
    """A factory's stored figures as those of a scope in a series; none where it is not in the series."""
    if row is None or (series == "all" and not row["in_all"]) or (series == "key" and not row["in_key"]):
        return None
    return {
        **row,
        "factories": 1,
        "response_headcount_factories": float(row["headcount_valid"]),
        "response_robots_factories": float(row["robots_reported"]),
    }


def scope_points(
    shelf: Shelf, scope: Scope, registry: Registry, *, series: str, first: int, last: int
) -> list[dict[str, object]]:
    """Exactly one point a day, oldest first, both days inclusive."""
    reached = shelf.folded().day
    rows: Mapping[int, Row | None]
    if scope.kind == "factory":
        carried = shelf.factory_daily(scope.id, registry, first, last)
        rows = {day: factory_row(row, series) for day, row in carried.items()}
    else:
        rows = shelf.daily(scope.name, series, first, last)
    return [
        {"day": to_date(day), **point(rows.get(day), folded=reached is not None and day <= reached)}
        for day in range(first, last + 1)
    ]


def standing_of(row: Row | None) -> dict[str, object]:
    """How a target stands in one scope; nulls where nothing is stored."""
    return {name: (row or {}).get(name) for name in STANDING}
