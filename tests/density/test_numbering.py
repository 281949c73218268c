import json
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from density import numbering
from density.numbering import Numbering

Arrival = tuple[str, int, int, int]  # boot, first, last, day

ARRIVALS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 40), st.integers(0, 6), st.integers(100, 104)).map(
        lambda each: (each[0], each[1], each[1] + each[2], each[3])
    ),
    max_size=25,
)


def naive(arrivals: list[Arrival]) -> dict[int, tuple[int, int]]:
    """Numbered and missing by day, number by number."""
    first_day: dict[str, dict[int, int]] = {}
    for boot, first, last, day in arrivals:
        for number in range(first, last + 1):
            of_boot = first_day.setdefault(boot, {})
            of_boot[number] = min(day, of_boot.get(number, day))
    numbered, missing = Counter[int](), Counter[int]()
    for days in first_day.values():
        numbered.update(days.values())
        for hole in set(range(min(days), max(days))) - set(days):
            missing[days[min(number for number in days if number > hole)]] += 1
    return {day: (numbered[day], missing[day]) for day in numbered}


def told(numbers: Numbering) -> dict[int, tuple[int, int]]:
    return {day: (each.numbered, each.missing) for day, each in numbers.counts().items()}


def taken(arrivals: list[Arrival]) -> Numbering:
    numbers = Numbering()
    for boot, first, last, day in arrivals:
        numbers.take(boot, [[first, last]], day)
    return numbers


@given(ARRIVALS)
def test_counts_agree_with_counting_number_by_number(arrivals: list[Arrival]) -> None:
    assert told(taken(arrivals)) == naive(arrivals)


@given(ARRIVALS, st.randoms(use_true_random=False))
def test_counts_are_the_same_in_any_order_and_however_often(arrivals: list[Arrival], chance: random.Random) -> None:
    again = [*arrivals, *chance.sample(arrivals, len(arrivals) // 2)]
    chance.shuffle(again)
    assert told(taken(again)) == told(taken(arrivals))


@given(ARRIVALS, st.lists(st.integers(0, 2), min_size=25, max_size=25))
def test_counts_are_the_same_split_over_writers(arrivals: list[Arrival], writers: list[int]) -> None:
    numbers = Numbering()
    for writer in range(3):
        for (boot, first, last, day), of in zip(arrivals, writers, strict=False):
            if of == writer:
                numbers.take(boot, [[first, last]], day)
    assert told(numbers) == naive(arrivals)


@given(ARRIVALS, ARRIVALS)
def test_numbering_goes_on_from_its_json(before: list[Arrival], after: list[Arrival]) -> None:
    numbers = Numbering.from_json(json.loads(json.dumps(taken(before).to_json())))
    for boot, first, last, day in after:
        numbers.take(boot, [[first, last]], day)
    assert told(numbers) == naive([*before, *after])


@given(ARRIVALS)
def test_take_answers_every_day_whose_counts_change(arrivals: list[Arrival]) -> None:
    numbers = Numbering()
    for boot, first, last, day in arrivals:
        before = told(numbers)
        touched = numbers.take(boot, [[first, last]], day)
        after = told(numbers)
        assert {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)} <= touched


def test_take_answers_its_own_day_alone_where_numbers_go_on() -> None:
    numbers = taken([("a", 0, 9, 100)])
    assert numbers.take("a", [[10, 12]], 101) == {101}
    assert numbers.take("a", [[15, 15]], 103) == {103}
    assert numbers.take("a", [[13, 13]], 104) == {103, 104}


def test_hole_that_is_filled_later_is_taken_back() -> None:
    numbers = taken([("a", 0, 9, 100), ("a", 15, 20, 101)])
    assert told(numbers) == {100: (10, 0), 101: (6, 5)}
    numbers.take("a", [[10, 12]], 105)
    assert told(numbers) == {100: (10, 0), 101: (6, 2), 105: (3, 0)}
    numbers.take("a", [[13, 14]], 105)
    assert told(numbers) == {100: (10, 0), 101: (6, 0), 105: (5, 0)}


def test_new_boot_tells_no_hole_to_the_one_before() -> None:
    assert told(taken([("a", 0, 9, 100), ("b", 3, 5, 101)])) == {100: (10, 0), 101: (3, 0)}


@given(ARRIVALS.filter(bool))
def test_numbers_in_pieces_are_bounded_and_counted_once(arrivals: list[Arrival]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbering, "MAX_RUNS", 3)
        ordered = sorted(arrivals, key=lambda each: (each[0], each[1]))
        numbers = Numbering()
        for boot, first, last, day in ordered:
            numbers.take(boot, [[first, last]], day)
            numbers.bound()
            assert sum(len(each.runs) for each in numbers._boots.values()) <= 3
    expected = naive(ordered)
    found = told(numbers)
    # Ascending numbers are never late, so what is settled early is settled right.
    assert sum(missing for _, missing in found.values()) == sum(missing for _, missing in expected.values())
    assert sum(numbered for numbered, _ in found.values()) == sum(numbered for numbered, _ in expected.values())


def test_boots_without_end_are_bounded() -> None:
    numbers = Numbering()
    for boot in range(500):
        numbers.take(f"boot {boot}", [[0, 1], [3, 4]], 100 + boot // 100)
        numbers.bound()
    assert len(numbers._boots) == numbering.MAX_BOOTS
    assert sum(each.numbered for each in numbers.counts().values()) == 2_000
    assert sum(each.missing for each in numbers.counts().values()) == 500
    numbers.forget(104)
    assert set(numbers.counts()) == {104}
