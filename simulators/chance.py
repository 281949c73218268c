"""Chance that depends on the seed and a name alone, and splitting whole numbers."""

import zlib
from collections.abc import Sequence

import numpy as np

from simulators.calendar import Floats, Ints


def generator(seed: int, name: str, *numbers: int) -> np.random.Generator:
    """The random numbers of one matter, whatever else is drawn before or after."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), *numbers])


def apportion(weights: Floats, total: int) -> Ints:
    """Whole numbers in proportion to weights that sum to the total, each within one of its share."""
    reach = np.cumsum(weights)
    if not len(reach) or reach[-1] <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    steps = np.floor(reach * (total / reach[-1]) + 0.5).astype(np.int64)
    return np.diff(steps, prepend=0)


def pick(rng: np.random.Generator, weights: Sequence[float] | Floats, size: int) -> Ints:
    """Indices drawn in proportion to weights."""
    reach = np.cumsum(np.asarray(weights, dtype=np.float64))
    return np.searchsorted(reach / reach[-1], rng.random(size), side="right").clip(max=len(reach) - 1)
