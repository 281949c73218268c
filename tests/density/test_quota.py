import pytest
from hypothesis import given
from hypothesis import strategies as st

from density.quota import largest_remainder


def test_largest_remainder_gives_the_rest_to_the_largest_fractions() -> None:
    # 10 × 1/6, 2/6, 3/6 = 1.67, 3.33, 5.00: one is left, and 0.67 is the largest fraction
    assert largest_remainder({"a": 1, "b": 2, "c": 3}, 10) == {"a": 2, "b": 3, "c": 5}


def test_largest_remainder_of_equal_fractions_goes_by_name() -> None:
    assert largest_remainder({"b": 1, "a": 1, "c": 1}, 2) == {"b": 1, "a": 1, "c": 0}


def test_largest_remainder_of_no_weight_is_zero() -> None:
    assert largest_remainder({"a": 0, "b": 0}, 7) == {"a": 0, "b": 0}


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 10**6), min_size=1), st.integers(0, 20_000))
def test_largest_remainder_adds_up_and_is_within_one(weights: dict[str, float], total: int) -> None:
    shares = largest_remainder(weights, total)
    if not sum(weights.values()):
        return
    assert sum(shares.values()) == total
    for name, share in shares.items():
        assert share == pytest.approx(total * weights[name] / sum(weights.values()), abs=1)
