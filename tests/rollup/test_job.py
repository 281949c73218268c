from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from cities import DAY0, DEFINITION, FIRST, KINDS, REFERENCE, Row, event, period, site

from density.days import start_ns
from density.plan import Plan, Target
from density.register import Name
from rollup.job import Rollup, RollupOptions
from store.embedded import EmbeddedStore
from store.ledger import LedgerWriter
from store.schema import (
    FACTORY_FIGURE,
    FIGURE,
    FIGURES,
    PLAN_STATUS,
    REFUSAL,
    REPORTS,
    ROLLUP,
    STATE,
    district_database,
)

NAME = Name("名", "name")
PLAN = Plan(
    "p", NAME, "",
    (Target("N", NAME, "", "gross_new", "total", "count", NAME, 200, FIRST, FIRST + timedelta(days=1_000)),),
)  # fmt: skip
TODAY = FIRST + timedelta(days=40)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    opened = EmbeddedStore(tmp_path)
    opened.prepare(simulated=True)
    yield opened
    opened.close()


@pytest.fixture
def report(store: EmbeddedStore) -> Callable[..., None]:
    ticks = iter(range(10**18, 10**18 + 10**6, 1000))
    writer = LedgerWriter(store, "w1", lambda: next(ticks))

    def write(**rows: list[Row]) -> None:
        frames = {KINDS[name]: KINDS[name].frame(each).drop("time", "writer") for name, each in rows.items()}
        writer.write(writer.stamp(frames))

    return write


def rollup(store: EmbeddedStore, **options: Any) -> Rollup:
    return Rollup(
        store, REFERENCE, DEFINITION, PLAN, clock_ns=lambda: 1, options=RollupOptions(fixed_day=TODAY, **options)
    )


def figures(store: EmbeddedStore) -> dict[str, pl.DataFrame]:
    return {
        "figures": store.read(FIGURES, FIGURE).sort("scope", "series", "time"),
        "plan": store.read(FIGURES, PLAN_STATUS).sort("scope", "target", "time"),
        "factories": store.read(district_database("310115"), FACTORY_FIGURE).sort("factory", "time"),
    }


FIRST_ROWS: dict[str, list[Row]] = {
    "registration": [site("F1", park="P01"), site("F2")],
    "lifecycle": [event("F1", "R1", "commissioned", DAY0 + 2)],
    "workforce": [period("F1", DAY0, 100), period("F2", DAY0, 50)],
}

VOID = event(
    "F1", "R1", "void", DAY0 + 3, voids_event="commissioned", voids_at_us=FIRST_ROWS["lifecycle"][0]["at_us"]
)  # fmt: skip


def test_step_writes_every_scope_series_and_day(store: EmbeddedStore, report: Callable[..., None]) -> None:
    report(**FIRST_ROWS)
    assert rollup(store).step()
    city = store.read(FIGURES, FIGURE, where={"scope": "city", "series": "total"})
    assert city["time"].to_list() == [start_ns(DAY0 + day) for day in range(41)]
    assert city["stock"].to_list() == [0, 0] + [1] * 39
    assert city["density"].to_list()[1:3] == [0, pytest.approx(1 / 100 * 10_000)]
    empty = store.read(FIGURES, FIGURE, where={"scope": "park:P02", "series": "key"})
    assert (empty["stock"].to_list(), empty["density"].to_list()) == ([0] * 41, [None] * 41)


def test_step_without_news_writes_nothing(store: EmbeddedStore, report: Callable[..., None]) -> None:
    job = rollup(store)
    assert not job.step()
    report(**FIRST_ROWS)
    assert job.step()
    assert not job.step()
    assert job.state.folds == 1


def test_step_rewrites_the_days_that_a_late_report_touches_and_no_more(
    store: EmbeddedStore, report: Callable[..., None]
) -> None:
    report(**FIRST_ROWS)
    job = rollup(store)
    job.step()
    report(lifecycle=[event("F1", "R1", "decommissioned", DAY0 + 38)])
    job.step()
    # days 38, 39 and 40 of the city, its district, park, division, group and class in three series; the account of
    # day 38 of each; their comparison of the last day with a month before; one row each of two crossings in three
    # series and of the factory; of the plan no day, since a robot that leaves stays new
    areas = 6 * 3
    assert job.state.points == 3 * areas + areas + areas + 2 * 3 + 1
    assert store.read(FIGURES, FIGURE, where={"scope": "city", "series": "key"})["stock"].to_list()[-4:] == [1, 0, 0, 0]


def test_step_overwrites_a_factory_row_that_marks_a_change_no_more(
    store: EmbeddedStore, report: Callable[..., None]
) -> None:
    report(**FIRST_ROWS)
    job = rollup(store)
    job.step()
    report(lifecycle=[VOID])
    job.step()
    rows = figures(store)["factories"].filter(pl.col("factory") == "F1")
    assert rows.filter(pl.col("time") == start_ns(DAY0 + 2))["stock"].to_list() == [0]
    assert rows["stock"].max() == 0


def test_rollup_started_again_writes_nothing_and_keeps_old_rows_right(
    store: EmbeddedStore, report: Callable[..., None]
) -> None:
    report(**FIRST_ROWS)
    job = rollup(store)
    job.step()
    report(lifecycle=[VOID])
    job.step()  # the row of day 2 marks no change any more
    again = rollup(store)
    again.step()
    assert again.state.points == 0
    report(lifecycle=[event("F1", "R9", "commissioned", DAY0 + 1)])
    again.step()
    rows = figures(store)["factories"].filter(pl.col("factory") == "F1")
    assert rows.filter(pl.col("time") == start_ns(DAY0 + 2))["stock"].to_list() == [1]


def test_rollup_started_anywhere_gives_the_same_figures(
    store: EmbeddedStore, report: Callable[..., None], tmp_path: Path
) -> None:
    report(registration=FIRST_ROWS["registration"])
    rollup(store).step()
    report(lifecycle=FIRST_ROWS["lifecycle"])
    rollup(store).step()
    report(workforce=FIRST_ROWS["workforce"])
    rollup(store).step()
    report(lifecycle=[event("F2", "X", "moved_in", DAY0 + 20, serial="R1")])
    rollup(store).step()
    piecemeal = figures(store)

    whole = EmbeddedStore(tmp_path / "whole")
    whole.prepare(simulated=True)
    writer = LedgerWriter(whole, "w1", lambda: 10**18)
    for kind in KINDS.values():
        reports = store.read(REPORTS, kind)
        if reports.height:
            writer.write(writer.stamp({kind: reports.drop("time", "writer")}))
    rollup(whole).step()
    fresh = figures(whole)
    whole.close()
    assert piecemeal["figures"].equals(fresh["figures"])
    assert piecemeal["plan"].equals(fresh["plan"])


def test_step_says_last_how_far_it_came(store: EmbeddedStore, report: Callable[..., None]) -> None:
    report(**FIRST_ROWS)
    job = rollup(store)
    assert not job.caught_up()
    job.step()
    assert job.caught_up()
    state = store.read(STATE, ROLLUP).row(0, named=True)
    assert (state["day"], state["data_until_us"]) == (DAY0 + 40, job._memory.newest_ns // 1_000)
    report(lifecycle=[event("F1", "R2", "commissioned", DAY0 + 9)])
    assert not job.caught_up()


def test_step_waits_for_the_end_of_a_flood_but_not_for_ever(store: EmbeddedStore, report: Callable[..., None]) -> None:
    report(**FIRST_ROWS)
    assert not rollup(store, flood=2, patience_s=60).step()
    assert rollup(store, flood=2, patience_s=0).step()


def test_step_waits_longer_in_a_flood_after_a_fold_that_took_long(
    store: EmbeddedStore, report: Callable[..., None]
) -> None:
    report(**FIRST_ROWS)
    job = rollup(store, flood=2, patience_s=0)
    assert job.step()
    report(lifecycle=[event("F1", f"R{number}", "commissioned", DAY0 + 9) for number in (2, 3)])
    job.state.write_s = 60.0
    assert not job.step()
    job.state.fold_s = job.state.write_s = 0.0
    assert job.step()


def test_caught_up_after_what_was_only_refused(store: EmbeddedStore, report: Callable[..., None]) -> None:
    report(**FIRST_ROWS)
    job = rollup(store)
    assert job.step()
    refused = REFUSAL.frame([{"reason": "not_json", "topic": "t", "payload": "e30="}]).drop("time", "writer")
    writer = LedgerWriter(store, "w2", lambda: 2 * 10**18)
    writer.write(writer.stamp({REFUSAL: refused}))
    assert not job.caught_up()
    assert not job.step()
    assert job.caught_up()
