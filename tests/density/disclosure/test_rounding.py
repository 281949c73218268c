import pytest

from density.disclosure.rounding import rounded_persons, rounded_ratio


@pytest.mark.parametrize(("persons", "told"), [(0, 0), (4, 0), (5, 10), (14, 10), (15, 20), (4_000, 4_000)])
def test_rounded_persons(persons: int, told: int) -> None:
    assert rounded_persons(persons) == told


def test_rounded_ratio_of_a_city_stays_fine() -> None:
    assert rounded_ratio(383.26841, 1_234_567) == 383.27  # ten persons are 0.0031, so hundredths


def test_rounded_ratio_of_a_park_does_not_tell_its_persons() -> None:
    density = 100 / 4_003 * 10_000
    told = rounded_ratio(density, 4_003)  # ten persons are 0.62, so whole ones
    assert told == 250.0
    assert {round(100 / persons * 10_000) for persons in range(3_996, 4_005)} == {250}


def test_rounded_ratio_of_nothing_is_nothing() -> None:
    assert rounded_ratio(0.0, 0) == 0.0
