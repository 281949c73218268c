from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from cities import DAY0, DEFINITION, FIRST, REFERENCE, Row, designation, event, period, reports, site, stamped

from density.fold import fold
from density.plan import DESIGNATIONS, STATISTIC, Plan, Quotas, Target
from density.progress import Progress, measure
from density.register import Name

NAME = Name("名", "name")
NEW = Target(
    "N", NAME, "", "gross_new", "total", "count", NAME, 200, baseline_day=FIRST, deadline=FIRST + timedelta(days=1_000)
)
DENSITY = Target(
    "D", NAME, "", "density_12m", "all", "ratio", NAME, 500, baseline_day=FIRST, deadline=FIRST + timedelta(days=1_000)
)


def progress(rows: dict[str, list[Row]], target: Target, days: int, quotas: Quotas | None = None) -> Progress:
    figures = fold(reports(rows), REFERENCE, DEFINITION, FIRST + timedelta(days=days))
    return measure(Plan("p", NAME, "", (target,), quotas), figures)[0]


def city(robots_before: int, new_on: dict[int, int], persons: int = 1_000) -> dict[str, list[Row]]:
    """One factory in park P01 with so many robots at the baseline and so many more on each of these days."""
    old = [event("F1", f"OLD{n}", "commissioned", DAY0 - 5) for n in range(robots_before)]
    new = [
        event("F1", f"N{day}-{n}", "commissioned", DAY0 + day) for day, count in new_on.items() for n in range(count)
    ]
    headcount = [period("F1", DAY0 + 31 * n, persons) for n in range(40)]
    return stamped(registration=[site("F1", park="P01")], lifecycle=old + new, workforce=headcount)


def at(measured: Progress, scope: str) -> int:
    return measured.scopes.names.index(scope)


def test_measure_counts_from_the_baseline_against_the_line_of_the_plan() -> None:
    # 30 of 200 after 200 of 1,000 days: 15 % done where 20 % was due
    measured = progress(city(40, {100: 30}), NEW, 200)
    city_ = at(measured, "city")
    assert measured.actual[city_, -1] == 30
    assert measured.planned[city_, -1] == pytest.approx(40)
    assert measured.progress[city_, -1] == pytest.approx(0.15)
    assert measured.planned_progress[city_, -1] == pytest.approx(0.20)
    assert measured.lead[city_, -1] == pytest.approx(-5)
    assert measured.pace[city_, -1] == pytest.approx(0.75)
    assert measured.gap[city_, -1] == pytest.approx(-10)


def test_measure_has_no_pace_before_a_tenth_of_the_way() -> None:
    measured = progress(city(0, {10: 30}), NEW, 120)
    assert np.isnan(measured.pace[0, 99])
    assert measured.pace[0, 100] == pytest.approx(1.5)  # 15 % ÷ 10 %


def test_measure_of_a_level_begins_at_its_own_baseline() -> None:
    # 40 robots on 1,000 persons are 400; 420 is a fifth of the way to 500
    measured = progress(city(40, {100: 2}), DENSITY, 200)
    assert measured.baseline[0] == pytest.approx(400)
    assert measured.actual[0, -1] == pytest.approx(420)
    assert measured.progress[0, -1] == pytest.approx(0.2)
    assert measured.lead[0, -1] == pytest.approx(0)


def test_measure_of_a_scope_without_persons_at_the_baseline_has_no_quota() -> None:
    measured = progress(city(40, {}), NEW, 200)
    empty = at(measured, "park:P02")
    assert measured.goals[empty].basis == "none"
    assert measured.status[empty, -1] == "no_quota"


def test_measure_splits_a_count_by_persons_and_never_calls_a_share_lagging() -> None:
    measured = progress(city(40, {}), NEW, 400)
    park = at(measured, "park:P01")
    assert (measured.goals[park].value, measured.goals[park].basis) == (200, "reference")
    assert set(measured.status[park]) == {"too_early", "below_reference"}


def test_measure_splits_what_a_count_lacks_and_adds_it_to_each_scope_s_own() -> None:
    # of 8 factories 2 stand at the baseline, one of them in P01, where 1,000 of the 4,000 persons are: 6 × 1/4 = 1.5;
    # 1.5 in P01, 3 in P02 and 1.5 outside: of equal fractions the first by name, 园区外, has the rest
    smart = replace(NEW, figure="smart_factories", value=8, measured_by=DESIGNATIONS)
    persons = {"F1": 1_000, "F2": 2_000, "F3": 1_000}
    rows = stamped(
        registration=[site("F1", park="P01"), site("F2", park="P02"), site("F3", park=None)],
        workforce=[period(factory, DAY0 + 31 * n, each) for factory, each in persons.items() for n in range(14)],
        designation=[designation(each, DAY0 - 5) for each in ("F1", "F3")],
    )
    measured = progress(rows, smart, 100)
    goals = {name: measured.goals[at(measured, name)] for name in ("city", "park:P01", "park:P02")}
    assert {name: goal.value for name, goal in goals.items()} == {"city": 8, "park:P01": 2, "park:P02": 3}
    assert {goal.basis for goal in goals.values()} == {"plan", "reference"}


def test_measure_gives_no_share_of_what_statistics_measure() -> None:
    measured = progress(city(40, {}), replace(NEW, figure="output", measured_by=STATISTIC, baseline_value=0.0), 100)
    assert measured.goals[at(measured, "park:P01")].basis == "none"


def test_status_lags_after_thirty_slow_days_with_an_assigned_quota() -> None:
    quotas = Quotas("文件", simulated=True, values={"N": {"park:P01": 200}})
    measured = progress(city(0, {200: 1}), NEW, 400, quotas)
    words = list(measured.status[at(measured, "park:P01")])
    # pace counts from day 100 on; thirty days of it are over on day 129, but nothing is judged before day 180
    assert words[:180] == ["too_early"] * 180
    assert words[180:] == ["lagging"] * 221


def test_status_leaves_lagging_after_fourteen_good_days() -> None:
    quotas = Quotas("文件", simulated=True, values={"N": {"park:P01": 200}})
    # one factory and day is one batch of 70: D = 70, so a gap must exceed 2.33·√(70 × planned)
    measured = progress(city(0, dict.fromkeys(range(1, 20), 1) | {380: 70}), NEW, 400, quotas)
    words = list(measured.status[at(measured, "park:P01")])
    assert words[379] == "lagging"
    # 89 of 76 due from day 380 on: the fourteenth such day is 393
    assert words[392] == "lagging"
    assert words[393:] == ["on_track"] * 8


def test_status_is_at_risk_where_chance_explains_the_gap() -> None:
    quotas = Quotas("文件", simulated=True, values={"N": {"park:P01": 200}})
    # two batches of 25: planned 80 on day 400, 50 there; 30 behind is less than 2.33·√(25 × 80) = 104
    measured = progress(city(0, {50: 25, 150: 25}), NEW, 400, quotas)
    assert measured.status[at(measured, "park:P01"), -1] == "at_risk"


@pytest.mark.parametrize(("new", "days", "word"), [(200, 300, "met"), (100, 1_001, "missed")])
def test_status_after_the_goal_or_the_deadline(new: int, days: int, word: str) -> None:
    assert progress(city(0, {150: new}), NEW, days).status[0, -1] == word


def test_status_of_a_density_that_nobody_reports_is_no_data() -> None:
    rows = stamped(registration=[site("F1")], lifecycle=[event("F1", "R1", "commissioned", DAY0)])
    assert progress(rows, DENSITY, 300).status[0, -1] == "no_data"


def test_status_needs_half_of_the_persons_for_a_density() -> None:
    # F2 fell silent: its 3,000 persons of an old headcount outweigh the 1,000 that are known
    rows = city(40, {})
    rows["registration"].append({"time": 9, "writer": "w"} | site("F2"))
    rows["workforce"].append({"time": 9_999, "writer": "w"} | period("F2", DAY0 - 300, 3_000))
    measured = progress(rows, DENSITY, 300)
    assert measured.status[0, -1] == "no_data"


def test_planned_stands_still_before_the_baseline_and_after_the_deadline() -> None:
    late = Target("L", NAME, "", "gross_new", "total", "count", NAME, 100, date(2024, 1, 10), date(2024, 1, 20))
    measured = progress(city(0, {}), late, 60)
    assert list(measured.planned_progress[0, [0, 10, 15, 20, 60]]) == [0, 0, 0.5, 1, 1]
