"""How machines come: in batches, which make a gap by chance larger."""

import numpy as np

from density.cube import Ratios
from density.days import Days, months_before
from density.figures import Figures

MEMORY_MONTHS = 24


def clustering(figures: Figures) -> Ratios:
    """D = Σb² ÷ Σb over the city's install batches b (factory, day) of the trailing 24 months, for each day."""
    days = np.arange(figures.first_day, figures.last_day + 1)
    batches = figures.installed.group_by("factory", "from_day").len()
    day = np.clip(batches["from_day"].to_numpy() - figures.first_day, 0, None)
    size = batches["len"].to_numpy().astype(np.float64)
    since = np.clip(months_before(days, MEMORY_MONTHS) - figures.first_day + 1, 0, None)
    squares, sizes = (
        _trailing(np.bincount(day, weights=each, minlength=days.size)[: days.size].astype(np.float64), since)
        for each in (size**2, size)
    )
    return np.divide(squares, sizes, out=np.ones(days.size), where=sizes > 0)


def _trailing(amounts: Ratios, since: Days) -> Ratios:
    sums = np.concatenate([[0.0], np.cumsum(amounts)])
    trailing: Ratios = sums[1:] - sums[since]
    return trailing
