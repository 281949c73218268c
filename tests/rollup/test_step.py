from typing import Any

import numpy as np
import polars as pl
import pytest
from cities import DAY0, Row, designation, event, frame, inventory, period, review, settlement, site
from rolling import OTHERS, Clock, Ledger, contents, differences, folded, rollup

from density.days import start_ns
from store.embedded import EmbeddedStore
from store.figures import daily_figures
from store.schema import ACTIVITY, FIGURE, FIGURES, PLAN_STATUS, ROBOT_ACTIVITY, ROBOT_DAY, ROLLUP, STATE

TODAY = DAY0 + 45
BEGIN: dict[str, Any] = {
    "registration": [site("F1", park="P01"), site("F2", district="310114"), *OTHERS],
    "lifecycle": [
        event("F1", "R1", "commissioned", DAY0 + 5),
        event("F1", "S1", "commissioned", DAY0 + 6),
        event("F2", "S2", "commissioned", DAY0 + 7, serial="S1", model="X-9", category="other"),
    ],
    "workforce": [period("F1", DAY0, 100), period("F2", DAY0, 80)],
}


@pytest.mark.parametrize(
    "late",
    [
        {"lifecycle": [event("X", "R9", "commissioned", DAY0 + 5)]},
        {"workforce": [period("X", DAY0, 50)], "inventory": [inventory("X", DAY0, 3)]},
        {"designation": [designation(None, DAY0, kind="chain_leader", subject_name="某", subject_district="9")]},
        {"statistic": [frame("district:9", DAY0, 3)]},
    ],
    ids=["robot", "returns", "subject", "statistic"],
)  # fmt: skip
def test_step_with_a_late_report_of_nobody_known_changes_nothing(
    store: EmbeddedStore, clock: Clock, ledger: Ledger, late: dict[str, list[Row]]
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    before = contents(store)
    ledger.report(**late)
    assert job.step()
    assert contents(store) == before
    assert job.caught_up()


@pytest.mark.parametrize(
    "late",
    [
        {"settlement": [settlement("S1")]},
        {"review": [review("X-9")]},
        {"registration": [site("F2", district="310114", industry="1712")]},  # a group and a class of their own
        {"registration": [site("F9", district="310115", park="P02", from_day=DAY0 + 9)]},
    ],
    ids=["settlement", "review", "class", "factory"],
)
def test_step_with_a_report_that_changes_how_others_are_read(
    store: EmbeddedStore, clock: Clock, ledger: Ledger, late: dict[str, list[Row]]
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    ledger.report(**late)
    job.step()
    assert job.state.points > 0
    assert differences(store, folded(store, TODAY)) == []


def test_step_after_midnight_tells_the_new_day_and_keeps_the_others(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    clock.set(TODAY, 23)
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    days = store.read(FIGURES, FIGURE, where={"scope": "city", "series": "total"})
    status = store.read(FIGURES, PLAN_STATUS)
    ledger.report(lifecycle=[event("F1", "R2", "commissioned", TODAY + 1, hour=0)])
    clock.set(TODAY + 1, 0)
    assert job.step()
    assert not job.step()
    after = store.read(FIGURES, FIGURE, where={"scope": "city", "series": "total"})
    assert after.head(-1).equals(days)
    assert after["time"][-1] == start_ns(TODAY + 1)
    assert after["stock"].to_list()[-2:] == [2, 3]
    assert store.read(STATE, ROLLUP)["day"].to_list() == [TODAY + 1]
    later = store.read(FIGURES, PLAN_STATUS)
    assert later.filter(pl.col("time") <= start_ns(TODAY)).sort("scope", "time").equals(status.sort("scope", "time"))
    assert later.height == status.height * 47 // 46
    assert differences(store, folded(store, TODAY + 1)) == []


def test_step_on_every_day_told_what_was_reported_by_its_end(store: EmbeddedStore, clock: Clock) -> None:
    ledger = Ledger(store, hours := Clock(TODAY))
    days = {
        TODAY: BEGIN,
        TODAY + 1: {"lifecycle": [event("F1", "R7", "commissioned", DAY0 + 3)]},
        TODAY + 2: {"workforce": [period("F1", DAY0, 130)], "registration": [site("F2", district="310115")]},
    }
    told: dict[int, pl.DataFrame] = {}
    job = rollup(store, clock)
    for day, rows in days.items():
        hours.set(day, 20)
        clock.set(day, 21)
        ledger.report(**rows)
        job.step()
        told[day] = daily_figures(store, scope="district:310115", series="total", first=DAY0, last=day)
    for day, rows in told.items():
        then = folded(store, day, through_ns=start_ns(day + 1) - 1)
        place = then.scopes.names.index("district:310115")
        for name in ("stock", "persons", "gross_new", "factories"):
            assert rows[name].to_list() == then.counts[name][place, 0].tolist()
        densities = then.ratios["density"][place, 0]
        assert rows["density"].fill_null(-1).to_list() == np.nan_to_num(densities, nan=-1).tolist()
    assert [rows["stock"][10] for rows in told.values()] == [2, 3, 3]


def test_step_says_when_figures_followed_their_fold(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    ledger.report(**BEGIN)
    spoken = {"time": start_ns(TODAY), "factory": "F1", "robot": "R1", "seen": True}
    store.write(ACTIVITY, {ROBOT_DAY: ROBOT_DAY.frame([spoken])})
    job = rollup(store, clock)
    for _ in range(50):
        job.step()
        if store.read(FIGURES, ROBOT_ACTIVITY).height:
            break
    (row,) = store.read(STATE, ROLLUP).to_dicts()
    assert row["written_us"] > row["folded_us"]
