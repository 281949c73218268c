import numpy as np
import pytest

from simulators import shape
from simulators.city import OUTSIDE, City, build_city
from simulators.reference import read_seeds
from simulators.run import DEFAULT_SEED, SimulateOptions, describe_city


@pytest.fixture(scope="module")
def city() -> City:
    return build_city(read_seeds(), seed=DEFAULT_SEED, scale=1.0)


def _density(city: City, chosen: np.ndarray) -> float:
    return 10_000 * city.stock[chosen].sum() / city.persons[chosen].sum()


def test_build_city_reaches_the_published_densities(city: City) -> None:
    assert _density(city, city.counting & city.above_scale) == pytest.approx(260, rel=0.01)
    assert _density(city, city.counting & city.key) == pytest.approx(383, rel=0.01)


def test_build_city_has_the_persons_and_robots_of_its_shape(city: City) -> None:
    senders = city.sends_headcount
    assert city.persons[senders & city.key].sum() == pytest.approx(1_230_000, rel=0.01)
    assert city.persons[senders & city.above_scale].sum() == pytest.approx(2_000_000, rel=0.01)
    assert city.stock[city.above_scale].sum() == pytest.approx(52_000, rel=0.02)
    assert city.stock[city.key].sum() == pytest.approx(47_000, rel=0.02)
    assert len(city) == 10_000
    assert (~city.above_scale).mean() == pytest.approx(0.04, abs=0.01)
    assert 0.94 < city.counting.mean() < 0.99
    assert (city.persons > 10_000).any()


def test_build_city_fills_every_park_and_district_and_agrees_on_both(city: City) -> None:
    seeds = city.seeds
    assert set(city.park.tolist()) == {OUTSIDE, *range(57)}
    assert set(city.district.tolist()) == set(range(16))
    inside = city.park != OUTSIDE
    own = np.array([seeds.districts.index(park.district) for park in seeds.parks])
    assert (own[city.park[inside]] == city.district[inside]).all()


def test_build_city_gives_robots_to_reporting_factories_only(city: City) -> None:
    assert not city.stock[~city.sends_robots].any()
    assert set(city.industry) <= set(shape.INDUSTRIES)


@pytest.mark.parametrize("scale", [0.002, 0.02, 0.1])
def test_build_city_keeps_the_densities_of_a_small_city(scale: float) -> None:
    city = build_city(read_seeds(), seed=DEFAULT_SEED, scale=scale)
    # One robot more or less moves a small city by up to 10,000 ÷ its persons.
    step = 10_000 / city.persons[city.counting & city.key].sum()
    assert _density(city, city.counting & city.key) == pytest.approx(383, abs=383 * 0.01 + step)


def test_build_city_is_the_same_for_the_same_seed_and_another_for_another() -> None:
    first, again, other = (build_city(read_seeds(), seed=seed, scale=0.01) for seed in (7, 7, 8))
    assert first.persons.tolist() == again.persons.tolist()
    assert first.industry == again.industry
    assert first.persons.tolist() != other.persons.tolist()


def test_describe_city_names_scale_and_says_simulated() -> None:
    text = describe_city(SimulateOptions(scale=0.02))
    assert "SIMULATED" in text
    assert "scale 0.02" in text
    assert "200 factories" in text
