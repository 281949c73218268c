from datetime import date

import pytest

from density.days import to_day
from density.recipes import Form
from density.register import Crosswalk, District, KeySet, Name, Reference, Term
from density.wording import changed, date_name, number, scope_name, series_name, with_unit


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (1_234_567, "count", "1,234,567"),
        (412.25, "decimal", "412.2"),
        (0.125, "fine", "0.12"),
        (0.9625, "share", "96.2%"),
        (-0.04, "decimal", "0.0"),
        (-0.4, "count", "0"),
        (-0.0, "share", "0.0%"),
        (-7.26, "decimal", "-7.3"),
        (None, "count", "—"),
    ],
)
def test_number_as_people_write_it(value: float | None, form: Form, text: str) -> None:
    assert number(value, form) == text


def test_changed_says_the_direction_in_words() -> None:
    assert changed(7.24, "decimal", Name("台/万人", "per 10,000")) == Name("增加7.2台/万人", "up 7.2 per 10,000")
    assert changed(-1_200, "count") == Name("减少1,200", "down 1,200")
    assert changed(-0.04, "decimal") == Name("持平", "unchanged")
    assert changed(0.021, "share") == Name("增加2.1个百分点", "up 2.1 percentage points")


def test_with_unit_leaves_a_share_its_own_sign() -> None:
    assert with_unit(0.5, "share", Name("比例", "share")) == Name("50.0%", "50.0%")
    assert with_unit(3, "count", Name("台", "robots")) == Name("3台", "3 robots")


def test_date_name_of_a_leap_day() -> None:
    assert date_name(to_day(date(2024, 2, 29))) == Name("2024年2月29日", "29 February 2024")


def test_scope_name_of_a_crossing_and_of_a_factory() -> None:
    areas = {"310115": District("310115", Name("浦东新区", "Pudong"))}
    reference = Reference(areas, {}, {"36": Name("汽车制造业", "cars")}, {}, {}, {}, Crosswalk({}))
    works = {"F1": Name("甲厂", "Works A")}
    assert scope_name("district:310115/industry:36", reference, works) == Name("浦东新区汽车制造业", "Pudong, cars")
    assert scope_name("factory:F1", reference, works) == Name("甲厂", "Works A")
    assert scope_name("park:P99", reference, works) == Name("park:P99", "park:P99")


def test_series_name_tells_another_set_of_key_industries() -> None:
    terms = {"key": Term(Name("重点产业", "Key industries"), Name("", ""), Name("", ""))}
    key_sets = {"plan6": KeySet("plan6", Name("方案六大产业", "The plan's six"), ())}
    reference = Reference({}, {}, {}, key_sets, {}, terms, Crosswalk({}))
    assert series_name("key", reference) == Name("重点产业", "Key industries")
    assert series_name("key:plan6", reference) == Name("重点产业：方案六大产业", "Key industries: The plan's six")
    assert series_name("key:gone", reference) == Name("重点产业：gone", "Key industries: gone")
