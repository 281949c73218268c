import pytest

from density.funnel import dispersion, limits


def test_limits_of_a_hundred_expected_robots_are_a_tenth_of_a_sigma_each() -> None:
    # 10,000 persons at 100 per 10,000: 100 expected, so one standard deviation is 10 %.
    (told,) = limits([10_000], density=100, dispersion=1, sigmas=2)
    assert (told.low, told.high) == pytest.approx((80, 120))


def test_limits_widen_with_the_dispersion_and_with_smallness() -> None:
    (batched,) = limits([10_000], density=100, dispersion=4, sigmas=2)
    assert (batched.low, batched.high) == pytest.approx((60, 140))
    (small,) = limits([100], density=100, dispersion=1, sigmas=2)
    assert (small.low, small.high) == pytest.approx((0, 300))  # 1 expected; less than nothing there cannot be


def test_dispersion_of_what_chance_gives_is_one() -> None:
    assert dispersion([], []) == 1
    assert dispersion([100, 100, 100], [100, 100, 100]) == 1


def test_dispersion_is_the_mean_of_squared_scores() -> None:
    # Scores of -2 and 2 each: 80 or 120 where 100 are expected.
    assert dispersion([80, 120] * 10, [100] * 20) == pytest.approx(4)


def test_dispersion_lets_one_outlier_count_as_its_neighbour_does() -> None:
    assert dispersion([80, 120] * 10 + [10_000], [100] * 21) == pytest.approx(4)
