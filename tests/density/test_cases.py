from datetime import date
from typing import Any

import casebook
import pytest
from cities import CASE_REFERENCE, ZONES
from naive import NaiveCity
from naive_register import integer

from density.fold import fold

CASES = casebook.names()


def same(ours: float | None, by_hand: float | None) -> bool:
    return ours is None if by_hand is None else ours == pytest.approx(by_hand, rel=1e-12, abs=1e-12)


def wrong(case: casebook.Case, values: list[float | None]) -> list[tuple[dict[str, Any], float | None]]:
    return [(each, ours) for each, ours in zip(case.expect, values, strict=True) if not same(ours, each["value"])]


def day_of(expected: dict[str, Any], name: str = "day") -> int:
    return integer(date.fromisoformat(expected[name]))


@pytest.mark.parametrize("name", CASES)
def test_fold_of_a_case_is_as_worked_by_hand(name: str) -> None:
    case = casebook.case(name)
    figures = fold(case.reports, CASE_REFERENCE, case.definition, case.today)
    values = [
        figures.at(each["scope"], each["series"], day_of(each), each["figure"]) if "base" not in each
        else figures.comparison(each["scope"], each["series"], day_of(each, "base"), day_of(each))[each["figure"]]
        for each in case.expect
    ]  # fmt: skip
    assert not wrong(case, values), case.rule


@pytest.mark.parametrize("name", CASES)
def test_plain_loops_of_a_case_are_as_worked_by_hand(name: str) -> None:
    case = casebook.case(name)
    rows = {kind: frame.to_dicts() for kind, frame in vars(case.reports).items()}
    city = NaiveCity(rows, case.definition, case.today, ZONES)
    values = [
        city.figures(each["scope"], each["series"], day_of(each))[each["figure"]] if "base" not in each
        else city.comparison(each["scope"], each["series"], day_of(each, "base"), day_of(each))[each["figure"]]
        for each in case.expect
    ]  # fmt: skip
    assert not wrong(case, values), case.rule


def test_casebook_holds_one_rule_in_each_of_at_least_sixty_cases() -> None:
    rules = [casebook.case(name).rule for name in CASES]
    assert len(set(rules)) == len(rules) >= 60
