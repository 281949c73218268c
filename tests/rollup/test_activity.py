from typing import Any

import numpy as np
import polars as pl
import pytest
from cities import DEFINITION, FIRST, REFERENCE, event, reports, site, stamped

from density.activity import Population
from density.city import City
from density.cube import Scopes
from density.days import day_of_ns, start_ns, to_date
from density.sites import ALWAYS, NEVER, Sites
from rollup.activity import ActivityStep, Summing
from store.embedded import EmbeddedStore
from store.schema import ACTIVITY, FIGURES, ROBOT_ACTIVITY, ROBOT_DAY, SILENT, STATE

DAY = 20_000


def population(robots: int = 3, *, from_day: int = DAY - 2_000) -> Population:
    text, number = pl.String, pl.Int64
    assets = [(f"I{place}", "F1", f"R{place}", from_day, NEVER) for place in range(robots)]
    named = {"factory": text, "robot": text, "from_day": number}
    site = pl.DataFrame({"site": [0], "factory": ["F1"], "from_day": [ALWAYS], "to_day": [NEVER]})
    return Population(
        pl.DataFrame(assets, schema={"identity": text, **named, "to_day": number}, orient="row"),
        pl.DataFrame([row[1:4] for row in assets], schema=named, orient="row"),
        Sites(site),
    )


def city_sums(spans: pl.DataFrame, first_day: int, last_day: int) -> Any:
    out = np.zeros((1, 1, last_day - first_day + 1), np.int64)
    for _, begin, end, amount in spans.rows():
        out[0, 0, max(begin - first_day, 0) : max(end - first_day, 0)] += amount
    return out


SUMMING = Summing(Scopes(("city",), ("city",)), ("total",), city_sums)


def spoke(store: EmbeddedStore, robot: str, *days: int, executed: bool | None = None) -> None:
    marks = [
        {"time": start_ns(day), "factory": "F1", "robot": robot, "seen": True, "executed": executed} for day in days
    ]
    store.write(ACTIVITY, {ROBOT_DAY: ROBOT_DAY.frame(marks)})


class Clock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def count(self, step: ActivityStep, day: int, who: Population | None = None) -> int:
        """Call the step, an hour later, until it has counted; answers how many points it wrote."""
        self.now_s += 3_600
        who = who or population()
        return sum(step.update(who, SUMMING, day=day, now_s=self.now_s) for _ in range(500))


def stored(store: EmbeddedStore, figure: str) -> dict[int, int]:
    rows = store.read(FIGURES, ROBOT_ACTIVITY, where={"scope": "city", "series": "total"})
    return {day_of_ns(time): value for time, value in rows.select("time", figure).iter_rows()}


def test_update_writes_a_point_a_day_from_the_first_mark(store: EmbeddedStore) -> None:
    clock, step = Clock(), ActivityStep(store)
    assert clock.count(step, DAY) == 0
    spoke(store, "R0", DAY - 4, DAY - 3, DAY - 2, DAY - 1, DAY, executed=True)
    spoke(store, "R1", DAY - 1)
    spoke(store, "X", DAY)
    assert clock.count(step, DAY) == 5
    days = list(range(DAY - 4, DAY + 1))
    assert stored(store, "connected_stock") == dict(zip(days, [1, 1, 1, 2, 2], strict=True))
    assert stored(store, "operating_stock") == dict(zip(days, [0, 0, 0, 0, 1], strict=True))
    assert stored(store, "undeclared") == dict(zip(days, [0, 0, 0, 0, 1], strict=True))


def test_update_counts_no_more_often_than_it_is_told(store: EmbeddedStore) -> None:
    spoke(store, "R0", DAY)
    step = ActivityStep(store, period_s=60, budget_s=60)
    points = [step.update(population(), SUMMING, day=DAY, now_s=now_s) for now_s in (0, 0.5, 1)]
    assert sum(points) == 1
    spoke(store, "R1", DAY)
    assert [step.update(population(), SUMMING, day=DAY, now_s=now_s) for now_s in (2, 59)] == [0, 0]
    assert sum(step.update(population(), SUMMING, day=DAY, now_s=now_s) for now_s in (61, 61.5, 62)) == 1


def test_update_writes_what_differs_alone(store: EmbeddedStore) -> None:
    spoke(store, "R0", *range(DAY - 9, DAY + 1))
    clock, step = Clock(), ActivityStep(store)
    assert clock.count(step, DAY) == 10
    assert clock.count(step, DAY) == 0
    spoke(store, "R1", DAY - 1)  # counts on DAY − 1 and on DAY
    assert clock.count(step, DAY) == 2
    assert clock.count(step, DAY + 1) == 1
    assert clock.count(ActivityStep(store), DAY + 1) == 0


def test_update_takes_late_marks_of_30_days_and_leaves_older_figures(store: EmbeddedStore) -> None:
    spoke(store, "R0", *range(DAY - 70, DAY + 1))
    clock, step = Clock(), ActivityStep(store)
    clock.count(step, DAY)
    spoke(store, "R1", DAY - 40, DAY - 41)  # connected up to DAY − 11, of which DAY − 29 … DAY − 11 are written again
    for _ in range(40):  # an earlier day is read in turn
        clock.count(step, DAY)
    written = stored(store, "connected_stock")
    assert [day - DAY for day, value in written.items() if value == 2] == list(range(-29, -10))


def test_update_reads_a_flood_of_late_marks_at_once(store: EmbeddedStore) -> None:
    spoke(store, "R0", DAY)
    clock, step = Clock(), ActivityStep(store, budget_s=60)
    clock.count(step, DAY)
    spoke(store, "R0", *range(DAY - 25, DAY))
    points = [clock.count(step, DAY) for _ in range(3)]
    assert points[0] >= 24
    assert set(stored(store, "connected_stock")) == set(range(DAY - 25, DAY + 1))


def test_update_in_small_portions_gives_the_same(store: EmbeddedStore) -> None:
    spoke(store, "R0", *range(DAY - 100, DAY, 7), executed=True)
    step = ActivityStep(store, budget_s=0)
    assert step.update(population(), SUMMING, day=DAY, now_s=0) == 0
    Clock().count(step, DAY)
    assert stored(store, "connected_stock") == dict.fromkeys(range(DAY - 100, DAY + 1), 1)


@pytest.mark.parametrize("pause", [1, 30, 95])
def test_update_after_a_pause_goes_on_where_the_store_ends(store: EmbeddedStore, pause: int) -> None:
    spoke(store, "R0", *range(DAY - 20, DAY + 100))
    spoke(store, "R1", DAY - 1, DAY + 40)
    clock = Clock()
    clock.count(ActivityStep(store), DAY)
    clock.count(ActivityStep(store), DAY + pause)
    second = [*range(DAY - 1, DAY + 29), *range(DAY + 40, DAY + 70)]
    expected = {day: 1 + (day in second) for day in range(DAY - 20, DAY + pause + 1)}
    assert stored(store, "connected_stock") == expected


def test_update_counts_days_on_which_nobody_spoke(store: EmbeddedStore) -> None:
    spoke(store, "R0", DAY)
    clock = Clock()
    clock.count(ActivityStep(store), DAY)
    clock.count(ActivityStep(store), DAY + 100)
    assert stored(store, "connected_stock") == {day: int(day < DAY + 30) for day in range(DAY, DAY + 101)}


def test_update_remembers_silent_robots_over_restarts(store: EmbeddedStore) -> None:
    spoke(store, "R0", *range(DAY, DAY + 480, 20))
    spoke(store, "R1", DAY + 50, DAY + 460)
    clock = Clock()
    for day in range(DAY + 60, DAY + 500, 140):  # each a rollup of its own
        clock.count(ActivityStep(store), day, population(2))
    silent = store.read(STATE, SILENT).filter(pl.col("robot") == "R1")
    assert silent["last_day"].to_list() == [DAY + 50]
    # R1 is silent for 365 days from DAY + 415 on, until it speaks again
    unseen = stored(store, "unseen")
    assert [day - DAY for day, value in unseen.items() if value] == list(range(415, 460))


@pytest.mark.parametrize("age", [50, 64, 200])
def test_update_begins_with_the_first_mark_however_old(store: EmbeddedStore, age: int) -> None:
    spoke(store, "R0", DAY - age)
    Clock().count(ActivityStep(store), DAY)
    written = stored(store, "connected_stock")
    assert written == {day: int(day < DAY - age + 30) for day in range(DAY - age, DAY + 1)}


@pytest.mark.parametrize("earlier", [1, 40])
def test_update_for_a_day_before_the_first_mark_writes_nothing(store: EmbeddedStore, earlier: int) -> None:
    spoke(store, "R0", DAY)
    assert Clock().count(ActivityStep(store), DAY - earlier) == 0
    assert Clock().count(ActivityStep(store), DAY) == 1
    assert Clock().count(ActivityStep(store), DAY - earlier) == 0


def test_update_counts_the_robots_of_a_folded_city_in_every_scope_and_series(store: EmbeddedStore) -> None:
    first = (FIRST - to_date(0)).days
    below_scale = site("F2", district="310114", industry="1711", above_scale=False)
    rows = stamped(
        registration=[site("F1", park="P01"), below_scale],
        lifecycle=[event("F1", "R1", "commissioned", first + 2), event("F2", "R2", "commissioned", first + 2)],
    )
    sources = City(reports(rows), REFERENCE, DEFINITION, to_date(first + 9)).sources
    who = Population(sources.robots.assets, sources.robots.entered, sources.sites)
    summing = Summing(sources.scopes, DEFINITION.series, sources.lines.sums)
    spoken = [
        {"time": start_ns(first + 3), "factory": factory, "robot": robot, "seen": True}
        for factory, robot in (("F1", "R1"), ("F2", "R2"), ("F2", "X"))
    ]
    store.write(ACTIVITY, {ROBOT_DAY: ROBOT_DAY.frame(spoken)})
    step = ActivityStep(store)
    assert sum(step.update(who, summing, day=first + 9, now_s=0) for _ in range(200)) > 0
    points = store.read(FIGURES, ROBOT_ACTIVITY).filter(pl.col("time") == start_ns(first + 9))
    found = {row[:2]: row[2:] for row in points.select("scope", "series", "connected_stock", "undeclared").iter_rows()}
    assert len(found) == len(sources.scopes.names) * len(DEFINITION.series)
    assert (found["city", "total"], found["city", "all"], found["city", "key"]) == ((2, 1), (1, 0), (1, 0))
    assert (found["park:P01", "key"], found["district:310114", "total"]) == ((1, 0), (1, 1))
    assert (found["industry:36", "all"], found["industry:1711", "total"]) == ((1, 0), (1, 1))
