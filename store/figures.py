"""Stored figures by day: a row for each day that is asked for, whatever the store leaves out.

Days are integers since 1970-01-01, Asia/Shanghai, both inclusive; answers carry them as the date `day` instead of
`time`. Every function raises StoreUnavailable when the store does not answer.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from density.days import OFFSET_US, start_ns
from store.base import Store
from store.schema import (
    COMPARISON,
    CROSSING,
    FACTORY_FIGURE,
    FIGURE,
    FIGURES,
    FLOW,
    FORECAST,
    PLAN_STATUS,
    ROBOT_ACTIVITY,
    SMART_FACTORY,
    Measurement,
    district_database,
)

_RETOLD = 32  # days: what is stored only when it changes is stored at each month-end, too


def daily_figures(store: Store, *, scope: str, series: str, first: int, last: int) -> pl.DataFrame:
    """The figures of a scope and series, a row a day; a day that is not stored is null."""
    return _dense(store, FIGURE, {"scope": scope, "series": series}, first, last)


def daily_flow(store: Store, *, scope: str, series: str, first: int, last: int) -> pl.DataFrame:
    """What came to the stock and went, a row a day; 0 on a day that is not stored, since nothing happened."""
    rows = _dense(store, FLOW, {"scope": scope, "series": series}, first, last)
    amounts = [field.name for field in FLOW.fields]
    return rows.select("day", pl.lit(scope).alias("scope"), pl.col(amounts).fill_null(0))


def daily_activity(store: Store, *, scope: str, series: str, first: int, last: int) -> pl.DataFrame:
    """Robots by what they sent, a row a day; null on a day of which nothing is known."""
    return _dense(store, ROBOT_ACTIVITY, {"scope": scope, "series": series}, first, last)


def daily_crossing(store: Store, *, scope: str, series: str, first: int, last: int) -> pl.DataFrame:
    """A division within a district or park, a row a day: each change is carried forward, null before the first."""
    where = {"scope": scope, "series": series}
    changes = _dated(store.read(FIGURES, CROSSING, through=start_ns(last), where=where))
    return _days(first, last).join_asof(changes, on="day")


def daily_plan(store: Store, *, scope: str, target: str, first: int, last: int) -> pl.DataFrame:
    """How a target stands in a scope, a row a day; a day that is not stored is null."""
    return _dense(store, PLAN_STATUS, {"scope": scope, "target": target}, first, last)


def figures_on(store: Store, day: int, *, kind: str, series: str) -> pl.DataFrame:
    """The figures of every scope of a kind on one day, by scope."""
    return _on(store, FIGURE, day, {"kind": kind, "series": series})


def flow_on(store: Store, day: int, *, kind: str, series: str) -> pl.DataFrame:
    """What came and went on one day, by scope; a scope where nothing did has no row."""
    return _on(store, FLOW, day, {"kind": kind, "series": series})


def activity_on(store: Store, day: int, *, kind: str, series: str) -> pl.DataFrame:
    """Robots by what they sent, in every scope of a kind on one day, by scope."""
    return _on(store, ROBOT_ACTIVITY, day, {"kind": kind, "series": series})


def comparisons_on(store: Store, day: int, *, scope: str) -> pl.DataFrame:
    """A day against a month and a year before, by `series` and `base`."""
    return _on(store, COMPARISON, day, {"scope": scope})


def compared_on(store: Store, day: int, *, kind: str, series: str, base: str) -> pl.DataFrame:
    """A day against a month (mom) or a year (yoy) before, of every scope of a kind, by scope."""
    return _on(store, COMPARISON, day, {"kind": kind, "series": series, "base": base})


def month_comparisons(store: Store, *, scope: str, series: str, first: int, last: int) -> pl.DataFrame:
    """The days of a scope that are compared with a month before, oldest first: month-ends, and the last day."""
    where = {"scope": scope, "series": series, "base": "mom"}
    return _dated(store.read(FIGURES, COMPARISON, after=start_ns(first) - 1, through=start_ns(last), where=where))


def crossings_on(store: Store, day: int, *, area: str, series: str) -> pl.DataFrame:
    """The divisions within a district or park on one day, carried forward; `area` is such as `district:310115`."""
    where = {"kind": area.partition(":")[0], "series": series}
    changes = store.read(FIGURES, CROSSING, after=start_ns(day - _RETOLD), through=start_ns(day), where=where)
    within = changes.filter(pl.col("scope").str.starts_with(f"{area}/"))
    return within.group_by("scope", maintain_order=True).last().sort("scope")


def factories_on(store: Store, adcode: str, day: int) -> pl.DataFrame:
    """The newest figures of every factory whose figures this district's database holds, by factory."""
    after, through = start_ns(day - _RETOLD), start_ns(day)
    changes = store.read(district_database(adcode), FACTORY_FIGURE, after=after, through=through)
    return changes.group_by("factory", maintain_order=True).last().sort("factory")


def standings_on(store: Store, day: int, *, scope: str) -> pl.DataFrame:
    """How every target stands in a scope on one day, by `target`."""
    return _on(store, PLAN_STATUS, day, {"scope": scope})


def forecasts_on(store: Store, day: int, *, scope: str) -> pl.DataFrame:
    """What is foreseen on one day for every target in a scope, by `target`."""
    return _on(store, FORECAST, day, {"scope": scope})


def plan_on(store: Store, day: int, *, kind: str, target: str) -> pl.DataFrame:
    """How a target stands in every scope of a kind on one day, by scope."""
    return _on(store, PLAN_STATUS, day, {"kind": kind, "target": target})


def daily_factory(store: Store, factory: str, *, districts: Iterable[str], first: int, last: int) -> pl.DataFrame:
    """A factory's figures, a row a day: each change is carried forward, and days before the first are null.

    Args:
        store: where they are.
        factory: its id.
        districts: the adcodes of every district that the factory ever stood in.
        first: the first day.
        last: the last day.
    """
    where = {"factory": factory}
    frames = [
        store.read(district_database(adcode), FACTORY_FIGURE, through=start_ns(last), where=where)
        for adcode in sorted(set(districts))
    ]
    changes = _dated(pl.concat([FACTORY_FIGURE.frame(), *frames]).sort("time", maintain_order=True))
    return _days(first, last).join_asof(changes, on="day").with_columns(pl.lit(factory).alias("factory"))


def smart_factories_on(store: Store, day: int, *, scope: str) -> pl.DataFrame:
    """Smart factories of a scope by `scheme` and `grade`, carried forward to a day; those with a count only."""
    changes = store.read(FIGURES, SMART_FACTORY, through=start_ns(day), where={"scope": scope})
    newest = changes.group_by("scheme", "grade", maintain_order=True).last()
    return newest.filter(pl.col("count") > 0).select("scheme", "grade", "count").sort("scheme", "grade")


def daily_smart_factories(store: Store, *, scope: str, first: int, last: int) -> pl.DataFrame:
    """Smart factories of a scope, a row for each day, `scheme` and `grade`; 0 before the first change."""
    changes = _dated(store.read(FIGURES, SMART_FACTORY, through=start_ns(last), where={"scope": scope}))
    grid = _days(first, last).join(changes.select("scheme", "grade").unique(), how="cross").sort("day")
    carried = grid.join_asof(changes, on="day", by=["scheme", "grade"], check_sortedness=False)
    return carried.select("day", "scheme", "grade", pl.col("count").fill_null(0)).sort("day", "scheme", "grade")


def _dense(store: Store, measurement: Measurement, where: Mapping[str, str], first: int, last: int) -> pl.DataFrame:
    rows = store.read(FIGURES, measurement, after=start_ns(first) - 1, through=start_ns(last), where=where)
    return _days(first, last).join(_dated(rows), on="day", how="left", maintain_order="left")


def _on(store: Store, measurement: Measurement, day: int, where: Mapping[str, str]) -> pl.DataFrame:
    moment = start_ns(day)
    return _dated(store.read(FIGURES, measurement, after=moment - 1, through=moment, where=where)).sort("scope")


def _days(first: int, last: int) -> pl.DataFrame:
    days = pl.int_range(first, last + 1, dtype=pl.Int32, eager=True)
    return pl.DataFrame({"day": days.cast(pl.Date)})


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    day = pl.from_epoch(pl.col("time") // 1_000 + OFFSET_US, time_unit="us").cast(pl.Date).alias("day")
    return rows.select(day, pl.exclude("time"))
