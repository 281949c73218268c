from datetime import date
from pathlib import Path

import polars as pl
import pytest

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
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
    daily_smart_factories,
    factories_on,
    figures_on,
    flow_on,
    forecasts_on,
    month_comparisons,
    plan_on,
    smart_factories_on,
    standings_on,
)
from store.known import with_flags
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
    district_database,
)

FIRST = to_day(date(2026, 7, 1))


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    return EmbeddedStore(tmp_path)


def figure(day: int, scope: str, *, stock: int, density: float | None) -> dict[str, object]:
    kind = scope.split(":", maxsplit=1)[0]
    return {"time": start_ns(day), "scope": scope, "kind": kind, "series": "key", "stock": stock, "density": density}


def put_figures(store: EmbeddedStore) -> None:
    rows = [figure(FIRST + step, "city", stock=step, density=None if step == 1 else 400.0 + step) for step in range(3)]
    rows += [figure(FIRST, "park:P01", stock=7, density=1.5), figure(FIRST, "park:P02", stock=8, density=None)]
    store.write(FIGURES, {FIGURE: with_flags(FIGURE, FIGURE.frame(rows))})


def test_daily_figures_one_row_a_day_and_null_where_unknown(store: EmbeddedStore) -> None:
    put_figures(store)
    rows = daily_figures(store, scope="city", series="key", first=FIRST, last=FIRST + 3)
    assert rows.select("day", "stock", "density").rows() == [
        (date(2026, 7, 1), 0, 400.0),
        (date(2026, 7, 2), 1, None),
        (date(2026, 7, 3), 2, 402.0),
        (date(2026, 7, 4), None, None),
    ]
    assert "time" not in rows.columns


def test_figures_on_every_scope_of_the_kind(store: EmbeddedStore) -> None:
    put_figures(store)
    rows = figures_on(store, FIRST, kind="park", series="key")
    assert rows.select("scope", "stock", "density").rows() == [("park:P01", 7, 1.5), ("park:P02", 8, None)]


def test_daily_plan_and_plan_on_agree(store: EmbeddedStore) -> None:
    row = {"time": start_ns(FIRST), "scope": "city", "kind": "city", "target": "density", "actual": 450.0}
    store.write(FIGURES, {PLAN_STATUS: with_flags(PLAN_STATUS, PLAN_STATUS.frame([row]))})
    daily = daily_plan(store, scope="city", target="density", first=FIRST, last=FIRST)
    assert daily.row(0, named=True)["actual"] == 450.0
    assert daily.equals(plan_on(store, FIRST, kind="city", target="density"))


def factory(day: int, stock: int, density: float | None) -> pl.DataFrame:
    row = {"time": start_ns(day), "factory": "F1", "stock": stock, "density": density, "in_key": True}
    return with_flags(FACTORY_FIGURE, FACTORY_FIGURE.frame([row]))


def test_daily_factory_carries_each_change_forward_across_districts(store: EmbeddedStore) -> None:
    store.write(district_database("310115"), {FACTORY_FIGURE: factory(FIRST + 1, 5, 100.0)})
    store.write(district_database("310120"), {FACTORY_FIGURE: factory(FIRST + 3, 6, None)})
    districts = ["310115", "310120"]
    rows = daily_factory(store, "F1", districts=districts, first=FIRST, last=FIRST + 4)
    assert rows["stock"].to_list() == [None, 5, 5, 6, 6]
    assert rows["density"].to_list() == [None, 100.0, 100.0, None, None]
    later = daily_factory(store, "F1", districts=districts, first=FIRST + 2, last=FIRST + 2)
    assert later.select("day", "factory", "stock").rows() == [(date(2026, 7, 3), "F1", 5)]


def test_daily_factory_of_nothing_is_null(store: EmbeddedStore) -> None:
    assert daily_factory(store, "F1", districts=[], first=FIRST, last=FIRST)["stock"].to_list() == [None]


def test_smart_factories_on_carries_forward_and_leaves_out_zero(store: EmbeddedStore) -> None:
    changes = [(0, "advanced", 3), (0, "excellent", 1), (2, "excellent", 0), (4, "advanced", 9)]
    rows = [
        {"time": start_ns(FIRST + day), "scope": "city", "kind": "city", "scheme": "s", "grade": grade, "count": count}
        for day, grade, count in changes
    ]
    store.write(FIGURES, {SMART_FACTORY: SMART_FACTORY.frame(rows)})
    assert smart_factories_on(store, FIRST + 3, scope="city").rows() == [("s", "advanced", 3)]
    daily = daily_smart_factories(store, scope="city", first=FIRST - 1, last=FIRST + 2)
    assert daily["count"].to_list() == [0, 0, 3, 1, 3, 1, 3, 0]


CITY = {"scope": "city", "kind": "city", "series": "key"}


def test_daily_flow_is_zero_where_nothing_is_stored(store: EmbeddedStore) -> None:
    row = {**CITY, "time": start_ns(FIRST + 1), "commissioned": 3, "moved_out": 1}
    store.write(FIGURES, {FLOW: FLOW.frame([row])})
    rows = daily_flow(store, scope="city", series="key", first=FIRST, last=FIRST + 2)
    assert rows.select("commissioned", "moved_out", "reinstated").rows() == [(0, 0, 0), (3, 1, 0), (0, 0, 0)]
    assert daily_flow(store, scope="city", series="all", first=FIRST, last=FIRST)["commissioned"].to_list() == [0]
    assert flow_on(store, FIRST + 1, kind="city", series="key")["commissioned"].to_list() == [3]
    assert flow_on(store, FIRST, kind="city", series="key").height == 0


def test_daily_activity_is_null_where_nothing_is_known(store: EmbeddedStore) -> None:
    row = {**CITY, "time": start_ns(FIRST + 1), "connected_stock": 7, "unseen": 0}
    store.write(FIGURES, {ROBOT_ACTIVITY: ROBOT_ACTIVITY.frame([row])})
    rows = daily_activity(store, scope="city", series="key", first=FIRST, last=FIRST + 1)
    assert rows.select("connected_stock", "unseen").rows() == [(None, None), (7, 0)]
    assert activity_on(store, FIRST + 1, kind="city", series="key")["connected_stock"].to_list() == [7]


def test_daily_crossing_carries_each_change_forward(store: EmbeddedStore) -> None:
    scope = {"scope": "district:310115/industry:36", "kind": "district", "series": "key"}
    rows = [{**scope, "time": start_ns(FIRST + day), "stock": stock, "density": density}
            for day, stock, density in ((0, 4, None), (2, 9, 12.5))]  # fmt: skip
    rows.append({**rows[1], "scope": "district:310115/industry:37", "stock": 1})
    store.write(FIGURES, {CROSSING: with_flags(CROSSING, CROSSING.frame(rows))})
    daily = daily_crossing(store, scope=scope["scope"], series="key", first=FIRST - 1, last=FIRST + 3)
    assert daily.select("stock", "density").rows() == [(None, None), (4, None), (4, None), (9, 12.5), (9, 12.5)]
    later = daily_crossing(store, scope=scope["scope"], series="key", first=FIRST + 1, last=FIRST + 1)
    assert later["stock"].to_list() == [4]


def test_comparisons_standings_and_forecasts_are_those_of_the_scope_and_day(store: EmbeddedStore) -> None:
    at, kind = {"time": start_ns(FIRST)}, {"scope": "city", "kind": "city"}
    compared = [{**at, **CITY, "base": base, "matched": matched} for base, matched in (("mom", 9), ("yoy", 7))]
    store.write(FIGURES, {COMPARISON: with_flags(COMPARISON, COMPARISON.frame(compared))})
    rows = [{**at, **kind, "target": target, "gap": 1.0} for target in ("SH-13", "SH-14:plan6")]
    store.write(FIGURES, {PLAN_STATUS: with_flags(PLAN_STATUS, PLAN_STATUS.frame(rows))})
    foreseen = [{**at, **kind, "target": "SH-13", "middle": 2.0, "chance": "likely"}]
    store.write(FIGURES, {FORECAST: with_flags(FORECAST, FORECAST.frame(foreseen))})
    assert comparisons_on(store, FIRST, scope="city").select("base", "matched").rows() == [("mom", 9), ("yoy", 7)]
    assert set(standings_on(store, FIRST, scope="city")["target"]) == {"SH-13", "SH-14:plan6"}
    assert forecasts_on(store, FIRST, scope="city")["chance"].to_list() == ["likely"]
    for read in (comparisons_on, standings_on, forecasts_on):
        assert read(store, FIRST + 1, scope="city").height == 0


def test_compared_on_gives_every_scope_of_a_kind_against_one_base(store: EmbeddedStore) -> None:
    told = {"kind": "park", "series": "total", "time": start_ns(FIRST)}
    rows = [
        {**told, "scope": "park:P02", "base": "yoy", "matched": 2},
        {**told, "scope": "park:P01", "base": "yoy", "matched": 1},
        {**told, "scope": "park:P01", "base": "mom", "matched": 9},
        {**told, "scope": "city", "kind": "city", "base": "yoy", "matched": 9},
        {**told, "scope": "park:P01", "base": "yoy", "matched": 9, "time": start_ns(FIRST - 1)},
    ]
    store.write(FIGURES, {COMPARISON: with_flags(COMPARISON, COMPARISON.frame(rows))})
    read = compared_on(store, FIRST, kind="park", series="total", base="yoy")
    assert read.select("scope", "matched").rows() == [("park:P01", 1), ("park:P02", 2)]


def test_month_comparisons_are_those_of_a_scope_with_a_month_before(store: EmbeddedStore) -> None:
    told = {"scope": "city", "kind": "city", "series": "key", "base": "mom"}
    rows = [{**told, "time": start_ns(FIRST + 30 * step), "change": float(step)} for step in (2, 0, 1)]
    rows += [{**told, "base": "yoy", "time": start_ns(FIRST), "change": 9.0}]
    store.write(FIGURES, {COMPARISON: with_flags(COMPARISON, COMPARISON.frame(rows))})
    read = month_comparisons(store, scope="city", series="key", first=FIRST, last=FIRST + 30)
    assert read["change"].to_list() == [0.0, 1.0]


def test_crossings_on_carries_the_divisions_of_one_area_forward(store: EmbeddedStore) -> None:
    told = {"kind": "district", "series": "total", "time": start_ns(FIRST)}
    rows = [
        {**told, "scope": "district:310115/industry:36", "stock": 3},
        {**told, "scope": "district:310115/industry:36", "stock": 4, "time": start_ns(FIRST + 2)},
        {**told, "scope": "district:310115/industry:36", "stock": 9, "time": start_ns(FIRST + 9)},
        {**told, "scope": "district:310115/industry:17", "stock": 5},
        {**told, "scope": "district:310114/industry:17", "stock": 9},
        {**told, "scope": "district:310115/industry:17", "stock": 9, "series": "key"},
    ]
    store.write(FIGURES, {CROSSING: with_flags(CROSSING, CROSSING.frame(rows))})
    read = crossings_on(store, FIRST + 4, area="district:310115", series="total")
    assert read.select("scope", "stock").rows() == [
        ("district:310115/industry:17", 5),
        ("district:310115/industry:36", 4),
    ]


def test_factories_on_carries_each_factory_of_a_district_forward(store: EmbeddedStore) -> None:
    rows = [
        {"time": start_ns(FIRST + step), "factory": factory, "stock": stock}
        for step, factory, stock in ((0, "F2", 2), (0, "F1", 1), (3, "F1", 4), (9, "F1", 9))
    ]
    frame = with_flags(FACTORY_FIGURE, FACTORY_FIGURE.frame(rows))
    store.write(district_database("310115"), {FACTORY_FIGURE: frame})
    assert factories_on(store, "310115", FIRST + 5).select("factory", "stock").rows() == [("F1", 4), ("F2", 2)]
    assert factories_on(store, "310114", FIRST + 5).is_empty()
