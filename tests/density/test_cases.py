from datetime import date
from typing import Any

import casebook
import pytest
from cities import CASE_REFERENCE, ZONES
from naive import NaiveCity
from naive_register import integer
from told import Told

from density.fold import fold

CASES = casebook.names()


def same(ours: float | None, by_hand: float | None) -> bool:
    return ours is None if by_hand is None else ours == pytest.approx(by_hand, rel=1e-12, abs=1e-12)


def wrong(case: casebook.Case, city: Told | NaiveCity) -> list[tuple[dict[str, Any], float | None]]:
    values = [(each, told(city, each)) for each in case.expect]
    return [(each, value) for each, value in values if not same(value, each["value"])]


def told(city: Told | NaiveCity, each: dict[str, Any]) -> float | None:
    scope, series, day = each["scope"], each["series"], integer(date.fromisoformat(each["day"]))
    if "base" in each:
        return city.comparison(scope, series, day, each["base"])[each["figure"]]
    return city.figures(scope, series, day)[each["figure"]]


@pytest.mark.parametrize("name", CASES)
def test_fold_of_a_case_is_as_worked_by_hand(name: str) -> None:
    case = casebook.case(name)
    city = Told(fold(case.reports, CASE_REFERENCE, case.definition, case.today))
    assert not wrong(case, city), case.rule


@pytest.mark.parametrize("name", CASES)
def test_plain_loops_of_a_case_are_as_worked_by_hand(name: str) -> None:
    case = casebook.case(name)
    rows = {kind: frame.to_dicts() for kind, frame in vars(case.reports).items()}
    assert not wrong(case, NaiveCity(rows, case.definition, case.today, ZONES)), case.rule


def test_casebook_holds_one_rule_in_each_of_at_least_sixty_cases() -> None:
    rules = [casebook.case(name).rule for name in CASES]
    assert len(set(rules)) == len(rules) >= 60
