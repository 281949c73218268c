"""Why a density changed: more robots, fewer people, or other factories that count."""

from dataclasses import dataclass

import numpy as np

from density.arrays import Counts, Ratios
from density.cube import ratio
from density.definition import MIN_PERSONS
from density.ratios import PER, density

COMPARED = ("density_then", "density_now", "change", "effect_stock", "effect_headcount", "effect_composition")


@dataclass(frozen=True)
class Sums:
    """Robots and persons of some factories on the earlier and the later day; arrays of one shape.

    Attributes:
        stock_then: robots counted [台].
        persons_then: persons counted [人].
        stock_now: robots counted on the later day [台].
        persons_now: persons counted on the later day [人].
    """

    stock_then: Counts
    persons_then: Counts
    stock_now: Counts
    persons_now: Counts


def split(counting: Sums, matched: Sums) -> dict[str, Ratios]:
    """Split each change of density in three parts that add up to it exactly [台/万人].

    Args:
        counting: of all factories that count on the day.
        matched: of those alone that count on both days.

    Returns:
        By name of COMPARED; `density_then` and `density_now` are of the matched factories, `change` of all. Not a
        number where a density that it stands on is null, that is below MIN_PERSONS persons.
    """
    then, now = (density(matched.stock_then, matched.persons_then), density(matched.stock_now, matched.persons_now))
    all_then = density(counting.stock_then, counting.persons_then)
    all_now = density(counting.stock_now, counting.persons_now)
    change = all_now - all_then
    known = np.where(np.isnan(then + now + change), np.nan, 1.0)
    per_then, per_now = (_density_of_one(each) for each in (matched.persons_then, matched.persons_now))
    came = matched.stock_now.astype(np.float64) - matched.stock_then
    stood = matched.stock_now.astype(np.float64) + matched.stock_then
    return {
        "density_then": then,
        "density_now": now,
        "change": change,
        "effect_stock": known * came * (per_then + per_now) / 2,
        "effect_headcount": known * stood * (per_now - per_then) / 2,
        "effect_composition": known * ((all_now - now) + (then - all_then)),
    }


def _density_of_one(persons: Counts) -> Ratios:
    """What one robot adds to the density of so many persons [台/万人]."""
    return ratio(np.ones_like(persons), persons, at_least=MIN_PERSONS, times=PER)
