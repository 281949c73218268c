import json
from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from typing import Any

import polars as pl
import pytest
from cities import (
    CASE_DEFINITION,
    DAY0,
    WIDE_KEY,
    Row,
    at,
    designation,
    event,
    frame,
    inventory,
    period,
    review,
    settlement,
    site,
)
from rolling import OTHERS, Clock, FailingStore, Ledger, folded, restated, rollup

from density.figures import Figures
from density.reports import SLOTS
from rollup.job import Rollup
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import FIGURES, LEDGER, REPORTS, RESTATEMENT, ROBOT_ACTIVITY

# the reports before them arrive on 5 January 2024, so that on 14 February December and January are published
BORN, TODAY = DAY0 + 5, DAY0 + 45
PUBLISHED = [DAY0, DAY0 + 31]
BEGIN: dict[str, Any] = {
    "registration": [site("F1", park="P01"), site("F2", district="310114"), *OTHERS],
    "lifecycle": [
        event("F1", "R1", "commissioned", DAY0 + 1),
        event("F1", "S1", "commissioned", DAY0 - 9),
        event("F1", "S2", "commissioned", DAY0 - 8, serial="S1", model="X-9", category="other"),
        event("F2", "R2", "commissioned", DAY0 - 50),
    ],
    "workforce": [period("F1", DAY0 - 20, 100), period("F2", DAY0 - 20, 80, reported_at_us=at(DAY0))],
    "statistic": [frame("district:310115", DAY0 - 30, 400)],
}
VOID = event("F1", "R1", "void", DAY0 + 6, voids_event="commissioned", voids_at_us=at(DAY0 + 1))


@pytest.fixture
def job(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> Rollup:
    clock.set(BORN)
    ledger.report(**BEGIN)
    clock.set(TODAY)
    made = rollup(store, clock)
    made.step()
    return made


def expected(before: Figures, after: Figures, days: Sequence[int]) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Old and new by scope, series, figure and day, of every area figure that differs between two folds."""
    found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    columns = [day - after.first_day for day in days]
    tables = [{**each.counts, **each.ratios} for each in (before, after)]
    for name in (name for name in tables[1] if not name.startswith("flow_")):
        old, new = (table[name][..., columns].tolist() for table in tables)
        for scope, was in zip(before.scopes.names, old, strict=True):
            for line, series in enumerate(after.series):
                now = new[after.scopes.names.index(scope)]
                for day, *values in zip(days, was[line], now[line], strict=True):
                    one, other = (None if isnan(value) else value for value in values)
                    if one != other:
                        found[scope, series, name, day] = (one, other)
    return found


def stored(store: EmbeddedStore, after: int = 0) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = store.read(FIGURES, RESTATEMENT, after=after)
    assert rows.height == rows.select("scope", "series", "figure", "day").n_unique()
    return {row[:4]: row[4:] for row in rows.select("scope", "series", "figure", "day", "old", "new").iter_rows()}


LATE: list[tuple[str, Row]] = [
    ("lifecycle", event("F1", "R7", "commissioned", DAY0 + 2)),
    ("lifecycle", VOID),
    ("lifecycle", event("F2", "R1", "moved_in", DAY0 + 9)),
    ("workforce", period("F2", DAY0 - 20, 90, reported_at_us=at(DAY0 + 44))),
    ("registration", site("F1", district="310114", industry="2611", from_day=DAY0 + 20)),
    ("registration", site("F1", park="P02")),
    ("inventory", inventory("F1", DAY0 - 2, 9)),
    ("designation", designation("F1", DAY0 + 3)),
    ("statistic", frame("district:310115", DAY0 - 3, 300)),
    ("review", review("X-9")),
    ("settlement", settlement("S1")),
]


def test_restatements_are_one_for_each_figure_that_a_late_report_changes(
    store: EmbeddedStore, job: Rollup, ledger: Ledger
) -> None:
    before, seen = folded(store, TODAY), 0
    for kind, late in LATE:
        ledger.report(**{kind: [late]})
        job.step()
        after = folded(store, TODAY)
        changed = expected(before, after, PUBLISHED)
        assert changed, late
        assert stored(store, seen) == changed, late
        (source,) = (each for each in LEDGER if each.name == kind)
        stamp = store.read(REPORTS, source, newest=1)["time"][0]
        causes = store.read(FIGURES, RESTATEMENT, after=seen).select("why", "writer", "stamp", "slot").unique().rows()
        slot = {"kind": kind} | {name: late.get(name) for name in SLOTS[kind]}
        assert [(*each[:3], json.loads(each[3])) for each in causes] == [("report", "w1", stamp, slot)]
        before, seen = after, stamp + 999


def test_restatements_stand_at_the_stamp_of_their_report(store: EmbeddedStore, job: Rollup, ledger: Ledger) -> None:
    ledger.report(lifecycle=[event("F1", "R7", "commissioned", DAY0 - 2)])
    job.step()
    rows = store.read(FIGURES, RESTATEMENT, where={"scope": "city", "series": "total", "figure": "stock"}).sort("day")
    # December and January; two of one figure stand in the first microsecond after the report's stamp
    assert rows.select("old", "new").rows() == [(2, 3), (3, 4)]
    assert rows.select((pl.col("time") - pl.col("stamp")).is_between(0, 999)).to_series().all()
    assert rows["time"].n_unique() == 2


def test_restatements_name_the_newest_report_of_their_scope(store: EmbeddedStore, job: Rollup, ledger: Ledger) -> None:
    ledger.report(lifecycle=[event("F1", "R7", "commissioned", DAY0 + 2)])
    ledger.report(lifecycle=[event("F2", "R8", "commissioned", DAY0 + 2)])
    job.step()
    first, second = store.read(REPORTS, LEDGER[0], newest=2)["time"]
    stamps = {scope: restated(store, scope=scope, figure="stock", series="total")[0][-1] for scope in (
        "park:P01", "district:310115", "district:310114", "city"
    )}  # fmt: skip
    assert stamps == {"park:P01": first, "district:310115": first, "district:310114": second, "city": second}


def test_restatements_of_two_late_reports_follow_each_other(store: EmbeddedStore, job: Rollup, ledger: Ledger) -> None:
    for robot in ("R7", "R8"):
        ledger.report(lifecycle=[event("F1", robot, "commissioned", DAY0 + 2)])
        job.step()
    rows = restated(store, scope="city", series="total", figure="stock")
    assert [row[:4] for row in rows] == [(31, 3, 4, "report"), (31, 4, 5, "report")]


def test_restatements_are_none_of_provisional_months_and_none_of_who_works(
    store: EmbeddedStore, job: Rollup, ledger: Ledger
) -> None:
    ledger.report(lifecycle=[event("F1", "R7", "commissioned", DAY0 + 32)])
    job.step()
    assert stored(store) == {}
    ledger.report(lifecycle=[event("F1", "R8", "commissioned", DAY0 + 2)])
    job.step()
    rows = store.read(FIGURES, RESTATEMENT)
    assert set(rows["figure"]).isdisjoint(field.name for field in ROBOT_ACTIVITY.fields)
    assert set(rows["kind"]) <= {"city", "district", "park", "zone", "industry"}
    assert not rows["scope"].str.contains("/|factory").any()


def test_restatements_of_another_definition_are_told_apart_and_once(
    store: EmbeddedStore, job: Rollup, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folded(store, TODAY)
    monkeypatch.setattr("rollup.points.VERSION", 99)
    monkeypatch.setattr("rollup.stored.VERSION", 99)
    other = replace(CASE_DEFINITION, prefer="end_of_period", key_set=WIDE_KEY)
    after = folded(store, TODAY, definition=other)
    changed = expected(before, after, PUBLISHED)
    assert changed
    for write in (1, 2, 3):  # after the restatements, and later
        with pytest.raises(StoreUnavailable):
            rollup(FailingStore(store, write), clock, definition=other).step()
        clock.set(TODAY, 13 + write)
    rollup(store, clock, definition=other).step()
    assert stored(store) == changed
    assert store.read(FIGURES, RESTATEMENT).select("why", "writer", "stamp").unique().rows() == [
        ("definition", None, 0)
    ]
