import math
import random
from datetime import date, timedelta

import numpy as np
import polars as pl
from cities import DAY0, DEFINITION, FIRST, REFERENCE, Row, cities, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from naive import NaiveCity

from density.cube import SERIES
from density.fold import COUNTS, Figures, fold

TODAY = FIRST + timedelta(days=45)
LAW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def folded(city: dict[str, list[Row]], today: date = TODAY) -> Figures:
    return fold(reports(city), REFERENCE, DEFINITION, today)


def same(ours: float, theirs: float | None) -> bool:
    return math.isnan(ours) if theirs is None else math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)


@LAW
@given(cities())
def test_fold_agrees_with_plain_loops(city: dict[str, list[Row]]) -> None:
    figures, naive = folded(city), NaiveCity(city, DEFINITION, TODAY)
    for place, scope in enumerate(figures.scopes.names):
        for line, series in enumerate(SERIES):
            for column in (0, 1, 19, 20, 31, 45):
                expected = naive.figures(scope, series, figures.first_day + column)
                for name, values in figures.counts.items():
                    assert values[place, line, column] == expected[name], (scope, series, column, name)
                for name, ratios in figures.ratios.items():
                    assert same(ratios[place, line, column], expected[name]), (scope, series, column, name)


@LAW
@given(cities())
def test_fold_of_factories_agrees_with_plain_loops(city: dict[str, list[Row]]) -> None:
    figures, naive = folded(city), NaiveCity(city, DEFINITION, TODAY)
    for factory in naive.factories:
        rows = figures.factories.filter(pl.col("factory") == factory)
        for day in (DAY0, DAY0 + 20, DAY0 + 31, DAY0 + 45):
            row = rows.filter(pl.col("day") <= day).row(-1, named=True)
            expected = naive.figures(f"factory:{factory}", "total", day)
            for name in ("stock", "persons", "stock_counted", "persons_counted", "smart_factories"):
                assert row[name] == expected[name], (factory, day, name)
            assert same(row["density"], expected["density"])
            assert row["in_key"] == naive.belongs(factory, day, "city", "key")


@LAW
@given(cities(), st.randoms(use_true_random=False))
def test_fold_is_the_same_in_any_order_and_however_often(city: dict[str, list[Row]], chance: random.Random) -> None:
    # every report says when it was stated, and no two of a slot at one moment
    stated = {
        kind: [row | ({"reported_at_us": row["time"]} if kind in {"lifecycle", "workforce"} else {}) for row in rows]
        for kind, rows in city.items()
    }
    again = {}
    for kind, rows in stated.items():
        mixed = [*rows, *chance.choices(rows, k=3)] if rows else []
        if kind in {"lifecycle", "workforce"}:
            chance.shuffle(mixed)
        again[kind] = [row | {"time": stamp} for stamp, row in enumerate(mixed, start=1_000)]
    one, two = folded(stated), folded(again)
    assert all(np.array_equal(one.counts[name], two.counts[name]) for name in COUNTS)
    assert all(np.array_equal(one.ratios[name], two.ratios[name], equal_nan=True) for name in one.ratios)
    assert one.factories.equals(two.factories)


@LAW
@given(cities())
def test_fold_adds_up_from_factories_over_districts_to_the_city(city: dict[str, list[Row]]) -> None:
    figures = folded(city)
    districts = figures.scopes.of_kind("district")
    for name, values in figures.counts.items():
        assert np.array_equal(values[districts].sum(axis=0), values[0]), name
    last = figures.factories.group_by("factory").last()
    for name in ("stock", "gross_new", "persons", "stock_counted", "persons_counted"):
        assert last[name].sum() == figures.counts[name][0, 0, -1], name


@LAW
@given(cities())
def test_fold_of_a_past_day_needs_nothing_later(city: dict[str, list[Row]]) -> None:
    early, late = folded(city, FIRST + timedelta(days=30)), folded(city)
    for name in COUNTS:
        assert np.array_equal(early.counts[name], late.counts[name][..., :31]), name


def test_fold_of_no_reports_is_zeros_and_nulls() -> None:
    figures = folded({})
    assert all(not values.any() for values in figures.counts.values())
    assert all(np.isnan(values).all() for values in figures.ratios.values())
    assert figures.factories.is_empty()
