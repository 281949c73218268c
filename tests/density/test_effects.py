import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from density.effects import COMPARED, Sums, split

PARTS = ("effect_stock", "effect_headcount", "effect_composition")


def sums(stock_then: int, persons_then: int, stock_now: int, persons_now: int) -> Sums:
    return Sums(*(np.array([each]) for each in (stock_then, persons_then, stock_now, persons_now)))


def told(counting: Sums, matched: Sums) -> dict[str, float]:
    return {name: float(values[0]) for name, values in split(counting, matched).items()}


@st.composite
def periods(draw: st.DrawFn) -> tuple[Sums, Sums]:
    matched = [draw(st.integers(0, 10_000)) if at % 2 == 0 else draw(st.integers(50, 200_000)) for at in range(4)]
    others = [draw(st.integers(0, 10_000)) for _ in range(4)]
    return sums(*map(sum, zip(matched, others, strict=True))), sums(*matched)


def swapped(each: Sums) -> Sums:
    return Sums(each.stock_now, each.persons_now, each.stock_then, each.persons_then)


def test_split_of_worked_numbers() -> None:
    # Matched: 20 robots, 1,000 persons -> 30 robots, 800 persons: densities 200 and 375.
    # Stock ½·10·(1/1000+1/800)·10⁴ = 112.5; headcount ½·50·(1/800−1/1000)·10⁴ = 62.5; together 175 = 375 − 200.
    # A factory of 10 robots and 200 persons joins: all now 40/1000 = 400; composition (400−375)+(200−200) = 25.
    parts = told(sums(20, 1_000, 40, 1_000), sums(20, 1_000, 30, 800))
    assert parts == pytest.approx(
        dict(zip(COMPARED, (200.0, 375.0, 200.0, 112.5, 62.5, 25.0), strict=True)), rel=0, abs=1e-9
    )


@settings(derandomize=True, max_examples=300)
@given(periods())
def test_split_add_up_to_the_change(period: tuple[Sums, Sums]) -> None:
    parts = told(*period)
    assert sum(parts[part] for part in PARTS) == pytest.approx(parts["change"], rel=1e-12, abs=1e-9)


@settings(derandomize=True, max_examples=300)
@given(periods())
def test_split_change_their_signs_when_the_days_are_swapped(period: tuple[Sums, Sums]) -> None:
    there, back = told(*period), told(*map(swapped, period))
    for name in (*PARTS, "change"):
        assert there[name] == pytest.approx(-back[name], rel=1e-12, abs=1e-9)


@settings(derandomize=True, max_examples=100)
@given(periods())
def test_split_of_days_that_do_not_differ_are_zero(period: tuple[Sums, Sums]) -> None:
    still = [Sums(each.stock_then, each.persons_then, each.stock_then, each.persons_then) for each in period]
    parts = told(*still)
    assert [parts[name] for name in (*PARTS, "change")] == [0.0] * 4


def test_split_at_49_and_50_persons() -> None:
    enough = told(sums(1, 50, 2, 50), sums(1, 50, 2, 50))
    assert enough["change"] == enough["effect_stock"] == pytest.approx(200.0)  # 1/50·10⁴
    few = told(sums(1, 50, 2, 49), sums(1, 50, 2, 49))
    assert few["density_then"] == pytest.approx(200.0)
    assert all(np.isnan(few[name]) for name in ("density_now", "change", *PARTS))


def test_split_with_too_few_matched_factories_know_the_change_alone() -> None:
    parts = told(sums(1, 100, 4, 200), sums(0, 0, 0, 0))
    assert parts["change"] == pytest.approx(100.0)  # 4/200 − 1/100
    assert all(np.isnan(parts[part]) for part in PARTS)


def test_split_of_many_scopes_at_once_equal_those_of_each() -> None:
    counting, matched = sums(20, 1_000, 40, 1_000), sums(20, 1_000, 30, 800)
    both = Sums(*(np.array([[[a, 0]], [[0, a]]]) for (a,) in vars(counting).values()))
    same = Sums(*(np.array([[[a, 0]], [[0, a]]]) for (a,) in vars(matched).values()))
    parts = split(both, same)
    assert parts["effect_stock"].shape == (2, 1, 2)
    assert parts["effect_stock"][0, 0, 0] == parts["effect_stock"][1, 0, 1] == pytest.approx(112.5)
    assert np.isnan(parts["change"][0, 0, 1])
