"""Which robots are installed after the baseline: batches at factories, at a pace that areas keep or do not keep."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulators import shape
from simulators.arrays import Floats, Ints
from simulators.calendar import BASELINE_END_S, DAY_S, HORIZON_END_S, day_of_s, day_start_s
from simulators.city import OUTSIDE, City

_MEASURED_END_S = day_start_s(date(2026, 11, 25))
_LARGEST_BATCH, _BATCH_STOP = 12, 0.45
_MONTH_RATES = np.array([0.85, 0.6, 1.05, 1.0, 1.0, 1.1, 0.95, 0.95, 1.1, 1.0, 1.15, 1.25])


@dataclass(frozen=True)
class Installations:
    """One robot in each place, in order of time.

    Attributes:
        factory: place in the city.
        at_s: when it was commissioned.
    """

    factory: Ints
    at_s: Ints


def installations(city: City) -> Installations:
    """All installations from the baseline to the horizon."""
    rng = np.random.default_rng([city.seed, 2])
    edges, robots = _pace(city.scale)
    total = int(robots[-1])
    sizes = np.minimum(rng.geometric(_BATCH_STOP, total), _LARGEST_BATCH)
    batches = int(np.searchsorted(np.cumsum(sizes), total)) + 1
    sizes = sizes[:batches]
    begins = np.cumsum(sizes) - sizes
    days = np.floor(np.interp(begins, robots, edges)).astype(np.int64)
    weights = appetites(city)
    factory = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(batches)).clip(0, len(city) - 1)
    at_s = BASELINE_END_S + days * DAY_S + 8 * 3600 + rng.integers(0, 9 * 3600, batches)
    within = np.arange(int(sizes.sum())) - np.repeat(begins, sizes)
    at_s = np.repeat(at_s, sizes) + 300 * within
    order = np.argsort(at_s, kind="stable")
    return Installations(np.repeat(factory, sizes)[order], at_s[order])


def _pace(scale: float) -> tuple[Floats, Floats]:
    """How many robots have been installed at the beginning of each day since the baseline."""
    count = (HORIZON_END_S - BASELINE_END_S) // DAY_S
    days = [day_of_s(BASELINE_END_S + place * DAY_S) for place in range(count)]
    rates = np.array([_MONTH_RATES[day.month - 1] * (1 + 0.02 * (day.year - 2024)) for day in days])
    sums = np.r_[0.0, np.cumsum(rates)]
    measured = (_MEASURED_END_S - BASELINE_END_S) // DAY_S
    return np.arange(count + 1, dtype=np.float64), sums * (shape.GROSS_NEW * scale / sums[measured])


def appetites(city: City) -> Floats:
    """The weight of each factory: an area's is its share of persons times its pace, the key share is given."""
    area = np.where(city.park == OUTSIDE, len(city.seeds.parks) + city.district, city.park)
    areas = len(city.seeds.parks) + len(city.seeds.districts)
    paces = [shape.PARK_PACE.get(park.id, shape.USUAL_PACE) for park in city.seeds.parks]
    pace = np.array([*paces, *([shape.USUAL_PACE] * len(city.seeds.districts))])
    owed = np.bincount(area, city.persons, areas) * pace
    low, high = 0.01, 100.0
    for _ in range(40):
        boost = (low * high) ** 0.5
        weights = _weights(city, area, owed, boost)
        if weights[city.key].sum() < shape.GROSS_NEW_KEY_SHARE * weights.sum():
            low = boost
        else:
            high = boost
    return _weights(city, area, owed, boost)


def _weights(city: City, area: Ints, owed: Floats, boost: float) -> Floats:
    own = city.appetite * np.where(city.key, boost, 1.0)
    sums = np.bincount(area, own, len(owed))
    return own * np.divide(owed, sums, out=np.zeros_like(owed), where=sums > 0)[area]
