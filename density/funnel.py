"""How far the density of a small scope may lie from what its industries give, by chance alone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from density.ratios import PER

WINSORISED = 0.1  # this part of the scopes at either end counts as the next one does
SIGMAS = (1.96, 3.09)  # 95 % and 99.8 % of what chance gives lie within


@dataclass(frozen=True)
class Limits:
    """Control limits of a mix index at one size.

    Attributes:
        persons: size [人].
        low: lower limit, 0 at least [%].
        high: upper limit [%].
    """

    persons: float
    low: float
    high: float


def dispersion(observed: Sequence[float], expected: Sequence[float]) -> float:
    """How much more counts scatter than independent robots would: 1 is Poisson, and never less.

    Robots come in batches, so that their counts scatter more. The mean of squared z-scores after winsorising:
    Spiegelhalter, Statistics in Medicine 24 (2005) 1185-1202, §3.1.

    Args:
        observed: robots of each scope [台].
        expected: what its industries would give [台], above 0.
    """
    if not observed:
        return 1.0
    scores = (np.asarray(observed, float) - np.asarray(expected, float)) / np.sqrt(np.asarray(expected, float))
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    return max(1.0, float(np.mean(np.clip(scores, low, high) ** 2)))


def limits(persons: Sequence[float], *, density: float, dispersion: float, sigmas: float) -> list[Limits]:
    """The limits around 100 at each size, for a scope that its industries expect the city's density of.

    Args:
        persons: sizes [人], above 0.
        density: of the city [台/万人], above 0.
        dispersion: as above.
        sigmas: half the width in standard deviations.
    """
    told = []
    for size in persons:
        half = 100 * sigmas * float(np.sqrt(dispersion / (size * density / PER)))
        told.append(Limits(size, max(0.0, 100 - half), 100 + half))
    return told
