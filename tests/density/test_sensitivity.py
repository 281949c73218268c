from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from cities import CASE_DEFINITION, CASE_REFERENCE, DAY0, FIRST, Row, cities, event, period, reports, site, stamped
from hypothesis import HealthCheck, given, settings

from density.days import to_day
from density.fold import fold
from density.sensitivity import HEADLINES, Choice, Range, choices, sensitivity

NEW, KEY, ALL, STOCK = HEADLINES
TODAY = FIRST + timedelta(days=45)
SECOND = CASE_DEFINITION.other_key_sets[0].id
CHOICES = choices(CASE_DEFINITION)


def told(rows: dict[str, list[Row]]) -> dict[tuple[str, ...], dict[tuple[str, str], float]]:
    table = sensitivity(reports(rows), CASE_REFERENCE, CASE_DEFINITION, TODAY)
    found: dict[tuple[str, ...], dict[tuple[str, str], float]] = {}
    for headline in HEADLINES:
        for combination, value in table.combinations(headline):
            found.setdefault(tuple(combination.values()), {})[headline] = value
    return found


# A key factory with 100 persons on average and 200 at the end: robots A since 2024-01-10, W (wafer handler) since
# 2024-01-11, O since 2011-01-01, and P installed on 2024-01-12 and not yet commissioned.
CITY = stamped(
    registration=[site("F1")],
    lifecycle=[
        event("F1", "A", "commissioned", DAY0 + 10),
        event("F1", "W", "commissioned", DAY0 + 11, category="wafer_handler"),
        event("F1", "O", "commissioned", to_day(date(2011, 1, 1))),
        event("F1", "P", "installed", DAY0 + 12),
    ],
    workforce=[period("F1", DAY0 - 31, 100, end_of_period=200)],
)


def test_sensitivity_of_a_worked_city() -> None:
    table = sensitivity(reports(CITY), CASE_REFERENCE, CASE_DEFINITION, TODAY)
    stock = table.ranges[STOCK]
    assert stock.default == 3.0  # A, W, O
    assert (stock.lowest, stock.highest) == (1.0, 4.0)  # A alone; A, W, O, P
    assert stock.effects == {
        "key_set": 0.0, "wafer_handlers": 1.0, "headcount": 0.0, "service_life": 1.0, "stock_begins": 1.0,
    }  # fmt: skip
    assert table.ranges[NEW].default == 2.0  # A, W
    density = table.ranges[ALL]
    assert density.default == pytest.approx(300.0)  # 3 ÷ 100 × 10⁴
    assert (density.lowest, density.highest) == pytest.approx((50.0, 400.0))  # 1 ÷ 200, 4 ÷ 100
    assert density.matters_most == "headcount"  # of 1 to 4 robots a mean of 2.5: 250 against 125
    assert density.effects["headcount"] == pytest.approx(125.0)


def test_sensitivity_has_32_combinations_of_each_headline() -> None:
    found = told(CITY)
    assert len(found) == 32
    assert found[CASE_DEFINITION.key_set.id, "out", "end_of_period", "12_years", "installed"][STOCK] == 2.0  # A, P


@settings(derandomize=True, max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(cities())
def test_sensitivity_agrees_with_folds_of_every_definition(rows: dict[str, list[Row]]) -> None:
    found = told(rows)
    day = to_day(TODAY)
    for (key, wafer, headcount, life, begins), values in found.items():
        if key == SECOND:
            continue
        categories = CASE_DEFINITION.categories | {"wafer_handler"}
        variant = replace(
            CASE_DEFINITION,
            categories=categories if wafer == "in" else categories - {"wafer_handler"},
            prefer="end_of_period" if headcount == "end_of_period" else "average",
            installed_counts=begins == "installed",
        )
        figures = fold(reports(rows), CASE_REFERENCE, variant, TODAY)
        assert values[NEW] == figures.at("city", "total", day, "gross_new")
        assert values[STOCK] == figures.at("city", "total", day, "stock" if life == "none" else "stock_ifr")
        if life == "none":
            other = found[SECOND, wafer, headcount, life, begins]
            wanted = [figures.at("city", each, day, "density_12m") for each in ("key", "all", f"key:{SECOND}")]
            ours = [values[KEY], values[ALL], other[KEY]]
            assert ours == pytest.approx([np.nan if each is None else each for each in wanted], rel=1e-12, nan_ok=True)


def test_choices_begin_with_the_definition_in_force() -> None:
    other = replace(CASE_DEFINITION, prefer="end_of_period", categories=frozenset({"scara"}), installed_counts=True)
    assert [each.default for each in choices(other)] == [0, 1, 1, 0, 1]
    assert [each.options for each in CHOICES] == [
        (CASE_DEFINITION.key_set.id, SECOND), ("in", "out"), ("average", "end_of_period"), ("none", "12_years"),
        ("commissioned", "installed"),
    ]  # fmt: skip


def test_range_of_nothing_known() -> None:
    unknown = Range(np.full((2, 2), np.nan), np.nan, {"a": 0.0, "b": 0.0})
    assert np.isnan(unknown.lowest)
    assert np.isnan(unknown.highest)
    assert unknown.matters_most is None
    assert Choice("a", ("x", "y")).default == 0
