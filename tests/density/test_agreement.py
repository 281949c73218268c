import math
from collections.abc import Sequence
from datetime import timedelta

from cities import CASE_DEFINITION, CASE_REFERENCE, DAY0, FIRST, ZONES, Row, cities, reports
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from naive import NaiveCity
from told import Told

from density.fold import fold

DAYS = 45
TODAY = FIRST + timedelta(days=DAYS)
SCOPES = (
    "district:310114", "district:310115", "park:P01", "park:P02", "zone:Z1", "zone:Z2",
    "industry:36", "industry:26", "industry:268", "industry:2611", "industry:17",
    "factory:F1", "factory:F2", "factory:F3",
    "district:310115/industry:36", "district:310114/industry:26", "park:P01/industry:36", "park:P02/industry:17",
)  # fmt: skip
AREAS = ("city", *(scope for scope in SCOPES if not scope.startswith("factory:") and "/" not in scope))
COMPARED = (31, DAYS)  # the end of January and the last day, each with the day a month before


RANDOM = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # shrinking takes minutes, and the differences name scope, day and figure
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def differs(ours: float | None, theirs: float | None) -> bool:
    if ours is None or theirs is None:
        return ours is not theirs
    return not math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=1e-12)


def differences(city: Told, naive: NaiveCity, scope: str, day: int) -> list[tuple[object, ...]]:
    series = ("total",) if scope.startswith("factory:") else CASE_DEFINITION.series
    found: list[tuple[object, ...]] = []
    for each in series:
        by_hand = naive.figures(scope, each, day)
        for name in city.names(scope):
            ours = city.at(scope, each, day, name)
            if differs(ours, by_hand[name]):
                found.append((scope, each, day - DAY0, name, ours, by_hand[name]))
    return found


def otherwise_on_any_day(city: Told, naive: NaiveCity, scope: str) -> list[tuple[object, ...]]:
    """Where what is told of robots differs on some day: what comes and goes does so on few."""
    found: list[tuple[object, ...]] = []
    for day in range(DAYS + 1):
        by_hand = naive.robots(scope, "total", DAY0 + day)
        for name in by_hand.keys() & set(city.names(scope)):
            ours = city.at(scope, "total", DAY0 + day, name)
            if ours != by_hand[name]:
                found.append((scope, "total", day, name, ours, by_hand[name]))
    return found


def compared_otherwise(
    city: Told, naive: NaiveCity, scope: str, days: Sequence[int], base: str
) -> list[tuple[object, ...]]:
    """Where a day beside an earlier one differs; an area of which nothing is kept counted nothing."""
    found: list[tuple[object, ...]] = []
    for day in days:
        for series in CASE_DEFINITION.series:
            by_hand = naive.comparison(scope, series, DAY0 + day, base)
            ours = city.comparison(scope, series, DAY0 + day, base) or dict.fromkeys(by_hand)
            kept = by_hand if any(by_hand.values()) else {}
            found += [
                (scope, series, day, name, ours[name], kept[name]) for name in kept if differs(ours[name], kept[name])
            ]
    return found


@settings(RANDOM, max_examples=500)
@given(
    cities(),
    st.lists(st.integers(0, DAYS), min_size=2, max_size=2, unique=True),
    st.lists(st.sampled_from(SCOPES), min_size=3, max_size=3, unique=True),
)
def test_fold_agrees_with_plain_loops_on_random_cities(
    rows: dict[str, list[Row]], days: list[int], scopes: list[str]
) -> None:
    city = Told(fold(reports(rows), CASE_REFERENCE, CASE_DEFINITION, TODAY))
    naive = NaiveCity(rows, CASE_DEFINITION, TODAY, ZONES)
    found = [
        each for day in days for scope in ("city", *scopes) for each in differences(city, naive, scope, DAY0 + day)
    ]
    found += [each for scope in ("city", scopes[0]) for each in otherwise_on_any_day(city, naive, scope)]
    assert not found
    assert not [
        each
        for scope in ("city", *scopes)
        if scope in AREAS
        for each in compared_otherwise(city, naive, scope, COMPARED, "mom")
    ]


@settings(RANDOM, max_examples=40)
@given(cities(), st.integers(0, DAYS))
def test_fold_agrees_with_plain_loops_on_the_year_before(rows: dict[str, list[Row]], later: int) -> None:
    today = FIRST + timedelta(days=366 + later)  # 2024 is a leap year
    city = Told(fold(reports(rows), CASE_REFERENCE, CASE_DEFINITION, today))
    naive = NaiveCity(rows, CASE_DEFINITION, today, ZONES)
    assert not [each for scope in AREAS for each in compared_otherwise(city, naive, scope, [366 + later], "yoy")]
