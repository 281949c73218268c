"""A city whose reports are stored one after another and rolled up, for tests of what the store then tells."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from cities import CASE_DEFINITION, CASE_REFERENCE, DAY0, KINDS, REFERENCE, Row, at, site

from density.days import day_of_ns, to_date
from density.definition import Definition
from density.figures import Figures
from density.fold import fold
from density.plan import Plan, Target
from density.register import Name
from density.reports import Reports
from rollup.job import Rollup, RollupOptions
from store.base import Store
from store.errors import StoreUnavailable
from store.figures import (
    comparisons_on,
    daily_crossing,
    daily_factory,
    daily_smart_factories,
)
from store.ledger import LedgerWriter
from store.schema import (
    CROSSING,
    FIGURE,
    FIGURES,
    FLOW,
    MEASUREMENTS,
    PLAN_VERSION,
    REPORTS,
    RESTATEMENT,
    SMART_FACTORY,
    Measurement,
    district_database,
)

NAME = Name("名", "name")
DISTRICTS = tuple(sorted(REFERENCE.districts))
TARGET = Target("SH-01", NAME, "", "gross_new", "total", "count", NAME, 200, to_date(DAY0), to_date(DAY0 + 1_000))
PLAN = Plan("p", NAME, "", (replace(TARGET, scopes=("city", "district")),))
# with so many others one factory is few enough to be told anew alone
OTHERS = [site(f"Z{number:02}", district="310114", industry="1711") for number in range(20)]


class Clock:
    """The time, set by hand."""

    def __init__(self, day: int) -> None:
        self.set(day)

    def set(self, day: int, hour: int = 12) -> None:
        """Go to an hour of a Shanghai day."""
        self.ns = at(day, hour) * 1_000

    def __call__(self) -> int:
        self.ns += 1_000
        return self.ns


class Ledger:
    """Stores reports as ingest does."""

    def __init__(self, store: Store, clock: Clock, writer: str = "w1") -> None:
        self._writer = LedgerWriter(store, writer, clock)

    def report(self, **rows: list[Row]) -> None:
        """Store reports by kind, in one write."""
        kinds = {**KINDS, PLAN_VERSION.name: PLAN_VERSION}
        frames = {kinds[name]: kinds[name].frame(each).drop("time", "writer") for name, each in rows.items() if each}
        self._writer.write(self._writer.stamp(frames))


class Settled(Rollup):
    """A rollup that has written all that is due after each step."""

    def step(self) -> bool:
        """Fold and write, and settle."""
        did = super().step()
        self.settle()
        return did


def rollup(store: Store, clock: Clock, definition: Definition = CASE_DEFINITION, plan: Plan = PLAN) -> Rollup:
    """A rollup that goes with the clock and settles."""
    options = RollupOptions(flood=10**9, quiet_s=0.0)
    return Settled(store, CASE_REFERENCE, definition, plan, clock_ns=clock, options=options)


class FailingStore:
    """A store that fails from one write to the figures or the state on.

    Args:
        store: does all the rest.
        fails_at: number of the write that fails; the first is 0, and none never does.
    """

    def __init__(self, store: Store, fails_at: int | None = None) -> None:
        self._store, self.left = store, fails_at

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Write, or fail."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise StoreUnavailable("It is switched off.")
        self._store.write(database, frames)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


def folded(store: Store, day: int, through_ns: int | None = None, definition: Definition = CASE_DEFINITION) -> Figures:
    """One fold over the reports that are stored up to a stamp."""
    kinds = {name: store.read(REPORTS, kind, through=through_ns) for name, kind in KINDS.items()}
    return fold(Reports(**kinds), CASE_REFERENCE, definition, to_date(day))


def contents(store: Store) -> dict[str, list[Any]]:
    """Every point of the figures but for who works and how far they go, sorted."""
    apart = {"factory_figure", "factory_card", "provenance"}
    kinds = [kind for kind in MEASUREMENTS if kind.database == FIGURES and kind.name not in apart]
    found = {kind.name: store.read(FIGURES, kind) for kind in kinds}
    factory = next(kind for kind in MEASUREMENTS if kind.name == "factory_figure")
    found |= {adcode: store.read(district_database(adcode), factory) for adcode in DISTRICTS}
    return {name: frame.sort(frame.columns[:6]).rows() for name, frame in found.items()}


def restated(store: Store, **where: str) -> list[tuple[Any, ...]]:
    """Restatements as day after DAY0, old, new, why and stamp."""
    rows = store.read(FIGURES, RESTATEMENT, where=where).sort("day", "time")
    return rows.select(pl.col("day") - DAY0, "old", "new", "why", "stamp").rows()


def differences(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    """Where the store tells another figure than a fold: what, where, which; empty if nowhere."""
    return [
        *_areas(store, figures),
        *_carried(store, figures),
        *_factories(store, figures),
        *_compared(store, figures),
        *_graded(store, figures),
    ]


def _areas(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    rows, flows = (_by_scope(store.read(FIGURES, kind), figures) for kind in (FIGURE, FLOW))
    nothing = pl.DataFrame({"day": _days(figures)})
    found: list[tuple[Any, ...]] = []
    values_of = {**figures.counts, **figures.ratios}
    for place, scope in enumerate(figures.scopes.names):
        for line, series in enumerate(figures.series):
            for name, values in values_of.items():
                if name.startswith("flow_"):
                    account = flows.get((scope, series), nothing.with_columns(pl.lit(0).alias(name[5:])))
                    told = account[name[5:]].fill_null(0)
                else:
                    told = rows[scope, series][name]
                if not _same(told, values[place, line]):
                    found.append((scope, series, name, told.to_list(), values[place, line].tolist()))
    return found


def _by_scope(points: pl.DataFrame, figures: Figures) -> dict[tuple[Any, ...], pl.DataFrame]:
    """A row a day for each scope and series, null where nothing is stored."""
    dated = points.with_columns(day=pl.Series([day_of_ns(time) for time in points["time"]], dtype=pl.Int64))
    groups = dated.group_by("scope", "series")
    return {name: pl.DataFrame({"day": _days(figures)}).join(rows, on="day", how="left") for name, rows in groups}


def _days(figures: Figures) -> pl.Series:
    return pl.int_range(figures.first_day, figures.last_day + 1, dtype=pl.Int64, eager=True)


def _carried(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    groups = dict(figures.crossings.group_by("scope", "series"))
    stored = store.read(FIGURES, CROSSING).select("scope", "series").unique().rows()
    found: list[tuple[Any, ...]] = []
    for scope, series in sorted({*groups, *stored}):
        rows = daily_crossing(store, scope=scope, series=series, first=figures.first_day, last=figures.last_day)
        found += _sparse((scope, series), rows, groups.get((scope, series), figures.crossings.clear()), figures)
    return found


def _factories(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for (factory,), kept in figures.factories.group_by("factory"):
        days = {"first": figures.first_day, "last": figures.last_day}
        rows = daily_factory(store, str(factory), districts=DISTRICTS, **days)
        found += _sparse((factory,), rows, kept, figures)
    return found


def _sparse(names: Sequence[Any], told: pl.DataFrame, kept: pl.DataFrame, figures: Figures) -> list[tuple[Any, ...]]:
    days = pl.DataFrame({"day": np.arange(figures.first_day, figures.last_day + 1, dtype=np.int32)})
    holds = days.join_asof(kept.sort("day"), on="day")
    found: list[tuple[Any, ...]] = []
    for name in set(kept.columns) - {"scope", "kind", "series", "factory", "district", "day"}:
        if holds.schema[name] == pl.Float64:
            same = _same(told[name], holds[name].fill_null(np.nan).to_numpy())
        else:
            same = told[name].cast(pl.Int64).fill_null(0).to_list() == holds[name].cast(pl.Int64).fill_null(0).to_list()
        if not same:
            found.append((*names, name, told[name].to_list(), holds[name].to_list()))
    return found


def _compared(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = []
    for (scope, day), rows in figures.comparisons.group_by("scope", "day"):
        told = comparisons_on(store, day, scope=str(scope)).filter(pl.col("matched") + pl.col("joined") > 0)
        columns = [name for name in rows.columns if name not in {"day", "kind"}]
        expected = rows.fill_nan(None).select(columns).filter(pl.col("matched") + pl.col("joined") > 0)
        one, other = (each.select(columns).sort("series", "base").rows() for each in (told, expected))
        if one != other:
            found.append((scope, day, one, other))
    return found


def _graded(store: Store, figures: Figures) -> list[tuple[Any, ...]]:
    grades = figures.grades.select("day", "scope", "scheme", "grade", "count").sort("day")
    days = {"first": figures.first_day, "last": figures.last_day}
    found: list[tuple[Any, ...]] = []
    for scope in sorted({*grades["scope"], *store.read(FIGURES, SMART_FACTORY)["scope"]}):
        told = daily_smart_factories(store, scope=scope, **days).select(
            pl.col("day").cast(pl.Int32), "scheme", "grade", "count"
        )
        expected = told.drop("count").join_asof(
            grades.filter(scope=scope).drop("scope").cast({"day": pl.Int32}),
            on="day",
            by=["scheme", "grade"],
            check_sortedness=False,
        )
        if told["count"].to_list() != expected["count"].fill_null(0).to_list():
            found.append((scope, "grades", told.rows(), expected.rows()))
        lacks = set(grades.filter(scope=scope)["grade"]) - set(told["grade"])
        found += [(scope, "grades", lacks)] if lacks else []
    return found


def _same(told: pl.Series, values: Any) -> bool:
    expected = [None if np.isnan(value) else value for value in np.asarray(values, dtype=float).tolist()]
    return told.to_list() == expected
