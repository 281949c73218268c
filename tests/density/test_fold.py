import random
from datetime import date, timedelta

import numpy as np
import pytest
from cities import DEFINITION, FIRST, KINDS, REFERENCE, Row, cities, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from density.city import City, Told
from density.figures import Figures
from density.fold import fold
from density.measures import FLOWS

TODAY = FIRST + timedelta(days=45)
LAW = settings(
    max_examples=25, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
STATED = {"lifecycle", "workforce", "inventory", "assessment"}  # kinds that may say when they were stated
Rows = dict[str, list[Row]]


def folded(city: Rows, today: date = TODAY) -> Figures:
    return fold(reports(city), REFERENCE, DEFINITION, today)


def assert_same(one: Figures, two: Figures) -> None:
    assert one.scopes == two.scopes
    for name, values in one.counts.items():
        assert np.array_equal(values, two.counts[name]), name
    for name, ratios in one.ratios.items():
        assert np.array_equal(ratios, two.ratios[name], equal_nan=True), name
    assert one.factories.equals(two.factories)
    order = ["scope", "series", "day"]
    assert one.crossings.sort(order).equals(two.crossings.sort(order))
    assert one.comparisons.equals(two.comparisons)
    assert one.grades.equals(two.grades)
    assert one.installed.sort("factory", "from_day").equals(two.installed.sort("factory", "from_day"))


@LAW
@given(cities(), st.randoms(use_true_random=False))
def test_fold_is_the_same_in_any_order_and_however_often(city: Rows, chance: random.Random) -> None:
    # every report says when it was stated, and no two of a slot at one moment
    stated = {
        kind: [row | ({"reported_at_us": row["time"]} if kind in STATED else {}) for row in rows]
        for kind, rows in city.items()
    }
    again = {}
    for kind, rows in stated.items():
        mixed = [*rows, *chance.choices(rows, k=3)] if rows else []
        if kind in STATED:
            chance.shuffle(mixed)
        again[kind] = [row | {"time": stamp} for stamp, row in enumerate(mixed, start=1_000)]
    assert_same(folded(stated), folded(again))


@settings(LAW, max_examples=10)
@given(cities())
def test_fold_is_the_same_on_one_core_and_on_two(city: Rows) -> None:
    told = []
    for cores in (1, 2):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("density.cores.CORES", cores)
            told.append(folded(city))
    assert_same(*told)


@LAW
@given(cities(), st.randoms(use_true_random=False))
def test_city_is_the_same_in_any_batches(city: Rows, chance: random.Random) -> None:
    arriving = [(kind, row) for kind, rows in city.items() for row in rows]
    chance.shuffle(arriving)
    told = City(reports({}), REFERENCE, DEFINITION, TODAY)
    while arriving:
        batch = [arriving.pop() for _ in range(min(len(arriving), chance.choice([1, 1, 2, 5])))]
        told.take({kind: KINDS[kind].frame([row for each, row in batch if each == kind]) for kind, _ in batch})
    assert_same(told.figures, folded(city))


@LAW
@given(cities(), st.randoms(use_true_random=False))
def test_take_tells_what_changed_and_nothing_else(city: Rows, chance: random.Random) -> None:
    early = {kind: rows[: chance.randint(0, len(rows))] for kind, rows in city.items()}
    late = {kind: KINDS[kind].frame(rows[len(early[kind]) :]) for kind, rows in city.items()}
    told = City(reports(early), REFERENCE, DEFINITION, TODAY)
    before = told.figures.only(range(len(told.figures.scopes.names)))
    answer = told.take(late)
    if answer.before is None or answer.after is None:
        assert answer.whole
        return
    others = set(range(len(before.scopes.names)))
    for part in [answer, *iter(lambda: told.moved(2), None)]:
        names = part.after.scopes.names
        others -= assert_told(part, before, told.figures, [before.scopes.names.index(name) for name in names])
    left = sorted(others)
    for name, values in {**told.figures.counts, **told.figures.ratios}.items():
        assert np.array_equal(values[left], {**before.counts, **before.ratios}[name][left], equal_nan=True), name


def assert_told(part: Told, before: Figures, after: Figures, places: list[int]) -> set[int]:
    for name, values in {**after.counts, **after.ratios}.items():
        was, old, new = ({**each.counts, **each.ratios}[name] for each in (before, part.before, part.after))
        assert np.array_equal(old, was[places], equal_nan=True), name
        assert np.array_equal(new, values[places], equal_nan=True), name
    return set(places)


@LAW
@given(cities())
def test_fold_adds_up_from_factories_over_districts_to_the_city(city: Rows) -> None:
    figures = folded(city)
    districts = figures.scopes.of_kind("district")
    for name, values in figures.counts.items():
        if name != "in_transit":
            assert np.array_equal(values[districts].sum(axis=0), values[0]), name
    last = figures.factories.group_by("factory").last()
    for name in set(figures.counts) & set(last.columns):
        if not name.endswith(("leaders", "providers", "centres")):  # of these some are no factories
            assert last[name].sum() == figures.counts[name][0, 0, -1], name


@LAW
@given(cities())
def test_fold_accounts_for_every_robot_that_came_or_went(city: Rows) -> None:
    counts = folded(city).counts
    came = sum(counts[f"flow_{name}"] for name in FLOWS[:4])
    went = sum(counts[f"flow_{name}"] for name in FLOWS[4:])
    assert np.array_equal(np.diff(counts["stock"], axis=2), (came - went)[..., 1:])
    assert not came[..., 0].any()
    assert not went[..., 0].any()


@LAW
@given(cities())
def test_fold_of_a_past_day_needs_nothing_later(city: Rows) -> None:
    early, late = folded(city, FIRST + timedelta(days=30)), folded(city)
    for name, values in early.counts.items():
        assert np.array_equal(values, late.counts[name][..., :31]), name


def test_fold_of_no_reports_is_zeros_and_nulls() -> None:
    figures = folded({})
    assert all(not values.any() for values in figures.counts.values())
    assert all(np.isnan(values).all() for values in figures.ratios.values())
    assert figures.factories.is_empty()
    assert figures.crossings.is_empty()


@pytest.mark.parametrize("figure", ["stock", "density"])
def test_at_answers_one_figure(figure: str) -> None:
    assert folded({}).at("city", "all", folded({}).last_day, figure) in {0, None}
