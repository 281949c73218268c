"""One worked case for each rule of figures.md that a random city may not meet."""

from datetime import timedelta

import numpy as np
import pytest
from cities import (
    DAY0,
    DEFINITION,
    FIRST,
    REFERENCE,
    Row,
    designation,
    event,
    inventory,
    period,
    reports,
    site,
    stamped,
)

from density.days import day_of_us, month_ends, months_before, to_day
from density.figures import Figures
from density.fold import fold
from density.identity import normalised

SERIES = {"total": 0, "all": 1, "key": 2}


def figures(days: int = 60, **rows: list[Row]) -> Figures:
    return fold(reports(stamped(**rows)), REFERENCE, DEFINITION, FIRST + timedelta(days=days))


def value(folded: Figures, name: str, day: int, scope: str = "city", series: str = "total") -> float:
    arrays = folded.counts if name in folded.counts else folded.ratios
    return float(arrays[name][folded.scopes.names.index(scope), SERIES[series], day])


@pytest.mark.parametrize("typed", ["M-20iD/25", "m 20id_25", "Ｍ－２０ｉＤ／２５", "M-20ID 25"])
def test_identity_does_not_depend_on_how_it_was_typed(typed: str) -> None:
    assert normalised(typed) == "m20id25"


def test_stock_knows_a_maker_by_its_chinese_name() -> None:
    both = [
        event("F1", "R1", "commissioned", DAY0),
        event("F2", "R9", "commissioned", DAY0 + 5, serial="R1", manufacturer="发那科"),
    ]
    folded = figures(registration=[site("F1"), site("F2")], lifecycle=both)
    assert value(folded, "stock", 10) == 1


def test_stock_of_a_day_is_that_at_its_end() -> None:
    rows = [event("F1", "R1", "commissioned", DAY0 + 3, hour=23), event("F1", "R1", "decommissioned", DAY0 + 7, hour=1)]
    folded = figures(registration=[site("F1")], lifecycle=rows)
    assert [value(folded, "stock", day) for day in (2, 3, 6, 7)] == [0, 1, 1, 0]


def test_stock_ends_elsewhere_when_a_robot_enters_and_does_not_come_back() -> None:
    rows = [
        event("F1", "R1", "commissioned", DAY0),
        event("F2", "X", "commissioned", DAY0 + 5, serial="R1"),
        event("F2", "X", "decommissioned", DAY0 + 9),
    ]
    folded = figures(registration=[site("F1"), site("F2", district="310114")], lifecycle=rows)
    assert [value(folded, "stock", day, "district:310115") for day in (4, 5, 9)] == [1, 0, 0]
    assert [value(folded, "stock", day, "district:310114") for day in (4, 5, 9)] == [0, 1, 0]


def test_stock_of_an_asset_number_used_again_is_the_later_robot() -> None:
    rows = [event("F1", "R1", "commissioned", DAY0), event("F1", "R1", "commissioned", DAY0 + 5, serial="OTHER")]
    assert value(figures(registration=[site("F1")], lifecycle=rows), "stock", 6) == 1


def test_stock_ignores_installed_alone_and_what_is_no_industrial_robot() -> None:
    rows = [
        event("F1", "R1", "installed", DAY0),
        event("F1", "R2", "commissioned", DAY0, category="agv_amr"),
        event("F1", "R3", "commissioned", DAY0, category="humanoid"),
        event("F1", "R4", "commissioned", DAY0, axes=2),
        event("F1", "R5", "commissioned", DAY0, purpose="research"),
        event("F1", "R6", "commissioned", DAY0, category="wafer_handler", axes=3),
    ]
    assert value(figures(registration=[site("F1")], lifecycle=rows), "stock", 1) == 1


def test_event_without_a_nameplate_concerns_what_the_asset_number_last_had() -> None:
    rows = [
        event("F1", "R1", "decommissioned", DAY0 - 9),  # nothing had that number yet: it counts nothing
        event("F1", "R1", "commissioned", DAY0),
        event("F1", "R1", "moved_out", DAY0 + 4),
    ]
    folded = figures(registration=[site("F1")], lifecycle=rows)
    assert [value(folded, "stock", day) for day in (0, 3, 4)] == [1, 1, 0]


def test_gross_new_keeps_its_factory_and_park_when_the_robot_moves() -> None:
    rows = [
        event("F1", "R1", "commissioned", DAY0 + 5),
        event("F1", "R1", "moved_out", DAY0 + 9),
        event("F2", "X", "moved_in", DAY0 + 12, serial="R1"),
    ]
    folded = figures(registration=[site("F1", park="P01"), site("F2", park="P02")], lifecycle=rows)
    assert [value(folded, "gross_new", day) for day in (4, 5, 20)] == [0, 1, 1]
    assert value(folded, "gross_new", 20, "park:P01") == 1
    assert value(folded, "gross_new", 20, "park:P02") == 0
    assert [value(folded, "stock", 20, f"park:{park}") for park in ("P01", "P02")] == [0, 1]


def test_gross_new_begins_strictly_after_the_baseline() -> None:
    rows = [event("F1", "R1", "commissioned", DAY0), event("F1", "R2", "commissioned", DAY0 + 1)]
    folded = figures(registration=[site("F1")], lifecycle=rows)
    assert [value(folded, "gross_new", day) for day in (0, 1)] == [0, 1]


@pytest.mark.parametrize(("first", "new"), [(DAY0 + 1, 1), (DAY0, 0), (None, 0)])
def test_gross_new_of_an_imprecise_date_needs_the_whole_span(first: int | None, new: int) -> None:
    folded = figures(
        registration=[site("F1")], lifecycle=[event("F1", "R", "commissioned", DAY0 + 31, span_first_day=first)]
    )
    assert value(folded, "stock", 31) == 1
    assert value(folded, "gross_new", 31) == new
    assert value(folded, "undated", 59) == 1 - new


def test_gross_new_of_a_research_robot_comes_when_it_first_counts() -> None:
    rows = [
        event("F1", "R1", "commissioned", DAY0 - 50, purpose="research"),
        event("F1", "R1", "changed", DAY0 + 8, purpose="production"),
    ]
    folded = figures(registration=[site("F1")], lifecycle=rows)
    assert [value(folded, "gross_new", day) for day in (7, 8)] == [0, 1]


def test_commissioned_and_decommissioned_on_one_day_is_never_new() -> None:
    rows = [event("F1", "R1", "commissioned", DAY0 + 3, hour=9), event("F1", "R1", "decommissioned", DAY0 + 3, hour=17)]
    folded = figures(registration=[site("F1")], lifecycle=rows)
    assert (value(folded, "stock", 3), value(folded, "gross_new", 60)) == (0, 0)


def test_void_is_final_whether_it_comes_before_or_after() -> None:
    robot = event("F1", "R1", "commissioned", DAY0 + 3)
    void = event("F1", "R1", "void", DAY0 + 4, voids_event="commissioned", voids_at_us=robot["at_us"])
    for order in ([robot, void], [void, robot], [robot, void, robot]):
        assert value(figures(registration=[site("F1")], lifecycle=order), "stock", 10) == 0


def test_slot_keeps_what_was_stated_last() -> None:
    early = period("F1", DAY0, 100, reported_at_us=2)
    late = period("F1", DAY0, 200, reported_at_us=1)
    assert value(figures(registration=[site("F1")], workforce=[early, late]), "persons", 0) == 100
    unstated = [period("F1", DAY0, 100), period("F1", DAY0, 200)]
    assert value(figures(registration=[site("F1")], workforce=unstated), "persons", 0) == 200


def test_persons_hold_for_four_hundred_days() -> None:
    folded = figures(days=402, registration=[site("F1")], workforce=[period("F1", DAY0, 100)])
    assert [value(folded, "persons", day) for day in (0, 400, 401)] == [100, 100, 0]


def test_persons_of_a_month_win_over_the_year_that_ends_with_it() -> None:
    year = period("F1", DAY0, 90, period="2023", period_months=12)
    assert value(figures(registration=[site("F1")], workforce=[year, period("F1", DAY0, 100)]), "persons", 0) == 100


def test_persons_fall_back_to_the_end_of_the_period() -> None:
    rows = [period("F1", DAY0, None, end_of_period=70)]
    assert value(figures(registration=[site("F1")], workforce=rows), "persons", 0) == 70


def test_density_counts_only_who_reports_robots_and_people() -> None:
    folded = figures(
        registration=[site(name) for name in ("F1", "F2", "F3", "F4")],
        lifecycle=[event("F1", "R1", "commissioned", DAY0), event("F2", "R2", "commissioned", DAY0)],
        workforce=[period(name, DAY0, 100) for name in ("F1", "F3", "F4")],
        inventory=[inventory("F4", DAY0)],  # a nil return is a report
    )
    assert (value(folded, "stock", 0), value(folded, "stock_counted", 0)) == (2, 1)
    assert (value(folded, "persons", 0), value(folded, "persons_counted", 0)) == (300, 200)
    assert value(folded, "density", 0) == pytest.approx(50)  # 1 ÷ 200 × 10,000
    assert value(folded, "response_headcount_factories", 0) == 0.75
    assert value(folded, "response_robots_factories", 0) == 0.75


@pytest.mark.parametrize(("persons", "known"), [(49, False), (50, True), (0, False)])
def test_density_is_null_below_fifty_persons(persons: int, *, known: bool) -> None:
    robots = [event("F1", "R1", "commissioned", DAY0)]
    folded = figures(registration=[site("F1")], lifecycle=robots, workforce=[period("F1", DAY0, persons)])
    assert np.isfinite(value(folded, "density", 0)) == known


def test_density_12m_smooths_the_spring_festival() -> None:
    # 10 robots; 1,000 persons at the end of December and January, 900 in February: mean 966.67
    ends = {0: 1_000, 31: 1_000, 60: 900}
    robots = [event("F1", f"R{n}", "commissioned", DAY0) for n in range(10)]
    folded = figures(
        registration=[site("F1")], lifecycle=robots, workforce=[period("F1", DAY0 + d, n) for d, n in ends.items()]
    )
    assert value(folded, "density", 60) == pytest.approx(10 / 900 * 10_000)
    assert value(folded, "density_12m", 60) == pytest.approx(10 / (2_900 / 3) * 10_000)


def test_series_are_nested_and_leave_medical_and_cosmetics_where_they_belong() -> None:
    # the key set of the test: 36 and 26, less 268
    rows = [site("F1"), site("F2", industry="2681"), site("F3", above_scale=False), site("F4", industry="1711")]
    robots = [event(name, "R", "commissioned", DAY0, serial=name) for name in ("F1", "F2", "F3", "F4")]
    folded = figures(registration=rows, lifecycle=robots)
    assert [value(folded, "stock", 0, series=series) for series in SERIES] == [4, 3, 1]
    assert [value(folded, "stock", 0, scope) for scope in ("industry:26", "industry:268", "industry:2681")] == [1, 1, 1]


def test_registration_that_changes_moves_stock_and_people_from_its_day() -> None:
    folded = figures(
        registration=[site("F1", park="P01"), site("F1", park="P02", from_day=DAY0 + 10)],
        lifecycle=[event("F1", "R1", "commissioned", DAY0 + 2)],
        workforce=[period("F1", DAY0, 100)],
    )
    for name, amount in (("stock", 1), ("persons", 100)):
        assert [value(folded, name, day, "park:P01") for day in (9, 10)] == [amount, 0]
        assert [value(folded, name, day, "park:P02") for day in (9, 10)] == [0, amount]
    assert value(folded, "gross_new", 60, "park:P01") == 1


def test_closed_factory_has_no_stock_people_or_response_from_that_day() -> None:
    folded = figures(
        registration=[site("F1", closed_day=DAY0 + 5)],
        lifecycle=[event("F1", "R1", "commissioned", DAY0)],
        workforce=[period("F1", DAY0, 100)],
    )
    assert [value(folded, name, 4) for name in ("stock", "persons", "factories")] == [1, 100, 1]
    assert [value(folded, name, 5) for name in ("stock", "persons", "factories")] == [0, 0, 0]
    assert np.isnan(value(folded, "response_headcount_factories", 5))


def test_smart_factory_counts_from_day_inclusive_to_day_exclusive_and_once() -> None:
    held = [
        designation("F1", DAY0 + 2, DAY0 + 6),
        designation("F1", DAY0 + 4, DAY0 + 8, grade="标杆性"),
        designation("F1", DAY0, None, grade="先进级"),  # not in the crosswalk of the test
    ]
    folded = figures(registration=[site("F1")], designation=held)
    assert [value(folded, "smart_factories", day) for day in (1, 2, 5, 7, 8)] == [0, 1, 1, 1, 0]
    grades = folded.grades.filter(scope="city", grade="标杆性").select("day", "count").rows()
    assert grades == [(DAY0 + 4, 1), (DAY0 + 8, 0)]


def test_smart_factory_of_a_name_outside_the_register_counts_in_its_district() -> None:
    outside = designation(None, DAY0, subject_name="某厂", subject_district="310114")
    folded = figures(registration=[site("F1")], designation=[outside])
    assert [value(folded, "smart_factories", 0, scope) for scope in ("city", "district:310114")] == [1, 1]
    assert value(folded, "factories", 0) == 1


def test_day_turns_at_midnight_of_shanghai() -> None:
    # 2023-12-31T16:00:00Z is the first moment of 2024 in Shanghai
    assert day_of_us(1_704_038_400_000_000) == DAY0 + 1
    assert day_of_us(1_704_038_399_999_999) == DAY0


def test_month_ends_know_the_leap_day() -> None:
    assert list(month_ends(DAY0, DAY0 + 60)) == [DAY0, DAY0 + 31, DAY0 + 60]  # 31 Dec, 31 Jan, 29 Feb 2024


def test_months_before_a_long_months_end_is_a_short_months_end() -> None:
    days = np.array([to_day(FIRST), to_day(FIRST + timedelta(days=60))])  # 31 Dec 2023, 29 Feb 2024
    assert list(months_before(days, 10) - DAY0) == [-306, -246]  # 28 Feb 2023, 29 Apr 2023
