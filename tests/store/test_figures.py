from datetime import date
from pathlib import Path

import polars as pl
import pytest

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.figures import (
    daily_factory,
    daily_figures,
    daily_plan,
    daily_smart_factories,
    figures_on,
    plan_on,
    smart_factories_on,
)
from store.known import with_flags
from store.schema import FACTORY_FIGURE, FIGURE, FIGURES, PLAN_STATUS, SMART_FACTORY, district_database

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
