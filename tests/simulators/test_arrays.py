import numpy as np
import pytest

from simulators.arrays import ordinals, shares, uniform


def test_shares_gives_remainders_to_the_largest_fractions() -> None:
    # 10 × (1, 1, 1) ÷ 3 = 3.33 each: one is left, and the first takes it.
    assert shares(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    assert shares(np.array([5.0, 3.0, 2.0]), 7).tolist() == [4, 2, 1]  # 3.5, 2.1, 1.4
    assert shares(np.zeros(2), 7).tolist() == [0, 0]


def test_ordinals_counts_within_groups() -> None:
    assert ordinals(np.array([4, 2, 4, 4, 2])).tolist() == [0, 0, 1, 2, 1]
    assert ordinals(np.zeros(0, dtype=np.int64)).tolist() == []


def test_uniform_is_even_and_depends_on_every_name() -> None:
    draw = uniform(1, 2, np.arange(100_000))
    assert draw.mean() == pytest.approx(0.5, abs=0.005)
    assert draw.min() >= 0
    assert draw.max() < 1
    assert (uniform(1, 3, np.arange(1000)) != draw[:1000]).all()
    assert (uniform(1, 2, np.arange(1000)) == draw[:1000]).all()
