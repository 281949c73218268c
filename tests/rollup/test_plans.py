import json
from typing import Any

import pytest
from cities import DAY0, Row, event, period, site
from rolling import OTHERS, PLAN, Clock, Ledger, contents, restated, rollup

from density.days import start_ns
from store.embedded import EmbeddedStore
from store.figures import standings_on
from store.schema import FIGURES, PLAN_STATUS

TODAY = DAY0 + 45
BEGIN: dict[str, Any] = {
    "registration": [site("F1", park="P01"), *OTHERS],
    "lifecycle": [event("F1", "R1", "commissioned", DAY0 + 5)],
    "workforce": [period("F1", DAY0, 100)],
}
NAME = {"zh": "名", "en": "name"}
COUNT = {
    "id": "SH-01", "name": NAME, "sentence": "s", "measured_by": "figure", "figure": "gross_new", "kind": "count",
    "unit": NAME, "value": 400, "baseline_day": "2023-12-31", "deadline": "2027-12-31", "source": "SEED",
}  # fmt: skip
SHARE = COUNT | {"id": "SH-02", "measured_by": "statistic", "figure": "cloud_share", "kind": "ratio", "value": 80}


def posted(*targets: dict[str, Any], from_day: int) -> Row:
    document = {"id": "p2", "name": NAME, "source": "SEED", "targets": list(targets)}
    return {"plan": "p2", "document": json.dumps(document), "from_day": from_day}


def share(value: float, published_day: int) -> Row:
    row = {"figure": "cloud_share", "scope": "city", "period": "2023", "period_end_day": DAY0, "unit": "%"}
    return row | {"published_day": published_day, "value": value, "source": "test"}


def city(store: EmbeddedStore, target: str, figure: str) -> list[Any]:
    return store.read(FIGURES, PLAN_STATUS, where={"scope": "city", "target": target})[figure].to_list()


def test_step_judges_days_by_the_plan_that_was_posted_for_them(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    assert city(store, "SH-01", "goal") == [200] * 46
    ledger.report(plan_version=[posted(COUNT, SHARE, from_day=DAY0 + 20)])
    assert job.step()  # though no figure changed
    assert city(store, "SH-01", "goal") == [200] * 20 + [400] * 26
    assert city(store, "SH-02", "goal") == [None] * 20 + [80] * 26
    assert city(store, "SH-02", "status")[0] == "no_quota"
    assert restated(store) == []
    again = rollup(store, clock)
    again.step()
    assert again.state.points == 0


def test_step_measures_a_statistic_from_its_publication(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    ledger.report(**BEGIN, plan_version=[posted(COUNT, SHARE, from_day=DAY0)])
    job = rollup(store, clock)
    job.step()
    assert city(store, "SH-02", "actual") == [None] * 46
    ledger.report(statistic=[share(61, DAY0 + 30)])
    job.step()
    assert city(store, "SH-02", "actual") == [None] * 30 + [61] * 16
    ledger.report(statistic=[share(63, DAY0 + 40)])
    job.step()
    assert city(store, "SH-02", "actual") == [None] * 30 + [61] * 10 + [63] * 6


def test_step_of_a_target_that_no_plan_has_any_more_leaves_nothing_standing(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(**BEGIN, plan_version=[posted(COUNT, SHARE, from_day=DAY0 + 20)])
    job = rollup(store, clock)
    job.step()
    assert {row["target"] for row in standings_on(store, TODAY, scope="city").to_dicts()} == {"SH-01", "SH-02"}
    ledger.report(plan_version=[posted(COUNT, from_day=DAY0 + 20)])  # the same day again, without S
    job.step()
    rows = {row["target"]: row for row in standings_on(store, TODAY, scope="city").to_dicts()}
    assert rows["SH-01"]["goal"] == 400
    assert (rows["SH-02"]["status"], rows["SH-02"]["goal"], rows["SH-02"]["basis"]) == ("no_quota", None, "none")


@pytest.mark.parametrize("scopes", [["city"], ["city", "park"]])
def test_step_of_a_target_that_is_followed_elsewhere_leaves_no_scope_standing(
    store: EmbeddedStore, clock: Clock, ledger: Ledger, scopes: list[str]
) -> None:
    assert PLAN.targets[0].scopes == ("city", "district")
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    ledger.report(plan_version=[posted(COUNT | {"scopes": scopes}, from_day=DAY0 + 20)])
    job.step()
    rows = store.read(FIGURES, PLAN_STATUS, where={"kind": "district"})
    assert (set(rows["status"]), rows["goal"].null_count()) == ({"no_quota"}, rows.height)
    assert rows.height == 2 * 46


def test_step_after_midnight_writes_the_standings_of_the_new_day_alone(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    ledger.report(**BEGIN)
    job = rollup(store, clock)
    job.step()
    before = contents(store)["plan_status"]
    written: list[Any] = []
    write = store.write

    def noted(database: str, frames: Any) -> None:
        written.extend(frame for kind, frame in frames.items() if kind is PLAN_STATUS)
        write(database, frames)

    store.write = noted  # type: ignore[method-assign] # watches, and writes
    clock.set(TODAY + 1)
    job.step()
    assert [frame["time"].unique().to_list() for frame in written] == [[start_ns(TODAY + 1)]]
    assert [row for row in contents(store)["plan_status"] if row[0] <= start_ns(TODAY)] == before
